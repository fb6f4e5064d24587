"""`jupyter_repro.data` stops a cell before it reads other bytes than those that were tracked."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import jupyter_repro
from jupyter_repro.errors import InputChanged, NotTracked
from jupyter_repro.inputs.opened import FileWatch
from jupyter_repro.inputs.stat_cache import StatCache
from jupyter_repro.inputs.tracking import project_at, track


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with tracked data."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.csv").write_bytes(b"1")
    (tmp_path / "images").mkdir()
    for number in range(5):
        (tmp_path / "images" / f"{number}.png").write_bytes(b"png")
    track(project_at(tmp_path), ["train.csv", "images"], StatCache(None))
    return tmp_path


@pytest.mark.parametrize("path", ["train.csv", Path("train.csv"), "images", "images/3.png"])
@pytest.mark.parametrize("full", [False, True])
def test_what_is_as_tracked_is_returned(folder: Path, path: str | Path, *, full: bool) -> None:
    """As the path that was given."""
    assert jupyter_repro.data(path, full=full) == Path(path)
    assert jupyter_repro.data(folder / path) == folder / path


def test_a_changed_file_names_both_digests_and_the_remedy(folder: Path) -> None:
    """It is an error of ours, in one sentence."""
    (folder / "train.csv").write_bytes(b"2")
    with pytest.raises(InputChanged) as error:
        jupyter_repro.data("train.csv")
    text = str(error.value)
    assert hashlib.sha256(b"1").hexdigest() in text
    assert hashlib.sha256(b"2").hexdigest() in text
    assert "%repro data accept train.csv" in text


@pytest.mark.parametrize(
    ("act", "says"),
    [
        ("unlink", "is not there"),
        ("add", "was not tracked"),
        ("all", "5 files in `images` differ"),
    ],
)
def test_a_folder_is_all_of_its_files(folder: Path, act: str, says: str) -> None:
    """One that is gone or new is a difference too; of many, three are named."""
    if act == "unlink":
        (folder / "images/2.png").unlink()
    elif act == "add":
        (folder / "images/new.png").touch()
    else:
        for each in (folder / "images").iterdir():
            each.write_bytes(b"jpg")
    with pytest.raises(InputChanged, match=says):
        jupyter_repro.data("images")


def test_what_is_not_tracked_says_how_to_track_it(folder: Path) -> None:
    """With and without a manifest."""
    (folder / "other.csv").touch()
    with pytest.raises(NotTracked, match="data track other"):
        jupyter_repro.data("other.csv")
    (folder / "data.repro.jsonl").unlink()
    with pytest.raises(NotTracked, match="no manifest of data"):
        jupyter_repro.data("train.csv")


def test_what_is_assured_counts_as_read(folder: Path) -> None:
    """Its reader may be one in C, which opens files unseen. The manifest is needed, and no input."""
    watch = FileWatch()
    watch.start()
    try:
        jupyter_repro.data("images")
        seen, beside = watch.take(), watch.take_beside()
    finally:
        watch.stop()
    assert [Path(path).name for path in seen.read] == ["0.png", "1.png", "2.png", "3.png", "4.png"]
    assert (seen.written, beside) == ((), (str(folder / "data.repro.jsonl"),))
