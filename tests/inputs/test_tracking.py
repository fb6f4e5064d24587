"""Data are tracked, compared and taken over; nothing is taken over unasked."""

from __future__ import annotations

import hashlib
import os
import resource
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.errors import NotTracked
from jupyter_repro.inputs import hashing
from jupyter_repro.inputs.manifest import MANIFEST, read_manifest
from jupyter_repro.inputs.opened import FileWatch
from jupyter_repro.inputs.stat_cache import StatCache
from jupyter_repro.inputs.tracking import Project, accept, project_at, select, track, verify

if TYPE_CHECKING:
    from jupyter_repro.records.data import Compared


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with three files of data, none tracked."""
    for name in ("data/a.csv", "data/deep/b.csv", "notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    return project_at(tmp_path)


NONE = StatCache(None)


def told(compared: Compared) -> list[tuple[str, str]]:
    return [(change.kind, change.path) for change in compared.changes]


def test_a_folder_is_tracked_with_all_that_is_below_it(project: Project) -> None:
    """Paths are relative, with digest and size; a second time nothing is new."""
    found = track(project, ["data"], NONE)
    data = b"data/deep/b.csv"
    assert [each.path for each in found.added] == ["data/a.csv", "data/deep/b.csv"]
    assert (found.added[1].sha256, found.added[1].size) == (hashlib.sha256(data).hexdigest(), len(data))
    before = project.path.read_bytes()
    again = track(project, ["data"], NONE)
    assert (again.added, again.same, project.path.read_bytes()) == ((), 2, before)


def test_each_difference_is_told_and_taken_over_only_when_asked(project: Project) -> None:
    """Changed, missing, new: first told by `verify` and `track`, then taken over by `accept`."""
    track(project, ["data"], NONE)
    (project.top / "data/a.csv").write_text("other", encoding="utf-8")
    (project.top / "data/deep/b.csv").unlink()
    (project.top / "data/new.csv").write_text("new", encoding="utf-8")
    expected = [("changed", "data/a.csv"), ("missing", "data/deep/b.csv"), ("new", "data/new.csv")]
    found = verify(project, [], NONE)
    assert told(found) == expected
    changed = found.changes[0]
    assert changed.before is not None
    assert changed.after is not None
    assert changed.before.sha256 != changed.after.sha256
    assert told(track(project, ["data"], NONE)) == expected[:2]
    assert told(verify(project, [], NONE)) == expected[:2]
    taken = accept(project, ["data/a.csv"], NONE)
    assert [change.path for change in taken.taken_over] == ["data/a.csv"]
    assert told(verify(project, [], NONE)) == expected[1:2]
    accept(project, ["."], NONE)
    assert told(verify(project, [], NONE)) == []
    assert list(read_manifest(project.path).files) == ["data/a.csv", "data/new.csv"]


def test_a_file_in_a_folder_that_is_not_tracked_is_no_difference(project: Project) -> None:
    """Only named files are, where no folder is tracked."""
    track(project, ["data/a.csv"], NONE)
    found = verify(project, [], NONE)
    assert (found.same, told(found)) == (1, [])


def test_a_folder_that_is_gone_is_gone_with_its_files(project: Project) -> None:
    """Accepting that empties the manifest of it."""
    track(project, ["data", "notes.txt"], NONE)
    for name in ("data/a.csv", "data/deep/b.csv"):
        (project.top / name).unlink()
    (project.top / "data/deep").rmdir()
    (project.top / "data").rmdir()
    found = verify(project, ["data"], NONE)
    assert ("missing", "data/a.csv") in told(found)
    accept(project, ["data"], NONE)
    assert read_manifest(project.path).folders == ()
    assert list(read_manifest(project.path).files) == ["notes.txt"]


def test_reproignore_names_what_is_passed_over(project: Project) -> None:
    """A file that is named itself is tracked all the same."""
    (project.top / ".reproignore").write_text("*.csv\n", encoding="utf-8")
    (project.top / "data/keep.txt").touch()
    assert [each.path for each in track(project, ["."], NONE).added] == ["data/keep.txt", "notes.txt"]
    assert [each.path for each in track(project, ["data/a.csv"], NONE).added] == ["data/a.csv"]


@pytest.mark.parametrize("act", [verify, accept])
@pytest.mark.parametrize("word", ["notes.txt", "nothing-there", "*.zip"])
def test_what_is_not_tracked_is_said(project: Project, act: object, word: str) -> None:
    """Nothing is compared with nothing."""
    track(project, ["data"], NONE)
    with pytest.raises(NotTracked):
        act(project, [word], NONE)  # type: ignore[operator]  # one of two functions


def test_a_path_outside_is_refused(project: Project, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Its relative path would mean nothing to others."""
    outside = tmp_path_factory.mktemp("outside") / "x"
    outside.touch()
    with pytest.raises(NotTracked, match="does not lie below"):
        track(project, [str(outside)], NONE)


def test_links_and_pipes(project: Project) -> None:
    """A link to a file is its bytes; one to a folder or to nothing, a pipe and a loop hang nobody up."""
    top = project.top
    (top / "data/link.csv").symlink_to("../notes.txt")
    (top / "data/loop").symlink_to("..", target_is_directory=True)
    (top / "data/dangling").symlink_to("nowhere")
    (top / "data/round").symlink_to("round")
    os.mkfifo(top / "data/pipe")
    found = track(project, ["data"], NONE)
    assert [each.path for each in found.added] == ["data/a.csv", "data/deep/b.csv", "data/link.csv"]
    assert [path for _, path in told(found)] == ["data/dangling", "data/round"]
    assert len(found.passed_over) == 2


