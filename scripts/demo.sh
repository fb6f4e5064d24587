#!/usr/bin/env bash
# The main job, end to end: run the quickstart notebook, export its bundle, then act as a stranger who verifies it.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=build/demo/venv
mkdir -p build/demo
scripts/install_bubblewrap.sh
scripts/make_venv.sh "$venv"
echo "== installing jupyter_repro and what the notebook uses"
# the panel is no part of this, and building it needs Node.js
SKIP_JUPYTER_BUILDER=1 "$venv/bin/python" -m pip install --quiet ".[demo]"
echo "== author: run notebooks/quickstart.ipynb and export its bundle"
"$venv/bin/jupyter" repro export notebooks/quickstart.ipynb -o build/demo/quickstart.repro.zip
echo
echo "== reviewer: rebuild the environment from the bundle alone, re-run, compare"
bundle=$PWD/build/demo/quickstart.repro.zip
uv=$PWD/$venv/bin/uv
reviewer=$(mktemp -d)
trap 'rm -rf "$reviewer"' EXIT
(cd "$reviewer" && "$uv" run --no-project "$bundle" verify --sandbox if-possible --output "$reviewer/report")
cp "$reviewer"/report/report.json "$reviewer"/report/report.html build/demo/
echo "report: build/demo/report.html"
