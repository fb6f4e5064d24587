"""The journal survives kills, full disks and forks, and never lies about what it lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_repro.errors import StorageFailed
from jupyter_repro.records import CellId, CellRun, RngStep, Use, Version
from jupyter_repro.store.journal import Journal, journal_path, read_journal
from jupyter_repro.store.lines import Header, decode, encode

HEADER = {"notebook": "a.ipynb", "python": "3.11.7"}


def run(order: int, source: str = "x = 1") -> CellRun:
    return CellRun(
        order=order,
        cell=CellId(f"cell-{order}"),
        source=source,
        digest="d" * 64,
        reads=(Use("name:y", Version("abc", 1)),),
        writes=(Use("file:b\udcff.csv", Version(None, order, (1,), "large")),),
        rng=(RngStep("numpy", "a", None),),
        started=1.5,
    )


def write(folder: Path, count: int) -> Path:
    journal = Journal.open(folder, kernel_id="k", header=HEADER)
    for order in range(1, count + 1):
        journal.append(run(order))
    journal.close()
    return journal.path


def attempt(journal: Journal, record: CellRun) -> str:
    """Append and return the error, empty if there is none."""
    try:
        journal.append(record)
    except StorageFailed as error:
        return str(error)
    return ""


def test_what_is_appended_is_read_back(tmp_path: Path) -> None:
    """Header and runs come back equal, byte names and all."""
    content = read_journal(write(tmp_path, 3))
    assert content.runs == (run(1), run(2), run(3))
    assert content.header == Header(kernel="k", pid=os.getpid(), facts=HEADER)
    assert content.complete


def test_a_run_written_again_takes_the_place_of_the_first(tmp_path: Path) -> None:
    """The ledger amends runs; the last word counts."""
    journal = Journal.open(tmp_path, kernel_id="k")
    for each in (run(1), run(2), run(1, "amended")):
        journal.append(each)
    journal.close()
    assert read_journal(journal.path).runs == (run(1, "amended"), run(2))


@given(source=st.text(st.characters(exclude_categories=())))
def test_any_source_makes_one_line_and_round_trips(source: str) -> None:
    """Line ends, NUL, lone surrogates: a record is one line and comes back equal."""
    line = encode(run(1, source))
    assert line.count(b"\n") == 1
    assert decode(line.rstrip(b"\n")) == run(1, source)


@given(raw=st.binary(max_size=200))
def test_any_bytes_are_damage_and_no_error(raw: bytes) -> None:
    """The decoder raises nothing."""
    assert decode(raw) is None


@pytest.mark.parametrize(
    "body",
    [b"[" * 5000 + b"]" * 5000, b"NaN", b'{"is":"other"}', b'{"is":"run","run":{}}', b'"\xff"', b"7", b""],
)
def test_a_good_checksum_over_nonsense_is_damage(body: bytes) -> None:
    """A checksum proves transport, not sense."""
    import zlib

    assert decode(b"%08x " % zlib.crc32(body) + body) is None


def test_a_torn_last_line_is_dropped_reported_and_sealed(tmp_path: Path) -> None:
    """Cut anywhere in the last record: the others are whole, and what comes after is good."""
    whole = write(tmp_path, 2)
    data = whole.read_bytes()
    start = data.rindex(b"\n", 0, -1) + 1
    for cut in range(start, len(data)):
        folder = tmp_path / str(cut)
        folder.mkdir()
        path = journal_path(folder, "k")
        path.write_bytes(data[:cut])
        content = read_journal(path)
        lost = cut != len(data) - 1  # only the newline is missing: the record is whole
        assert content.runs == ((run(1),) if lost else (run(1), run(2)))
        assert content.dropped == (cut - start if lost else 0)
        assert content.gaps == 0
        journal = Journal.open(folder, kernel_id="k", header=HEADER)
        journal.append(run(3))
        journal.close()
        after = read_journal(path)
        assert after.runs[-1] == run(3)
        assert (after.dropped, after.gaps) == (0, 1 if lost and cut > start else 0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(data=st.data())
def test_a_flipped_bit_costs_one_line_and_is_counted(tmp_path: Path, data: st.DataObject) -> None:
    """Damage in the middle keeps the good records; nothing wrong is ever read."""
    path = tmp_path / "run-k.jsonl"
    if not path.exists():
        write(tmp_path, 4)
    good = path.read_bytes()
    bit = data.draw(st.integers(0, len(good) * 8 - 1))
    bad = bytearray(good)
    bad[bit // 8] ^= 1 << bit % 8
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(bad)
    content = read_journal(broken)
    expected = [run(order) for order in range(1, 5)]
    assert all(each in expected for each in content.runs)
    assert len(content.runs) >= 2
    assert not content.complete


@pytest.mark.parametrize("data", [b"", b"\n", b"\xef\xbb\xbf", b"\r\n\r\n"])
def test_an_empty_journal_is_new(tmp_path: Path, data: bytes) -> None:
    """Nothing in it is no damage, and appends go on."""
    path = journal_path(tmp_path, "k")
    path.write_bytes(data)
    content = read_journal(path)
    assert (content.header, content.runs, content.dropped, content.gaps) == (None, (), 0, 0)
    journal = Journal.open(tmp_path, kernel_id="k")
    journal.append(run(1))
    journal.close()
    assert read_journal(path).runs == (run(1),)


def test_a_journal_that_passed_through_an_editor_is_read(tmp_path: Path) -> None:
    """A byte order mark and CRLF change no record."""
    path = write(tmp_path, 2)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    content = read_journal(path)
    assert content.complete
    assert content.runs == (run(1), run(2))


def test_a_newer_schema_is_left_alone(tmp_path: Path) -> None:
    """The message names the version; nothing is written."""
    path = journal_path(tmp_path, "k")
    path.write_bytes(encode(Header(schema=7, kernel="k", pid=1)))
    before = path.read_bytes()
    with pytest.raises(StorageFailed, match=r"schema 7.*upgrade"):
        read_journal(path)
    with pytest.raises(StorageFailed, match=r"schema 7.*upgrade"):
        Journal.open(tmp_path, kernel_id="k")
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe"])
def test_what_is_no_file_is_one_clear_error(tmp_path: Path, kind: str) -> None:
    """Nothing hangs on a pipe."""
    path = tmp_path / "run-k.jsonl"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    with pytest.raises(StorageFailed):
        read_journal(path)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """A repository cannot send the journal into another file."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "run-k.jsonl").symlink_to(victim)
    with pytest.raises(StorageFailed):
        Journal.open(tmp_path, kernel_id="k")
    assert victim.read_text() == "mine"


