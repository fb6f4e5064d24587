#!/usr/bin/env bash
# Run the browser's tests against the wheel, as a user installs it: in an environment of its own, with JupyterLab,
# Notebook and Chromium. $1: the environment.
set -euo pipefail
venv=$1
shift
if ! command -v chromium chromium-browser google-chrome >/dev/null; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "error: the browser's tests need Chromium; hint: sudo apt-get install chromium" >&2
        exit 1
    fi
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
scripts/make_venv.sh "$venv"
rm -rf build/wheel
"$venv/bin/python" -m pip wheel --quiet --no-deps --wheel-dir build/wheel .
wheel=$(ls build/wheel/jupyter_repro-*.whl)
"$venv/bin/python" -m pip install --quiet "${wheel}[browser]"
"$venv/bin/python" -m pip install --quiet --no-deps --force-reinstall "$wheel"
"$venv/bin/python" -m jupyter labextension list 2>&1 | grep -E 'jupyter-repro v.*OK' >/dev/null || {
    echo "error: JupyterLab does not find the extension in the wheel" >&2
    "$venv/bin/python" -m jupyter labextension list >&2
    exit 1
}
"$venv/bin/python" -m pytest -q -p no:cacheprovider tests/e2e "$@"
