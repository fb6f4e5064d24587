"""``pytest --repro`` in a pytest of its own: an item a cell and a claim, with the reason where one fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[2]
_ADDRESS = "<object object at 0x7f0000000000>\n"


def _cell(name: str, source: str, *outputs: dict[str, Any], count: int | None = 1) -> dict[str, Any]:
    return {
        "cell_type": "code", "id": name, "source": source, "metadata": {}, "execution_count": count,
        "outputs": list(outputs),
    }  # fmt: skip


def _printed(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


_ERROR = {"output_type": "error", "ename": "ZeroDivisionError", "evalue": "division by zero", "traceback": []}
_CELLS = (
    _cell("a", "x = 1\nprint(x)", _printed("2\n")),
    _cell("b", "print(object())", _printed(_ADDRESS)),
    _cell("c", "print(x + 1)", _printed("3\n")),
    _cell("d", '# repro: claim "Table 1" after="acc"\nprint("acc 0.25")', _printed("acc 0.5\n")),
    _cell("e", "1 / 0", _ERROR),
    _cell("f", "print('new')", count=None),
    _cell("g", "print(open('beside.txt').read())", _printed("here\n")),
)


def _write(folder: Path, *cells: dict[str, Any], name: str = "nb.ipynb") -> None:
    node = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}
    (folder / name).write_text(json.dumps(node), encoding="utf-8")
    (folder / "beside.txt").write_text("here", encoding="utf-8")


def _pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {
        **os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(_ROOT / "src"), "COLUMNS": "200",
        "NO_COLOR": "1", "PYTEST_ADDOPTS": "",
    }  # fmt: skip
    command = [sys.executable, "-m", "pytest", "-p", "jupyter_repro.testing.plugin", "--rootdir", str(folder)]
    return subprocess.run(
        [*command, "-c", os.devnull, "-p", "no:cacheprovider", *arguments, str(folder)],
        env=environ, capture_output=True, text=True, check=False, cwd=folder,
    )  # fmt: skip


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """One run over a notebook that holds every verdict."""
    folder = tmp_path_factory.mktemp("notebooks")
    _write(folder, *_CELLS)
    (folder / ".ipynb_checkpoints").mkdir()
    _write(folder / ".ipynb_checkpoints", *_CELLS)
    return _pytest(folder, "--repro", "-v")


@pytest.mark.parametrize(
    ("item", "outcome"),
    [
        ("cell 1", "FAILED"),
        ("cell 2", "PASSED"),
        ("cell 3", "FAILED"),
        ("cell 4", "FAILED"),
        ("cell 5", "PASSED"),
        ("cell 6", "SKIPPED (not run: the saved notebook shows no run of it)"),
        ("cell 7", "PASSED"),
        ("claim Table 1", "FAILED"),
    ],
)
def test_an_item_a_cell_and_a_claim(ran: subprocess.CompletedProcess[str], item: str, outcome: str) -> None:
    """By our comparers: an address is no difference, an error that is saved is none either."""
    assert f"nb.ipynb::{item} {outcome}" in ran.stdout


@pytest.mark.parametrize(
    "words",
    [
        "differs: printed text: 2 became 1",
        "recorded: it stands on cell 1 through `x`; cell 1 differed first",
        "-3",
        "+2",
        "the number after `acc`: saved 0.5, fresh run 0.25",
        "4 failed, 3 passed, 1 skipped",
    ],
)
def test_the_reason_is_told(ran: subprocess.CompletedProcess[str], words: str) -> None:
    """Why it differs, the cell above, both sides; nothing of our own code."""
    assert words in ran.stdout
    assert "Traceback" not in ran.stdout
    assert ran.returncode == 1


def test_what_cannot_be_read(tmp_path: Path) -> None:
    """A broken notebook, a slip in a claim and a bundle that is none are errors in our words."""
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    _write(tmp_path, _cell("a", "# repro: claim T1 rwo=x"), name="slip.ipynb")
    (tmp_path / "bad.repro.zip").write_bytes(b"PK")
    done = _pytest(tmp_path, "--repro", "-q")
    assert done.returncode == 2
    assert "is not a notebook we can run" in done.stdout
    assert "did you mean `row=`" in done.stdout
    assert "ask the author for the file again" in done.stdout
    assert "Traceback" not in done.stdout


def test_it_costs_nothing_while_it_is_off(tmp_path: Path) -> None:
    """Notebooks are no tests then, and nothing but the plug-in's own file has been imported."""
    _write(tmp_path, *_CELLS)
    check = (
        "import sys\ndef test_it():\n"
        "    ours = {name for name in sys.modules if name.startswith('jupyter_repro')}\n"
        "    assert ours == {'jupyter_repro', 'jupyter_repro.version', 'jupyter_repro.testing', "
        "'jupyter_repro.testing.plugin'}\n"
    )
    (tmp_path / "test_it.py").write_text(check, encoding="utf-8")
    done = _pytest(tmp_path, "-q")
    assert "1 passed" in done.stdout, done.stdout
    assert done.returncode == 0


def test_pytest_finds_it_by_itself() -> None:
    """The entry point names the module that holds the hooks."""
    text = (_ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert '[project.entry-points.pytest11]\nrepro = "jupyter_repro.testing.plugin"' in text