def test_a_kernel_id_cannot_leave_the_folder(tmp_path: Path) -> None:
    """Only plain characters reach the file name."""
    assert journal_path(tmp_path, "../a/b").parent == tmp_path


WRITER = """
import sys
from pathlib import Path
from jupyter_repro.records import CellRun
from jupyter_repro.store.journal import Journal
journal = Journal.open(Path(sys.argv[1]), kernel_id="k")
for order in range(1, 1_000_000):
    journal.append(CellRun(order=order, cell=None, source="x" * 5000, digest="d"))
    if order % 50 == 0:
        print(order, flush=True)
"""


@pytest.mark.parametrize("wait", range(3))
def test_a_kill_in_the_midst_of_appends_loses_no_finished_record(tmp_path: Path, wait: int) -> None:
    """After ``kill -9`` every record whose append returned is there."""
    child = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    promised = [int(child.stdout.readline()) for _ in range(1 + wait)][-1]
    child.send_signal(signal.SIGKILL)
    promised = max([promised, *map(int, child.stdout.read().split())])
    child.wait()
    child.stdout.close()
    path = journal_path(tmp_path, "k")
    content = read_journal(path)
    assert [each.order for each in content.runs] == list(range(1, len(content.runs) + 1))
    assert len(content.runs) >= promised
    assert content.gaps == 0
    journal = Journal.open(tmp_path, kernel_id="k")
    journal.append(run(999_999))
    journal.close()
    assert read_journal(path).runs[-1] == run(999_999)


def test_a_full_disk_raises_once_and_recording_resumes_whole(tiny_disk: Path) -> None:
    """The records of the bad time are kept and written when there is space again."""
    ballast = tiny_disk / "ballast"
    journal = Journal.open(tiny_disk, kernel_id="k")
    journal.append(run(1))
    ballast.write_bytes(b"x" * 40_000)
    failures = [error for order in range(2, 60) if (error := attempt(journal, run(order, "y" * 600)))]
    assert ["the disk is full" in error for error in failures] == [True]
    assert "the disk is full" in journal.fault
    on_disk = read_journal(journal.path)
    assert (on_disk.dropped, on_disk.gaps) == (0, 0)
    assert on_disk.runs[-1].order < 59
    ballast.unlink()
    journal.append(run(60))
    assert journal.fault == ""
    journal.close()
    content = read_journal(journal.path)
    assert [each.order for each in content.runs] == list(range(1, 61))
    assert content.complete


LIMITED = """
import resource, sys
from pathlib import Path
from jupyter_repro.errors import StorageFailed
from jupyter_repro.records import CellRun
from jupyter_repro.store.journal import Journal
journal = Journal.open(Path(sys.argv[1]), kernel_id="k")
def run(order): return CellRun(order=order, cell=None, source="x" * 700, digest="d")
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))
errors = []
for order in range(1, 6):
    try:
        journal.append(run(order))
    except StorageFailed as error:
        errors.append(str(error))
print(len(errors), errors)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
journal.append(run(6))
"""


