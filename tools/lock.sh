#!/bin/sh
# Pins every dependency of pyproject.toml with its hashes, for every Python and system we support. The files name no
# index, so that each machine uses its own. Arguments go on to the resolver (--upgrade).
set -eu
uv=.venv/bin/uv
compile="$uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links"

$compile "$@" --output-file requirements.lock
$compile "$@" --group dev --constraint requirements.lock --output-file requirements-dev.lock
$uv pip compile --group node "$@" --quiet --universal --python-version 3.11 --generate-hashes --no-header \
    --no-emit-index-url --no-emit-find-links --output-file requirements-node.lock
if command -v npm >/dev/null 2>&1; then npm install --package-lock-only --ignore-scripts --loglevel=error; fi
