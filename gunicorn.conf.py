"""The production server's settings: ``gunicorn app.wsgi:app`` reads them, and so does ``make run``.

HOST, PORT, WEB_WORKERS and WEB_THREADS come from the environment.
"""

import ctypes
import gc
import os
import sys
from pathlib import Path

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
worker_class = "gthread"

# The app is built once and the workers are copies of it: quick to start, and memory is shared.
preload_app = True
# Heartbeats in memory, so that a slow disk never makes a worker look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 (a folder, not a file of ours)
timeout = 60
graceful_timeout = 10
keepalive = 5

# An access log would hold who opened which child's page, outside the audit's rules. The audit is the record.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL") or "warning"
control_socket_disable = True


def give_memory_back() -> None:
    """Have each large piece of memory given back when it is done with, where the C library is GNU's.

    Checking a passphrase takes 19 MB for a moment. Left to itself the library keeps such pieces, one for each thread.
    """
    if sys.platform == "linux" and hasattr(ctypes.CDLL(None), "gnu_get_libc_version"):
        mmap_threshold = -3
        ctypes.CDLL(None).mallopt(mmap_threshold, 1024 * 1024)


give_memory_back()


def when_ready(server: object) -> None:
    """Keep what start-up made out of the garbage collector's way, so that workers go on sharing it."""
    gc.collect()
    gc.freeze()
