"""A whole PEP Voice on a free port with its demo people and a folder of its own: for pictures, benchmarks and browser tests."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pyotp
from playwright.sync_api import Locator, Page

STARTS_WITHIN = 90.0
MOST_STEPS = 10
SIGNED_IN = re.compile(r"^/(home|voice|carer|mine)(/|\?|$)|^/staff(/?$|/(?!sign))")
PICTURE = "button[name=picture]"
PRESSED = "button:visible:not([type=button]):not(.link):not(.plain):not([aria-hidden]), input[type=submit]"


@dataclass(frozen=True)
class House:
    """One running app: where it answers, its folder, its process, who lives in it, and how long the first page took."""

    base: str
    folder: Path
    pid: int
    people: dict[str, dict[str, Any]]
    first_page_seconds: float


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str, process: subprocess.Popen[Any], within: float = STARTS_WITHIN) -> None:
    """Wait until an address answers. Raises RuntimeError when it answers an error, the process ends or the time is up."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with {process.returncode} before it answered at {url}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except HTTPError as error:
            raise RuntimeError(f"{url} answered {error.code}") from None
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"Nothing answered at {url} within {within:.0f} seconds")


@contextmanager
def open_house(
    environ: Mapping[str, str] | None = None, *, before: Sequence[str] = (), folder: Path | None = None
) -> Iterator[House]:
    """Start the app as ``make run`` does, with demo people, and stop it at the end.

    ``before`` stands in front of the command (``taskset -c 0``). A ``folder`` given is kept, so that a second start finds
    its data.
    """
    with tempfile.TemporaryDirectory(prefix="pepvoice-") as made:
        home = folder or Path(made)
        port = free_port()
        settings = {
            "PORT": str(port),
            "HOST": "127.0.0.1",
            "PEPVOICE_INSTANCE_DIR": str(home),
            "PEPVOICE_DATABASE_URL": f"sqlite:///{home / 'pepvoice.db'}",
            "PYTHONWARNINGS": "ignore",
        }
        log = home / "server.log"
        began = time.monotonic()
        with log.open("w", encoding="utf-8") as output:
            process = subprocess.Popen(
                [*before, sys.executable, "-m", "tools.serve"],
                env={**os.environ, **settings, **(environ or {})},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            try:
                wait_for(f"http://127.0.0.1:{port}/", process)
            except RuntimeError as error:
                raise RuntimeError(f"{error}\n{log.read_text(encoding='utf-8')[-3000:]}") from None
            took = time.monotonic() - began
            told = home / "demo.json"
            people = json.loads(told.read_text(encoding="utf-8")) if told.exists() else {}
            yield House(f"http://127.0.0.1:{port}", home, process.pid, people, took)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def sign_in(page: Page, base: str, person: Mapping[str, Any]) -> None:
    """Walk one person of demo.json through sign-in, whatever their way in asks of them, until they are at home.

    Raises RuntimeError when the walk does not end: the page that it stopped at is in the message.
    """
    page.goto(base + str(person.get("link", "/sign-in")))
    pictures = iter(person.get("code") or ())
    for _ in range(MOST_STEPS):
        if SIGNED_IN.search(page.url.removeprefix(base)):
            return
        form = page.locator("main form[method=post]").first
        if not form.count():
            break
        if form.locator(PICTURE).count():
            button = form.locator(f"{PICTURE}[value='{next(pictures, '')}']")
        else:
            fill_in(form, person)
            button = form.locator(PRESSED).first
        with page.expect_navigation():
            button.click()
    raise RuntimeError(f"{person.get('name')} did not get in; the walk ended at {page.url}: {page.title()}")


def fill_in(form: Locator, person: Mapping[str, Any]) -> None:
    """Give a sign-in form what it asks for: three words, or e-mail, passphrase and the six figures of the second factor."""
    boxes = form.locator("input:not([type=hidden]):not([type=radio]):not([type=checkbox])")
    for index in range(boxes.count()):
        box = boxes.nth(index)
        if box.get_attribute("autocomplete") == "one-time-code":
            box.fill(pyotp.TOTP(str(person["totp_secret"])).now())
        elif box.get_attribute("type") == "email":
            box.fill(str(person["email"]))
        else:
            phrase = person.get("password") or person["code"]
            box.fill(phrase if isinstance(phrase, str) else " ".join(phrase))
