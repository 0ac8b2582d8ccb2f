"""``make run``: migrate the database, load the demo if there is no data yet, say who can sign in, and serve.

One process builds the app once for all of this, because building it several times is most of the waiting.
"""

import errno
import os
import runpy
import socket
import sys
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

from flask import Flask
from flask.cli import ScriptInfo
from gunicorn.app.base import BaseApplication

from tools import local_settings


class House(BaseApplication):
    """The production server around an app that is built already."""

    def __init__(self, app: Flask, settings: dict[str, Any]) -> None:
        """Take the app and the names of gunicorn.conf.py."""
        self._app = app
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Hand the settings over; other names in the file are its own business."""
        for name, value in self._settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """Return the app to serve."""
        return self._app


def refuse_if_taken(bind: str) -> None:
    """Stop with a plain sentence when another program has the address."""
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
                raise
            sys.exit(f"We cannot serve on {bind}: {os.strerror(error.errno)}. Try another one: make run PORT=8001")


def command(app: Flask, *words: str) -> None:
    """Run one of the operator's commands in this process. Ends the program with its code when it fails."""
    info = ScriptInfo(create_app=lambda: app)
    code = app.cli.main(args=list(words), prog_name="flask", obj=info, standalone_mode=False)
    if isinstance(code, int) and code:
        sys.exit(code)


def get_ready(app: Flask) -> None:
    """Bring the database up to date and, on a demo, fill it when it is empty and say who can sign in."""
    from flask_migrate import upgrade

    config = app.extensions["settings"]
    config.instance_dir.mkdir(parents=True, exist_ok=True)
    with app.app_context():
        upgrade()
    if config.demo:
        command(app, "demo", "load", "--if-empty")
        command(app, "demo", "show")


def in_a_child(work: Callable[[], None]) -> None:
    """Do some work in a copy of this process, so that servers neither share its connections nor carry what it loaded.

    Ends the program with the copy's code when the work fails.
    """
    child = get_context("fork").Process(target=work)
    child.start()
    child.join()
    if child.exitcode:
        sys.exit(child.exitcode)


def main() -> None:
    """Get ready, then serve until Ctrl-C."""
    local_settings.prepare(os.environ)
    settings = runpy.run_path("gunicorn.conf.py")
    refuse_if_taken(settings["bind"])
    address = f"http://{settings['bind']}".replace("//0.0.0.0:", "//127.0.0.1:")
    if os.environ.get("PEPVOICE_ENVIRONMENT") != "production":
        os.environ.setdefault("PEPVOICE_PUBLIC_URL", address)

    from app import create_app

    app = create_app()
    in_a_child(lambda: get_ready(app))
    print(f"\nPEP Voice is at {address}  (Ctrl-C stops it)", flush=True)
    sys.argv = sys.argv[:1]
    House(app, settings).run()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)
