"""A small server that speaks GOV.UK Notify's protocol, and misbehaves when a test tells it to."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt

SERVICE = "11111111-1111-4111-8111-111111111111"
SECRET = "22222222-2222-4222-8222-222222222222"
API_KEY = f"test-{SERVICE}-{SECRET}"


class NotifyServer:
    """What came in, and how to answer next: ``behave`` is a name in ``_Handler.WAYS`` or None to be good."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.behave: str | None = None
        self.release = threading.Event()
        self.url = ""


class _Handler(BaseHTTPRequestHandler):
    notify: NotifyServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        behave = self.notify.behave
        if behave in ("slow", "closed"):
            if behave == "slow":
                self.notify.release.wait(30)
            self.close_connection = True
            return
        if behave == "garbage":
            self._answer(201, b"<html>Welcome to the free WiFi</html>")
        elif behave == "no-id":
            self._answer(201, b"[]")
        elif behave is not None:
            self._refuse(int(behave.partition(":")[0]), behave.partition(":")[2])
        elif not self._token_is_right():
            self._refuse(403, "Invalid token: signature")
        else:
            self.notify.taken.append({"path": self.path, **body})
            self._answer(201, json.dumps({"id": str(uuid.uuid4()), "reference": body.get("reference")}).encode())

    def _token_is_right(self) -> bool:
        token = (self.headers["Authorization"] or "").removeprefix("Bearer ")
        try:
            return bool(jwt.decode(token, SECRET, algorithms=["HS256"], issuer=SERVICE))
        except jwt.InvalidTokenError:
            return False

    def _refuse(self, status: int, told: str) -> None:
        errors = [{"error": "Error", "message": told or "Something"}]
        self._answer(status, json.dumps({"status_code": status, "errors": errors}).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def notify_server() -> Iterator[NotifyServer]:
    """Run the server on 127.0.0.1 for as long as the block runs."""
    notify = NotifyServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"notify": notify}))
    server.daemon_threads = True
    notify.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield notify
    finally:
        notify.release.set()
        server.shutdown()
        thread.join()
        server.server_close()
