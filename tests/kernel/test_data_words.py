"""`%repro data` in a shell, and `jupyter_repro.data` in a cell."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.kernel.file_progress import LineProgress
from jupyter_repro.kernel.options import parse_options
from jupyter_repro.kernel.requests import Data

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("data", Data(act="verify")),
        ("data verify", Data(act="verify")),
        ("data track data/ 'my file.csv'", Data(act="track", paths=("data/", "my file.csv"))),
        ("data accept a=b.csv --json", Data(act="accept", paths=("a=b.csv",), json=True)),
        ("data verify --full --manifest up x", Data(act="verify", paths=("x",), manifest="up", full=True)),
        ("data list", Data(act="list")),
    ],
)
def test_words(line: str, expected: Data) -> None:
    """As on the command line."""
    assert parse_options(line) == expected


@pytest.mark.parametrize("line", ["data trak x", "data track", "data accept", "data verify --ful"])
def test_a_slip_is_one_line(line: str, shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """And changes nothing."""
    shell.run_cell(f"%repro {line}")
    assert "UsageError" in capsys.readouterr().err


def test_a_cell_stops_at_changed_data_and_hangs_on_them(bench: Any, tmp_path: Path, capsys: Any) -> None:
    """What `data` assures is an input; a file that another cell tracks changes nothing for it."""
    with unwatched():  # else the first cell would seem to have written them
        (tmp_path / "t.csv").write_text("1", encoding="utf-8")
        (tmp_path / "u.csv").write_text("1", encoding="utf-8")
    bench.write(
        track="%repro data track t.csv",
        use="import jupyter_repro\npath = jupyter_repro.data('t.csv')",
        more="%repro data track u.csv",
    )
    assert bench.run("track", "use", "more").success
    assert "Tracked 1 file (1 byte) in data.repro.jsonl" in capsys.readouterr().out
    assert bench.verdicts()["use"] == "reproduced"
    with unwatched():
        (tmp_path / "t.csv").write_text("2", encoding="utf-8")
    assert bench.verdicts()["use"] == "input changed"
    found = bench.run("use")
    assert type(found.error_in_exec).__name__ == "InputChanged"


def test_progress_is_a_line_that_is_taken_away(capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    """Nothing is left of it, and quick work shows nothing."""
    progress = LineProgress()
    progress.begin(2, 2 << 30)
    progress.done(1, 1 << 30)
    progress.end()
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("jupyter_repro.kernel.file_progress._PATIENCE_S", -1.0)
    progress.begin(2, 2 << 30)
    progress.done(1, 1 << 30)
    progress.end()
    shown = capsys.readouterr().err.split("\r")
    assert shown[1] == "repro: read 1 of 2 files, 1.0 of 2.0 GB"
    assert [shown[2].strip(), shown[3]] == ["", ""]


def test_a_reader_that_cannot_be_seen_is_unknown_unless_its_data_are_assured(
    bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who reads what is asked for by digest does not matter. The library is made up: it opens nothing."""
    with unwatched():
        (tmp_path / "t.nc").write_text("1", encoding="utf-8")
        (tmp_path / "netCDF4.py").write_text("def Dataset(path): return 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    bench.write(
        track="%repro data track t.nc",
        load="import jupyter_repro, netCDF4",
        blind="a = netCDF4.Dataset('t.nc')",
        sure="b = netCDF4.Dataset(jupyter_repro.data('t.nc'))",
    )
    try:
        bench.run_all()
        found = bench.status().cells
    finally:
        sys.modules.pop("netCDF4", None)
    assert found[2].why == ("it may read files unseen (`netCDF4.Dataset`)",)
    assert found[3].verdict == "reproduced"
