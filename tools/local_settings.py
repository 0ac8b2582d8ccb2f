"""Settings for a run on one's own machine: secrets that are made once, kept in instance/local.env, and never in production.

The file is an ordinary env file, so an operator's command can use it too:
``flask --env-file instance/local.env --app app demo show``.
"""

import base64
import os
import secrets
from collections.abc import MutableMapping
from pathlib import Path


def made_up() -> dict[str, str]:
    """Return new settings for a local run: one key for cookies, one for words at rest, one for references in feeds."""
    return {
        "PEPVOICE_ENVIRONMENT": "local",
        "PEPVOICE_DEMO": "true",
        "PEPVOICE_SECRET_KEY": secrets.token_urlsafe(32),
        "PEPVOICE_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "PEPVOICE_REF_KEY": secrets.token_urlsafe(32),
    }


def read(path: Path) -> dict[str, str]:
    """Return the settings in an env file, one NAME=value a line."""
    pairs = (line.partition("=") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip()}


def keep(path: Path, settings: dict[str, str]) -> None:
    """Write settings to a file that only its owner can read. Raises FileExistsError rather than replace keys in use."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["# Made for this machine. Without these keys the data beside this file cannot be read."]
    lines += [f"{name}={value}" for name, value in settings.items()]
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def prepare(environ: MutableMapping[str, str]) -> None:
    """Fill what the environment leaves open from the local file, which is made first if need be.

    Does nothing in production, where every secret has to be given.
    """
    if environ.get("PEPVOICE_ENVIRONMENT", "local") == "production":
        return
    path = Path(environ.get("PEPVOICE_INSTANCE_DIR") or "instance") / "local.env"
    if not path.exists():
        keep(path, made_up())
    for name, value in read(path).items():
        environ.setdefault(name, value)
