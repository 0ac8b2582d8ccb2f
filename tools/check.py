"""``make check``: every static check, one line each when it is fine, its own words when it is not."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Check:
    """One check: what it holds, and the command that says so with its exit code."""

    name: str
    command: list[str]


def ours(module: str) -> list[str]:
    """Return the command that runs one of our own checks."""
    return [sys.executable, "-m", f"tools.{module}"]


# The slow ones first: they run side by side.
CHECKS = [
    Check("types", [str(BIN / "mypy")]),
    Check("migrations match models", ours("check_migrations")),
    Check("import contracts", [str(BIN / "lint-imports"), "--no-logo"]),
    Check("catalogues complete", ours("check_catalogues")),
    Check("lint", [str(BIN / "ruff"), "check", "--output-format=concise", "."]),
    Check("format", [str(BIN / "ruff"), "format", "--check", "--output-format=concise", "."]),
    Check("templates and styles", ours("check_templates")),
    Check("nothing private", ours("check_tracked")),
]


def run(check: Check) -> bool:
    """Run one check and say how it went. Returns True when it holds."""
    began = time.monotonic()
    done = subprocess.run(check.command, capture_output=True, text=True, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    took = time.monotonic() - began
    said = (done.stdout + done.stderr).strip()
    if done.returncode == 0:
        last = said.splitlines()[-1] if said else ""
        print(f"  ok    {check.name:<24} {took:4.1f} s  {last}", flush=True)
        return True
    print(f"  FAIL  {check.name:<24} {took:4.1f} s\n{said}\n", flush=True)
    return False


def main() -> int:
    """Run all checks, two at a time. Returns the exit code."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        results = list(pool.map(run, CHECKS))
    print(f"{sum(results)} of {len(results)} checks hold")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
