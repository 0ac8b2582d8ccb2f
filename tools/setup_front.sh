#!/bin/sh
# Brings the front-end files of others (htmx, fonts for PDFs, axe for tests) from the npm registry at the versions of
# package-lock.json and copies those that the app serves into app/static/vendor/. Where the machine has no Node.js,
# a Node.js from PyPI does it.
# Usage: VENV=.venv sh tools/setup_front.sh
set -eu
vendor=app/static/vendor
python=$VENV/bin/python

echo "Fetching front-end files ..."
if command -v npm >/dev/null 2>&1 && npm --version >/dev/null 2>&1; then
    npm=npm
else
    "$python" -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r requirements-node.lock
    PATH="$(cd "$VENV/bin" && pwd):$PATH"
    npm="$VENV/bin/npm"
fi
if ! said=$("$npm" ci --ignore-scripts --no-audit --no-fund --loglevel=error 2>&1); then
    printf '%s\n' "$said" >&2
    exit 1
fi

rm -rf "$vendor"
mkdir -p "$vendor/fonts"
cp node_modules/htmx.org/dist/htmx.min.js "$vendor/"
cp node_modules/htmx.org/LICENSE "$vendor/htmx.LICENSE"
"$python" tools/vendor_fonts.py node_modules/@fontsource "$vendor/fonts"
