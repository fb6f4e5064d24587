"""`jupyter repro sweep` of a real notebook in real kernels."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import nbformat
import pytest

from jupyter_repro.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


def _asked(*words: str) -> object:
    """Return the exit code."""
    with pytest.raises(SystemExit) as ended:
        main(["sweep", *words])
    return ended.value.code


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """One with a cell of parameters, whose result hangs on both of them."""
    assigned = nbformat.v4.new_code_cell("seed = 0\nrate = 1.0", metadata={"tags": ["parameters"]})
    cells = [assigned, nbformat.v4.new_code_cell("acc = rate * (seed % 1000 + 1)")]
    book = nbformat.v4.new_notebook(cells=cells)
    path = tmp_path / "study.ipynb"
    nbformat.write(book, path)
    return path


@pytest.mark.slow
def test_a_notebook_is_swept(notebook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Seeds `0:2` and a parameter reach the runs; page and JSON say the same; a claim that fails is exit code 1, without a run."""
    page = tmp_path / "sweep.html"
    words = [str(notebook), "--seeds", "0:2", "--param", "rate=0.5", "--repeats", "0", "--seed", "42", "-q"]
    words += ["--metric", "acc"]
    assert _asked(*words, "--html", str(page), "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert [point["index"] for point in facts["points"]] == [0, 1]
    found = [(float.fromhex(point["values"]["acc"]), point["seed"]) for point in facts["points"]]
    assert all(acc == 0.5 * (seed % 1000 + 1) for acc, seed in found)
    assert found[0] != found[1]
    assert "rate=0.5" in page.read_text(encoding="utf-8")
    before = sorted((tmp_path / ".jupyter_repro" / "sweeps").iterdir())
    assert _asked(*words, "--claim", "acc > 1000") == 1
    assert "is true in 0 of 2 seeds" in capsys.readouterr().out
    assert sorted((tmp_path / ".jupyter_repro" / "sweeps").iterdir()) == before, "nothing was run again"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--param", "rate"], "`--param rate` is no assignment"),
        (["--param", "other=1"], "assigns no `other`"),
        (["--seeds", "x"], "`x` names no seeds"),
    ],
    ids=["no value", "no parameter of that name", "no seeds"],
)
def test_slips(notebook: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Told with what to write, before anything runs."""
    assert _asked(str(notebook), "--metric", "acc", *words) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "hint: " in told
