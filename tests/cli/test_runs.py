"""`jupyter repro runs` and `jupyter repro gc`."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.cli.main import main
from jupyter_repro.store.catalog.opening import keep_for_later, place_near, publish

HERE = str(Path(__file__).parents[1] / "store" / "catalog")
if HERE not in sys.path:
    sys.path.insert(0, HERE)

from making import made, parcel  # noqa: E402 - it lies there

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command in a folder with three runs, and gives its code and what it prints."""
    monkeypatch.chdir(tmp_path)
    with place_near(tmp_path).open() as catalog:
        made(
            catalog,
            parcel(0, verdict="differs"),
            parcel(1, notebook="other.ipynb"),
            parcel(2, cells=()),
        )

    def command(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stop:
            main(list(arguments))
        told = capsys.readouterr()
        return int(stop.value.code or 0), told.out + told.err

    return command


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ([], 3),
        (["--notebook", "other.ipynb"], 1),
        (["--verdict", "differs"], 1),
        (["-n", "2"], 2),
        (["--since", "2027-01-15"], 3),
        (["--until", "2027-01-15"], 0),
        (["--kind", "export"], 0),
        (["--commit", "abc"], 0),
    ],
)
def test_list(run: Run, options: list[str], count: int) -> None:
    """A table, and the same runs as JSON."""
    code, text = run("runs", "list", *options)
    assert code == 0
    assert len(text.splitlines()) == (count + 2 if count else 1)
    code, text = run("runs", "list", *options, "--json")
    assert len(json.loads(text)) == count


def test_show(run: Run) -> None:
    """One run whole, by the end of the list or by its name."""
    code, text = run("runs", "show", "@2")
    assert code == 0
    assert "other.ipynb" in text
    assert "file:data.csv" in text
    code, text = run("runs", "show", "last", "--json")
    told = json.loads(text)
    assert told["environment_record"]["packages"][0]["name"] == "numpy"
    assert run("runs", "show", told["id"])[0] == 0
    assert run("runs", "show", "nosuch")[0] == 2


def test_diff(run: Run) -> None:
    """What differs, with an exit code."""
    code, text = run("runs", "diff", "@3", "@2")
    assert (code, "2 cells show the same" in text) == (0, True)
    code, text = run("runs", "diff", "@2")
    assert code == 1
    assert "only in the first" in text
    code, text = run("runs", "diff", "@2", "last", "--json")
    assert {each["area"] for each in json.loads(text)["explanations"]} == {"cells"}


def test_fsck_and_reindex(run: Run, tmp_path: Path) -> None:
    """All damage, exit code 1; what a list cannot read it says."""
    code, text = run("runs", "fsck")
    assert (code, "3 runs, 1 objects, whole" in text) == (0, True)
    path = next((tmp_path / ".jupyter_repro" / "catalog" / "runs").iterdir())
    path.write_bytes(b"{")
    assert "2 runs in the index" in run("runs", "reindex")[1]
    code, text = run("runs", "fsck")
    assert (code, "damaged: the record of run" in text) == (1, True)
    assert json.loads(run("runs", "fsck", "--json")[1].partition("warning")[0])["whole"] is False
    assert "warning: the record of run" in run("runs", "list")[1]
    assert run("gc", "--keep", "0")[0] == 1


def test_gc_does_nothing_unless_told(run: Run) -> None:
    """What is pinned stays."""
    assert run("gc")[0] == 2
    assert "kept for good" in run("runs", "pin", "last", "--why", "golden")[1]
    code, text = run("gc", "--keep", "0")
    assert (code, "2 runs and 0 objects would go" in text) == (0, True)
    assert "1 stay: pinned" in text
    assert len(json.loads(run("runs", "list", "--json")[1])) == 3
    assert json.loads(run("gc", "--keep", "0", "--yes", "--json")[1])["removed"] is True
    assert len(json.loads(run("runs", "list", "--json")[1])) == 1
    assert "may go again" in run("runs", "unpin", "last")[1]
    assert "1 runs and 0 objects removed" in run("gc", "--keep", "0", "--yes")[1]


def test_another_folder_or_store(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named on the command line."""
    other = tmp_path / "elsewhere"
    other.mkdir()
    monkeypatch.chdir(other)
    code, text = run("runs", "list")
    assert (code, "no run is on record in" in text) == (2, True)
    assert list(other.iterdir()) == []
    assert len(json.loads(run("runs", "list", "--in", str(tmp_path), "--json")[1])) == 3
    publish(parcel(9), place_near(other), tell=print)
    keep_for_later(parcel(10), other)
    store = str(tmp_path / ".jupyter_repro" / "catalog")
    assert len(json.loads(run("runs", "list", "--store", store, "--json")[1])) == 3
    assert len(json.loads(run("runs", "list", "--json")[1])) == 2


def test_a_long_table_goes_through_a_pager(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a screen that is too low for it."""
    paged: list[str] = []
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr("click.echo_via_pager", paged.append)
    monkeypatch.setenv("LINES", "4")
    monkeypatch.setenv("COLUMNS", "100")
    run("runs", "list")
    assert "other.ipynb" in paged[0]
    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in paged[0].splitlines()) <= 100
    monkeypatch.setenv("LINES", "60")
    assert "other.ipynb" in run("runs", "list")[1]
