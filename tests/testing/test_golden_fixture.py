"""The fixture ``golden`` in a pytest of its own: it checks, fails with the curves, and records only when told to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_TEST = """
def test_training(golden):
    with golden("r", level="rtol=1e-6") as g:
        for step in range(4):
            g.log(step, loss=0.5 ** step * VALUE)
"""


def _pytest(folder: Path, *arguments: str, value: str = "1.0") -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(_TEST.replace("VALUE", value), encoding="utf-8")
    environ = {
        **os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(_ROOT / "src"), "COLUMNS": "200",
        "NO_COLOR": "1", "PYTEST_ADDOPTS": "", "JUPYTER_REPRO_GOLDEN": "",
    }  # fmt: skip
    command = [sys.executable, "-m", "pytest", "-p", "jupyter_repro.testing.plugin", "--rootdir", str(folder)]
    return subprocess.run(
        [*command, "-c", os.devnull, "-p", "no:cacheprovider", "-q", *arguments, str(folder)],
        env=environ, capture_output=True, text=True, check=False, cwd=folder.parent,
    )  # fmt: skip


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    """A folder with a test that trains."""
    folder = tmp_path / "tests"
    folder.mkdir()
    return folder


def test_the_way_of_a_reference(tests: Path) -> None:
    """Without one the test fails; it is recorded beside the test on demand, and then checked."""
    none = _pytest(tests)
    assert none.returncode == 1
    assert "there is no reference" in none.stdout
    assert _pytest(tests, "--repro-golden", "record").returncode == 0
    assert (tests / "goldens/r.golden.json").is_file()
    assert _pytest(tests, value="1.0000001").returncode == 0
    failed = _pytest(tests, value="1.1")
    assert failed.returncode == 1
    assert "at step 0 `loss` is 1.1, 1 in the reference" in failed.stdout
    assert "distance from the reference" in failed.stdout
