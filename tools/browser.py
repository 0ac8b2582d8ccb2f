"""The system's own Chromium, started quietly: pictures, benchmarks and browser tests all use this one."""

import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A page that asks any host but ours is refused, so that a forgotten font or script of others is seen at once.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]


def path() -> str:
    """Return where the browser is. Raises RuntimeError with a plain sentence when there is none."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise RuntimeError("There is no Chromium on this machine. Run: sh tools/system_packages.sh test")


def launch(playwright: Playwright) -> Browser:
    """Start the browser."""
    return playwright.chromium.launch(executable_path=path(), args=QUIET)