def test_odd_names_survive(project: Project) -> None:
    """Newlines, quotes, no UTF-8, a dash in front."""
    names = ["new\nline", 'q"uote', os.fsdecode(b"\xff\xfe"), "-dash", "\u202eevil", "e\u0301", "\u00e9"]
    for name in names:
        (project.top / "data" / name).write_text(name, encoding="utf-8", errors="surrogateescape")
    track(project, ["data"], NONE)
    assert told(verify(project, [], NONE)) == []
    assert {f"data/{name}" for name in names} <= set(read_manifest(project.path).files)


def test_a_name_that_is_a_credential_is_not_written_down(project: Project) -> None:
    """The manifest is to be published."""
    (project.top / "data/ghp_a8Fk29sLq0Zx7Vb3Nm5Tq1Wc6Yd4Re8Uh0Jo").touch()
    found = track(project, ["data"], NONE)
    assert told(found) == [("unreadable", "data/ghp_a8Fk29sLq0Zx7Vb3Nm5Tq1Wc6Yd4Re8Uh0Jo")]
    assert "ghp_" not in project.path.read_text(encoding="utf-8")


def test_an_unchanged_file_is_not_read_again(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache knows it; a file that was changed within the same tick, with its size, is read."""
    monkeypatch.setattr("jupyter_repro.inputs.stat_cache._TICK_NS", -(10**12))  # as if all files were old
    place = project.top / "cache"
    with StatCache(place) as cache:
        track(project, ["data"], cache)
    read: list[str] = []
    monkeypatch.setattr(
        hashing, "file_digest", lambda path, *, told: (read.append(path.name), ("0" * 64, 1))[1]
    )
    with StatCache(place) as cache:
        assert told(verify(project, [], cache)) == []
    assert read == []
    (project.top / "data/a.csv").write_text("data/a.CSV", encoding="utf-8")
    with StatCache(place) as cache:
        assert told(verify(project, [], cache)) == [("changed", "data/a.csv")]
    assert read == ["a.csv"]


def test_a_change_right_after_tracking_is_found(project: Project) -> None:
    """Same size, same time of modification, through the true cache: every time of twenty."""
    file, place = project.top / "data/a.csv", project.top / "cache"
    with StatCache(place) as cache:
        track(project, ["data"], cache)
    for number in range(20):
        stamp = file.stat().st_mtime_ns
        file.write_text(f"data/{number:05d}"[:10].ljust(10), encoding="utf-8")
        os.utime(file, ns=(stamp, stamp))
        with StatCache(place) as cache:
            assert told(verify(project, ["data/a.csv"], cache)) == [("changed", "data/a.csv")]
        with StatCache(place) as cache:
            accept(project, ["data/a.csv"], cache)


def test_what_is_read_here_is_no_input_of_the_cell(project: Project) -> None:
    """Also not what threads read."""
    watch = FileWatch()
    for number in range(200):
        (project.top / "data" / str(number)).write_text(str(number), encoding="utf-8")
    watch.start()
    try:
        with StatCache(project.top / "cache") as cache:
            track(project, ["data"], cache)
        seen = watch.take()
    finally:
        watch.stop()
    assert [path for path in (*seen.read, *seen.written) if "/data/" in path] == []


class _Counting:
    """A progress that counts."""

    def __init__(self) -> None:
        self.total = self.files = self.size = self.ended = 0

    def begin(self, files: int, size: int) -> None:
        self.total = files

    def done(self, files: int, size: int) -> None:
        self.files += files
        self.size += size

    def end(self) -> None:
        self.ended += 1


def test_progress_tells_of_every_file(project: Project) -> None:
    """And of its end."""
    progress = _Counting()
    found = track(project, ["."], NONE, progress)
    assert (progress.total, progress.files, progress.size, progress.ended) == (3, 3, found.size, 1)


def test_a_file_that_is_larger_than_what_may_be_held_is_read_in_pieces(project: Project) -> None:
    """A sparse quarter of a gigabyte adds no more than a few megabytes to the process."""
    large = project.top / "data/large.bin"
    with large.open("wb") as out:
        out.truncate(1 << 28)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = track(project, ["data/large.bin"], NONE)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert found.added[0].size == 1 << 28
    assert grown < 64 << 10


def test_an_interrupt_ends_the_reading_of_a_large_file(project: Project) -> None:
    """In the midst of it; nothing is tracked."""
    with (project.top / "data/large.bin").open("wb") as out:
        out.truncate(1 << 36)  # read whole, it would take minutes

    class Impatient(_Counting):
        def done(self, files: int, size: int) -> None:
            super().done(files, size)
            if self.size:
                raise KeyboardInterrupt

    progress = Impatient()
    with pytest.raises(KeyboardInterrupt):
        track(project, ["data"], NONE, progress)
    assert progress.ended == 1
    assert 0 < progress.size < 1 << 36
    assert not project.path.exists()


def test_select_reads_no_file(project: Project) -> None:
    """It says what is tracked, also where the files are gone."""
    track(project, ["data"], NONE)
    (project.top / "data/a.csv").unlink()
    assert [each.path for each in select(project, [])] == ["data/a.csv", "data/deep/b.csv"]
    assert [each.path for each in select(project, ["data/deep"])] == ["data/deep/b.csv"]


def test_a_manifest_may_be_named(project: Project) -> None:
    """By its file or its folder."""
    for named in (Path("data"), Path("data") / MANIFEST):
        assert project_at(project.top, named).path == project.top / "data" / MANIFEST