def test_a_write_cut_short_leaves_no_half_line(tmp_path: Path) -> None:
    """A file size limit cuts the write in the middle of the record; nothing of it stays in the way."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("1 "), done.stdout
    content = read_journal(journal_path(tmp_path, "k"))
    assert content.complete
    assert [each.order for each in content.runs] == [1, 2, 3, 4, 5, 6]


def test_records_past_the_backlog_are_counted_as_lost(
    tiny_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What memory cannot hold is a gap, never silence."""
    monkeypatch.setattr("jupyter_repro.store.journal._BACKLOG_BYTES", 3_000)
    ballast = tiny_disk / "ballast"
    journal = Journal.open(tiny_disk, kernel_id="k")
    with pytest.raises(OSError, match="space"):
        ballast.write_bytes(b"x" * 70_000)
    next(order for order in range(1, 50) if attempt(journal, run(order, "y" * 900)))
    first_kept = len(read_journal(journal.path).runs)
    for order in range(100, 110):
        journal.append(run(order, "y" * 900))
    ballast.unlink()
    journal.append(run(110, "last"))
    journal.close()
    content = read_journal(journal.path)
    assert content.runs[-1] == run(110, "last")
    assert content.gaps > 0
    assert content.gaps + len(content.runs) == first_kept + 1 + 10 + 1


def test_a_removed_journal_begins_again_and_says_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``git clean`` under a living kernel: no record goes into a file without a name."""
    journal = Journal.open(tmp_path / "a", kernel_id="k")
    journal.append(run(1))
    journal.append(run(2))
    journal.path.unlink()
    (tmp_path / "a").rmdir()
    monkeypatch.setattr("jupyter_repro.store.journal.LOOK_EVERY_S", 0.0)
    journal.append(run(3))
    journal.close()
    content = read_journal(journal.path)
    assert (content.runs, content.gaps) == ((run(3),), 2)
    assert content.header is not None


def test_what_went_into_a_removed_journal_is_counted(tmp_path: Path) -> None:
    """Between two looks a record may go into a file without a name; closing tells of it."""
    journal = Journal.open(tmp_path / "a", kernel_id="k")
    journal.append(run(1))
    journal.path.unlink()
    journal.append(run(2))
    journal.close()
    content = read_journal(journal.path)
    assert (content.runs, content.gaps) == ((), 2)


@pytest.mark.filterwarnings(
    "ignore:This process:DeprecationWarning"
)  # Python 3.12 warns of forks beside threads
def test_a_forked_child_writes_nothing(tmp_path: Path) -> None:
    """A child that returns into the kernel loop does not write the journal twice."""
    journal = Journal.open(tmp_path, kernel_id="k")
    journal.append(run(1))
    before = journal.path.read_bytes()
    child = os.fork()
    if child == 0:
        try:
            journal.append(run(2))
            journal.close()
        finally:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert journal.path.read_bytes() == before
    journal.append(run(3))
    journal.close()
    assert read_journal(journal.path).runs == (run(1), run(3))


def test_threads_append_whole_lines(tmp_path: Path) -> None:
    """Subshells write from other threads."""
    journal = Journal.open(tmp_path, kernel_id="k")

    def append(part: int) -> None:
        for order in range(part, 200, 4):
            journal.append(run(order + 1))

    threads = [threading.Thread(target=append, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.close()
    content = read_journal(journal.path)
    assert content.complete
    assert [each.order for each in content.runs] == list(range(1, 201))


def test_a_closed_journal_takes_nothing_more(tmp_path: Path) -> None:
    """Closing twice is fine; a late append is not written and the fault says why."""
    journal = Journal.open(tmp_path, kernel_id="k")
    journal.close()
    journal.close()
    journal.append(run(1))
    assert "closed" in journal.fault
    assert read_journal(journal.path).runs == ()


def test_a_folder_that_cannot_be_written_is_one_clear_error(read_only_disk: Path) -> None:
    """Opening says what and where, and leaks no descriptor."""
    opened = Path("/proc/self/fd")
    before = len(list(opened.iterdir())) if opened.is_dir() else 0
    with pytest.raises(StorageFailed, match="read-only"):
        Journal.open(read_only_disk, kernel_id="k")
    assert (len(list(opened.iterdir())) if before else 0) == before


def test_the_journal_is_private(tmp_path: Path) -> None:
    """Sources are nobody else's business."""
    assert write(tmp_path, 1).stat().st_mode & 0o077 == 0
