"""No file of the repository names somebody's machine or a package registry, and none is a secret or a made file.

Run by ``make check``. Prints what is wrong as file:line, and ends with 1.
"""

import re
import subprocess
import sys
from pathlib import Path

# Put together from pieces, so that this file may be checked too.
REGISTRIES = ("registry." + "npmjs", "files." + "pythonhosted", "pypi." + "org", "deb." + "debian", "proxy." + "golang")
MACHINES = (r"(?<![\w.])/" + r"(?:home|Users|root)/\w", r"(?<![\w./-])/" + r"work/\w", r"BEGIN [A-Z ]*PRIVATE " + "KEY")
FORBIDDEN = re.compile("|".join([*map(re.escape, REGISTRIES), *MACHINES]))
MADE = re.compile(r"(^|/)(\.venv|node_modules|instance|screens|vendor)/|\.(mo|db|br|gz|pyc)$|(^|/)\.env$")


def tracked() -> list[Path]:
    """Return every file that git tracks or would track."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [path for path in map(Path, filter(None, names.split("\0"))) if path.is_file()]


def faults(path: Path) -> list[str]:
    """Return what is wrong with one file, as file:line: reason."""
    if MADE.search(path.as_posix()):
        return [f"{path}: is made by a command and does not belong in the repository"]
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []
    return [f"{path}:{n}: names a machine or a registry" for n, line in enumerate(lines, 1) if FORBIDDEN.search(line)]


def main() -> int:
    """Check every tracked file. Returns the exit code."""
    files = tracked()
    found = [fault for path in files for fault in faults(path)]
    print("\n".join(found) if found else f"{len(files)} files")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
