#!/usr/bin/env bash
# Make a virtual environment at $1 if it is not there; on a bare Debian install what Python lacks for it.
set -euo pipefail
target=$1
python=${PYTHON:-python3}
[ -x "$target/bin/python" ] && [ -x "$target/bin/pip" ] && exit 0
rm -rf "$target"
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    command -v apt-get >/dev/null || { echo "error: $python has no venv module" >&2; exit 1; }
    apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
fi
"$python" -m venv "$target"
"$target/bin/python" -m pip install --quiet --upgrade pip
