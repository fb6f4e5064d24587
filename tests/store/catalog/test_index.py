"""The index: a real SQLite file, several writers."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from making import DAY_NS, START_NS, environment, parcel

from jupyter_repro.errors import StorageFailed
from jupyter_repro.records import Git
from jupyter_repro.store.catalog.index import Index, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {here!r})
from making import parcel
from jupyter_repro.store.catalog.index import Index
number, folder = int(sys.argv[1]), Path(sys.argv[2])
for each in range(25):
    index = Index(folder / "index.sqlite")
    index.add([parcel(number * 1000 + each).run])
    assert index.ids()
    index.close()
"""


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    found = Index(tmp_path / "index.sqlite")
    yield found
    found.close()


def test_eight_processes_write_at_once(tmp_path: Path) -> None:
    """Also the file itself is made by whoever comes first; no row is lost, nobody is told that it is locked."""
    source = WRITER.format(here=str(Path(__file__).parent))
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", source, str(number), str(tmp_path)], stderr=subprocess.PIPE, text=True
        )
        for number in range(8)
    ]
    failed = [writer.communicate(timeout=120)[1] for writer in writers]
    assert [each for each in failed if each] == []
    index = Index(tmp_path / "index.sqlite")
    assert len(index.ids()) == 200
    assert index._rows.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert index._rows.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    index.close()


def test_the_newest_come_first(index: Index) -> None:
    """Each once, however often it is added."""
    runs = [parcel(number).run for number in range(3)]
    index.add(runs)
    index.add(runs[:1])
    assert index.find(Wanted()) == tuple(reversed(runs))
    assert index.find(Wanted(limit=1)) == (runs[2],)
    index.forget([runs[2].id])
    assert index.ids() == {runs[0].id, runs[1].id}
    index.clear()
    assert index.find(Wanted()) == ()


GIT = Git(commit="ab" * 20, branch="main", dirty=False, diff="", untracked=(), remote=None)


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(notebook="other.ipynb"), [1]),
        (Wanted(notebook="sub/other.ipynb"), [1]),
        (Wanted(notebook="her.ipynb"), []),
        (Wanted(notebook="%"), []),
        (Wanted(notebook="' OR 1=1 --"), []),
        (Wanted(since=START_NS / 1e9 + 86_400 * 1.5), [2]),
        (Wanted(until=START_NS / 1e9 + 86_400 * 0.5), [0]),
        (Wanted(commit="abab"), [2]),
        (Wanted(verdict="differs"), [0]),
        (Wanted(kind="export"), [1]),
        (Wanted(kernel="k2"), [2]),
        (Wanted(verdict="reproduced", limit=1), [2]),
    ],
)
def test_what_is_asked_for(index: Index, wanted: Wanted, numbers: list[int]) -> None:
    """By notebook, date, commit, verdict; nothing that is asked is taken for SQL."""
    index.add(
        [
            parcel(0, at_ns=START_NS, verdict="differs").run,
            parcel(1, at_ns=START_NS + DAY_NS, notebook="sub/other.ipynb", kind="export").run,
            parcel(2, at_ns=START_NS + 2 * DAY_NS, stood_on=environment(git=GIT)).run,
        ]
    )
    assert [int(run.kernel[1:]) for run in index.find(wanted)] == numbers


@pytest.mark.parametrize("damage", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    """Everything in it is in the store."""
    (tmp_path / "index.sqlite").write_bytes(damage)
    index = Index(tmp_path / "index.sqlite")
    index.add([parcel(1).run])
    assert len(index.ids()) == 1
    index.close()


def test_one_of_another_version_is_made_anew(tmp_path: Path) -> None:
    """It may have other columns."""
    rows = sqlite3.connect(tmp_path / "index.sqlite")
    rows.execute("CREATE TABLE runs (x)")
    rows.execute("PRAGMA user_version = 77")
    rows.commit()
    rows.close()
    index = Index(tmp_path / "index.sqlite")
    assert index.ids() == frozenset()
    index.close()


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageFailed):
        Index(tmp_path / "file" / "index.sqlite")
