"""``pytest --repro`` over a real bundle: what the verifier says of each cell is the outcome of its item."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import jupyter_repro

if TYPE_CHECKING:
    from .conftest import Parts

_SOURCES = Path(jupyter_repro.__file__).parents[1]


def test_a_bundle(whole: Parts, tmp_path: Path) -> None:
    """Cells and claims of the recipe as items, judged by one verification."""
    cells = [
        {"id": name, "label": f"cell {n}", "source_sha256": "", "expects_error": None}
        for n, name in enumerate(("sum", "float", "object"), 1)
    ]
    whole.recipe(cells=cells, claims=[{"text": "Table 1", "cell": "sum"}])
    reference = json.loads(whole.members["reference.ipynb"])
    reference["cells"][1]["outputs"][0]["data"]["text/plain"] = "0.4"
    whole.members["reference.ipynb"] = json.dumps(reference).encode()
    whole.write(tmp_path / "paper.repro.zip")
    environ = {
        **os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(_SOURCES), "NO_COLOR": "1",
        "JUPYTER_REPRO_SANDBOX": "off",
    }  # fmt: skip
    command = [sys.executable, "-m", "pytest", "-p", "jupyter_repro.testing.plugin", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-c", os.devnull, "--rootdir", str(tmp_path), "--repro", "-v", str(tmp_path)],
        env=environ, capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    for item, outcome in (
        ("cell 1", "PASSED"), ("cell 2", "FAILED"), ("cell 3", "PASSED"), ("claim Table 1", "PASSED"),
    ):  # fmt: skip
        assert f"paper.repro.zip::{item} {outcome}" in done.stdout, done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["paper.repro.zip"]
