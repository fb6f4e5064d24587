#!/usr/bin/env bash
# Run the smoke of the panel in each JupyterLab and Notebook that one build is for, each in an environment of its own.
# $1: the folder of the environments; the rest: versions of JupyterLab, all where none is named.
set -euo pipefail
folder=$1
shift
uv=${UV:-.venv/bin/uv}
rm -rf build/wheel
.venv/bin/python -m pip wheel --quiet --no-deps --wheel-dir build/wheel .
wheel=$(ls build/wheel/jupyter_repro-*.whl)
failed=0
for lab in "${@:-4.2 4.3 4.4 4.5 4.6}"; do
    for each in $lab; do
        venv=$folder/$each
        # the first had no subshells, and the kernel of its time has none either
        kernel=$([ "$each" = 4.2 ] && echo "ipykernel>=6.29,<7" || echo "ipykernel>=6.29")
        "$uv" venv --quiet --clear --python .venv/bin/python "$venv"
        "$uv" pip install --quiet --python "$venv/bin/python" "$wheel" "jupyterlab==$each.*" "notebook==7.${each#4.}.*" "$kernel" \
            axe-playwright-python numpy "playwright>=1.50" "pytest>=8.3"
        found=$("$venv/bin/python" -c 'from importlib.metadata import version
print(*(f"{name} {version(name)}" for name in ("jupyterlab", "notebook", "ipykernel", "ipython")), sep=", ")')
        if "$venv/bin/python" -m pytest -q -p no:cacheprovider tests/e2e/test_smoke.py; then
            echo "ok: $found"
        else
            echo "FAILED: $found"
            failed=1
        fi
    done
done
# one document shared by two pages, in the newest
if [ -x "$folder/4.6/bin/python" ]; then
    "$uv" pip install --quiet --python "$folder/4.6/bin/python" jupyter-collaboration
    "$folder/4.6/bin/python" -m pytest -q -p no:cacheprovider tests/e2e/test_smoke.py tests/e2e/test_panel.py -k "smoke or two_windows" || failed=1
fi
exit $failed
