#!/bin/sh
# Makes the virtual environment and installs one lock file into it, every package checked against its hash.
# Usage: PYTHON=python3 VENV=.venv sh tools/setup_python.sh requirements.lock
set -eu
lock=$1

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if [ ! -x "$VENV/bin/python" ] || ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then
    chosen=""
    for candidate in "$PYTHON" python3.14 python3.13 python3.12 python3.11; do
        if new_enough "$candidate"; then chosen=$candidate; break; fi
    done
    if [ -z "$chosen" ]; then
        echo "PEP Voice needs Python 3.11 or newer. Install it, or name it: make PYTHON=/path/to/python3.12 run" >&2
        exit 1
    fi
    echo "Making the virtual environment in $VENV ..."
    if ! "$chosen" -m venv "$VENV" >/dev/null 2>&1; then
        # Debian keeps this part of Python in a package of its own.
        sh tools/system_packages.sh venv
        "$chosen" -m venv --clear "$VENV"
    fi
fi
echo "Installing $lock ..."
"$VENV/bin/python" -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r "$lock"
