"""``%repro golden`` and the block in a shell: asked for by name, once, and never over a reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_repro.errors import BadWord
from jupyter_repro.goldens.mode import ASKED, OUT
from jupyter_repro.kernel.options import parse_options
from jupyter_repro.kernel.requests import Golden

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Bench  # pragma: no cover

_TRAIN = """
import jupyter_repro
def train(gain=1.0):
    with jupyter_repro.golden("r") as g:
        for step in range(3):
            g.log(step, loss=gain / (step + 1))
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ASKED.clear()


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("golden record r", Golden("record", "r")),
        ("golden record r replace", Golden("record", "r", replace=True)),
        ("golden check r", Golden("check", "r")),
        ("golden show r", Golden("show", "r")),
        ("golden calibrate r runs=3", Golden("calibrate", "r", runs=3)),
    ],
)
def test_words(line: str, request_: Golden) -> None:
    """What a line asks for."""
    assert parse_options(line) == request_


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("golden", "known words: record, check"),
        ("golden recrod r", "did you mean `record`"),
        ("golden record", "takes one name"),
        ("golden check a b", "takes one name"),
        ("golden check r replace", "takes one name"),
        ("golden record r runs=3", "unknown word `runs=3`"),
        ("golden calibrate r runs=0", "unknown word `runs=0`"),
    ],
)
def test_slips(line: str, words: str) -> None:
    """One line, with a guess."""
    with pytest.raises(BadWord, match=words):
        parse_options(line)


def _said(bench: Bench, capsys: pytest.CaptureFixture[str], source: str) -> str:
    capsys.readouterr()
    result = bench.shell.run_cell(source)
    text = capsys.readouterr()
    return f"{text.out}{text.err}{result.error_in_exec or ''}"


def test_one_block_is_recorded(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """The next one writes the reference, those after it are checked; a second `record` is refused."""
    bench.shell.run_cell(_TRAIN)
    assert "there is no reference" in _said(bench, capsys, "train()")
    assert "there is no reference" in _said(bench, capsys, "%repro golden check r")
    assert "the next block" in _said(bench, capsys, "%repro golden record r")
    assert "recorded golden run `r`: 3 steps" in _said(bench, capsys, "train()")
    assert "holds: 3 steps" in _said(bench, capsys, "train()")
    differs = _said(bench, capsys, "train(2.0)")
    assert "at step 0 `loss` is 2, 1 in the reference" in differs
    assert "there is a reference" in _said(bench, capsys, "%repro golden record r")
    assert "is checked against it" in _said(bench, capsys, "%repro golden check r")
    assert "from 1 to 0.333333" in _said(bench, capsys, "%repro golden show r")
    _said(bench, capsys, "%repro golden record r replace")
    assert "recorded" in _said(bench, capsys, "train(2.0)")


def test_a_run_of_the_command_line_decides_itself(
    bench: Bench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a kernel that `jupyter repro golden` has started the lines do nothing."""
    monkeypatch.setenv(OUT, str(tmp_path))
    assert _said(bench, capsys, "%repro golden record r") == ""
    assert not ASKED
