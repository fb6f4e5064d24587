# ruff: noqa: FBT001, PTH105, PTH118, PTH123, SIM115 - tables hold booleans, and plain opens are the subject
"""The watch sees what Python code opens, and nothing that is not the notebook's."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.digest import file_digest
from jupyter_repro.inputs import audit
from jupyter_repro.inputs.on_disk import FOLDER
from jupyter_repro.inputs.opened import FileWatch, blind_spots, unwatched
from jupyter_repro.records import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    path.write_text("a,b\n1,2\n")
    return path


@pytest.fixture
def watch(file: Path) -> Iterator[FileWatch]:
    found = FileWatch()
    found.start()
    yield found
    found.stop()


@pytest.mark.parametrize(
    ("mode", "read", "written"),
    [
        ("r", True, False),
        ("rb", True, False),
        ("w", False, True),
        ("w+", False, True),
        ("a", True, True),
        ("a+b", True, True),
        ("r+", True, True),
    ],
)
def test_the_mode_decides_what_an_existing_file_is(
    watch: FileWatch, file: Path, mode: str, read: bool, written: bool
) -> None:
    """A file that keeps its former bytes is read, one that may change is written."""
    with open(file, mode):
        pass
    taken = watch.take()
    assert (str(file) in taken.read, str(file) in taken.written) == (read, written)


@pytest.mark.parametrize(
    ("flags", "read", "written"),
    [
        (os.O_RDONLY, True, False),
        (os.O_WRONLY, False, True),
        (os.O_RDWR, True, True),
        (os.O_WRONLY | os.O_APPEND, True, True),
        (os.O_RDWR | os.O_TRUNC, False, True),
    ],
)
def test_the_flags_of_os_open_decide_as_well(
    watch: FileWatch, file: Path, flags: int, read: bool, written: bool
) -> None:
    """``os.open`` tells no mode; its flags do."""
    os.close(os.open(file, flags))
    taken = watch.take()
    assert (str(file) in taken.read, str(file) in taken.written) == (read, written)


@pytest.mark.parametrize("mode", ["x", "x+", "w+"])
def test_a_file_that_was_not_there_is_only_written(watch: FileWatch, tmp_path: Path, mode: str) -> None:
    """What the cell made itself is no input, though it could be read through the same handle."""
    path = tmp_path / "new.log"
    with path.open(mode) as out:
        out.write("x")
    taken = watch.take()
    assert (taken.read, taken.written) == ((), (str(path),))


def test_a_file_that_is_appended_to_hangs_on_what_is_there(watch: FileWatch, tmp_path: Path) -> None:
    """Also where nothing is there yet: the next run appends to what this one left."""
    path = tmp_path / "new.log"
    with path.open("a") as out:
        out.write("x")
    taken = watch.take()
    assert (taken.read, taken.written, taken.absent_first) == ((str(path),), (str(path),), (str(path),))


def test_order_is_that_of_the_first_opening_and_take_begins_anew(watch: FileWatch, tmp_path: Path) -> None:
    """Each path comes once, where it was first seen."""
    paths = [tmp_path / name for name in ("c", "a", "b")]
    for path in paths:
        path.write_bytes(b"")
    watch.take()
    for path in [*paths, *paths]:
        path.read_bytes()
    assert watch.take().read == tuple(map(str, paths))
    assert watch.take().read == ()


def test_a_relative_path_is_made_absolute_when_it_is_opened(
    watch: FileWatch, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later change of folder does not move the record."""
    monkeypatch.chdir(file.parent)
    Path("data.csv").read_text()
    monkeypatch.chdir("/")
    assert watch.take().read == (str(file),)


def test_dots_past_a_symbolic_link_lead_where_the_kernel_of_the_system_goes(
    watch: FileWatch, tmp_path: Path
) -> None:
    """``link/../x`` lies beside the link's target."""
    inner = tmp_path / "far" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "far" / "x").write_text("1")
    (tmp_path / "link").symlink_to(inner)
    open(os.path.join(tmp_path, "link", "..", "x")).close()
    assert watch.take().read == (str(tmp_path / "far" / "x"),)


@pytest.mark.parametrize(
    "name", ["a\nb", "quo\"te'", "\U0001f600", "e\u0301", "-rf", "~", "a\u202eb", "x" * 255, "b\udcff\udcfe"]
)
def test_any_name_is_kept(watch: FileWatch, tmp_path: Path, name: str) -> None:
    """Newlines, quotes, bytes that are no UTF-8: the path comes back as it is."""
    path = tmp_path / name
    path.write_bytes(b"1")
    open(os.fsencode(path), "rb").close()
    taken = watch.take()
    assert taken.written == (str(path),)
    assert taken.read == (str(path),)


def test_written_and_then_read_is_told_apart_from_read_and_then_written(
    watch: FileWatch, tmp_path: Path
) -> None:
    """Only the second stands on what was there before."""
    product, changed = tmp_path / "product", tmp_path / "changed"
    changed.write_text("old")
    watch.take()
    product.write_text("new")
    product.read_text()
    changed.read_text()
    changed.write_text("new")
    taken = watch.take()
    assert taken.read == (str(product), str(changed))
    assert taken.written_first == (str(product),)


def test_a_temporary_file_that_is_gone_leaves_no_trace(watch: FileWatch) -> None:
    """Made and removed by the same cell: nobody can depend on it."""
    with tempfile.NamedTemporaryFile("w+") as out:
        out.write("x")
        Path(out.name).read_bytes()
    taken = watch.take()
    assert (taken.read, taken.written) == ((), ())


def test_a_file_renamed_into_place_is_written(watch: FileWatch, tmp_path: Path) -> None:
    """Savers that write a temporary file first are seen by the final name."""
    temp, final = tmp_path / "model.tmp", tmp_path / "model.bin"
    temp.write_bytes(b"1")
    os.replace(temp, final)
    taken = watch.take()
    assert taken.written == (str(final),)


def test_a_removed_file_is_written(watch: FileWatch, file: Path) -> None:
    """It existed before, so its absence is a change."""
    file.unlink()
    assert watch.take().written == (str(file),)


def test_a_file_that_is_not_there_is_read(watch: FileWatch, tmp_path: Path) -> None:
    """A cell that looks for a file depends on its absence."""
    with pytest.raises(FileNotFoundError):
        (tmp_path / "missing").read_text()
    assert watch.take().read == (str(tmp_path / "missing"),)


def _in_folder(name: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
        return path

    return make


@pytest.mark.parametrize(
    "make",
    [
        lambda _: Path("/proc/self/status"),
        lambda _: Path("/dev/null"),
        lambda _: Path(os.__file__),
        lambda _: Path(pytest.__file__),
        lambda _: Path(audit.__file__),
        _in_folder(".jupyter_repro/run.jsonl"),
        _in_folder(".venv/lib/python3.11/site-packages/pkg/data.json"),
        _in_folder(".ipython/profile_default/history.sqlite"),
        _in_folder("ipykernel_4711/123.py"),
        _in_folder("cache/fontlist-v390.json"),
        _in_folder(".ipynb_checkpoints/n-checkpoint.ipynb"),
        _in_folder(".git/HEAD"),
        _in_folder(".netrc"),
        _in_folder("lib/python311.zip"),
    ],
)
def test_what_belongs_to_the_machine_or_to_jupyter_is_ignored(
    watch: FileWatch, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    """Libraries, devices, histories, font caches and our own journals are nobody's inputs."""
    with unwatched():
        path = make(tmp_path)
    path.read_bytes()
    taken = watch.take()
    assert (taken.read, taken.written) == ((), ())


def test_file_descriptors_and_directories_are_ignored(watch: FileWatch, tmp_path: Path) -> None:
    """Only an opening by name of something with bytes counts."""
    read, write = os.pipe()
    os.fdopen(read).close()
    os.fdopen(write, "w").close()
    os.close(os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY))
    assert watch.take().read == ()


@pytest.mark.parametrize("cached", [False, True])
def test_an_import_reads_the_source_whether_or_not_it_is_cached(
    watch: FileWatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cached: bool
) -> None:
    """Python opens ``.py`` or ``.pyc`` by chance; the record does not depend on that."""
    (tmp_path / "own_module_of_mine.py").write_text("x = 1")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    if cached:
        __import__("own_module_of_mine")
        del sys.modules["own_module_of_mine"]
    watch.take()
    __import__("own_module_of_mine")
    del sys.modules["own_module_of_mine"]
    assert watch.take().read == (str(tmp_path / "own_module_of_mine.py"),)


def test_a_new_database_is_written(watch: FileWatch, tmp_path: Path) -> None:
    """A connection makes the file."""
    path = tmp_path / "new.db"
    sqlite3.connect(path).close()
    assert watch.take().written == (str(path),)


@pytest.mark.parametrize("wal", [False, True])
def test_a_database_is_written_when_it_changes(watch: FileWatch, tmp_path: Path, wal: bool) -> None:
    """The connection alone reads; a later cell that commits through it writes."""
    path = tmp_path / "old.db"
    base = sqlite3.connect(path)
    if wal:
        base.execute("pragma journal_mode=wal")
    base.execute("create table t (x)")
    base.commit()
    base.close()
    watch.take()
    connection = sqlite3.connect(path)
    connection.execute("select * from t").fetchall()
    taken = watch.take()
    assert (taken.read, taken.written) == ((str(path),), ())
    connection.execute("insert into t values (1)")
    connection.commit()
    assert watch.take().written == (str(path),)
    connection.close()


@pytest.mark.parametrize(
    ("name", "uri", "read"),
    [
        (":memory:", False, False),
        ("", False, False),
        ("file::memory:?cache=shared", True, False),
        ("file:shared?mode=memory", True, False),
        ("file:{}?mode=ro", True, True),
    ],
)
def test_the_ways_to_name_a_database(
    watch: FileWatch, tmp_path: Path, name: str, uri: bool, read: bool
) -> None:
    """Databases in memory are no files; a read-only one is only read."""
    path = tmp_path / "a b.db"
    sqlite3.connect(path).close()
    watch.take()
    sqlite3.connect(name.format(str(path).replace(" ", "%20")), uri=uri).close()
    taken = watch.take()
    assert (taken.read, taken.written) == ((str(path),) if read else (), ())


def _connect() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())


def _send() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.sendto(b"x", ("127.0.0.1", 9))


def _spawn_by_multiprocessing() -> None:
    import multiprocessing

    process = multiprocessing.get_context("spawn").Process(target=print)
    process.start()
    process.join()


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


@pytest.mark.parametrize(
    ("act", "effects"),
    [
        (_connect, ("network",)),
        (_send, ("network",)),
        (lambda: subprocess.run(["true"], check=True), ("subprocess",)),
        (lambda: subprocess.run("true", shell=True, check=True), ("subprocess",)),
        (lambda: os.system("true"), ("subprocess",)),
        (lambda: os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0), ("subprocess",)),
        (_spawn_by_multiprocessing, ("subprocess",)),
        (_fork, ("subprocess",)),
        (lambda: subprocess.run(["uname"], check=True, stdout=subprocess.DEVNULL), ()),
        (lambda: __import__("ctypes.util").util.find_library("c"), ()),
        (lambda: None, ()),
    ],
)
@pytest.mark.filterwarnings(
    "ignore:This process:DeprecationWarning"
)  # Python 3.12 warns of forks beside threads
def test_effects_that_cannot_be_replayed(
    watch: FileWatch, act: Callable[[], Any], effects: tuple[str, ...]
) -> None:
    """Network and other processes are told; what libraries ask about the machine is not."""
    act()
    assert watch.take().effects == effects


def test_importing_multiprocessing_starts_nothing() -> None:
    """The process count is that of processes, not of imports."""
    code = (
        "from jupyter_repro.inputs.opened import FileWatch\n"
        "import sys\n"
        "watch = FileWatch(); watch.start()\n"
        "assert 'multiprocessing.process' not in sys.modules\n"
        "import multiprocessing.process\n"
        "print(watch.take().effects)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "()"


def test_threads_count_and_none_of_their_openings_is_lost(watch: FileWatch, tmp_path: Path) -> None:
    """Takes in the midst of it get each path at least once, all together."""
    for number in range(400):
        (tmp_path / str(number)).write_bytes(b"")
    watch.take()

    def read(part: int) -> None:
        for number in range(part, 400, 4):
            (tmp_path / str(number)).read_bytes()

    threads = [threading.Thread(target=read, args=(part,)) for part in range(4)]
    found: set[str] = set()
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        found.update(watch.take().read)
    found.update(watch.take().read)
    assert found == {str(tmp_path / str(number)) for number in range(400)}


def test_several_watches_see_the_same_and_stop_alone(file: Path) -> None:
    """A stopped watch sees nothing more; the other goes on."""
    one, two = FileWatch(), FileWatch()
    one.start()
    one.start()
    two.start()
    file.read_text()
    assert one.take().read == two.take().read == (str(file),)
    one.stop()
    file.read_text()
    assert (one.take().read, two.take().read) == ((), (str(file),))
    two.stop()
    assert not any(listener in (one, two) for listener in audit._listeners)


def test_our_own_openings_between_cells_are_not_told(watch: FileWatch, file: Path, tmp_path: Path) -> None:
    """``unwatched`` holds for its thread and its block only, also when nested or left by an error."""
    with unwatched():
        with unwatched():
            file.read_text()
        file.read_text()
    with pytest.raises(FileNotFoundError), unwatched():
        (tmp_path / "missing").read_text()
    assert watch.take().read == ()
    file.read_text()
    assert watch.take().read == (str(file),)


def test_a_deleted_working_folder_is_said_and_breaks_nothing(
    watch: FileWatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path without a folder cannot be named; the user's own error is the only one."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(FileNotFoundError):
        open("x")
    assert watch.take().effects == ("it opened something that could not be recorded",)


def test_odd_arguments_raise_only_the_users_own_error(watch: FileWatch) -> None:
    """The hook never adds an exception of its own."""
    with pytest.raises(ValueError, match="null"):
        open("a\0b")
    with pytest.raises(TypeError):
        os.open(object(), os.O_RDONLY)  # type: ignore[call-overload]  # the wrong type is the test
    watch.take()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs interval timers")
def test_a_signal_handler_that_opens_files_does_not_hang(watch: FileWatch, file: Path) -> None:
    """No lock is held in the hook, so it may be entered again in the midst of itself."""
    hits: list[str] = []

    def handler(*_: object) -> None:
        hits.append(file.read_text())

    former = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.0005)
    try:
        while len(hits) < 50:
            file.read_bytes()
            watch.take()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
    file.read_bytes()
    assert watch.take().read == (str(file),)


def test_many_files_are_bounded(watch: FileWatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the limit the watch says that it has not seen all."""
    monkeypatch.setattr("jupyter_repro.inputs.opened._LIMIT", 3)
    for number in range(5):
        (tmp_path / str(number)).write_bytes(b"")
    taken = watch.take()
    assert len(taken.written) == 3
    assert taken.effects == ("it opened more than 3 files",)


def test_readers_in_c_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks learns which modules may have read files unseen."""
    monkeypatch.setitem(sys.modules, "h5py", sys)
    assert "h5py" in blind_spots()


def test_pandas_numpy_and_sqlite_readers_are_seen(watch: FileWatch, file: Path, tmp_path: Path) -> None:
    """The real libraries open through Python."""
    np = pytest.importorskip("numpy")
    pd = pytest.importorskip("pandas")
    array = tmp_path / "a.npy"
    np.save(array, np.arange(3))
    np.load(array, mmap_mode="r")
    pd.read_csv(file)
    taken = watch.take()
    assert taken.read == (str(array), str(file))
    assert taken.written_first == (str(array),)


@pytest.mark.parametrize(
    ("act", "looked_at"),
    [
        (lambda new, _: new.mkdir(), True),
        (lambda new, _: new.mkdir(exist_ok=True), False),
        (lambda new, _: new.mkdir(parents=True, exist_ok=True), False),
        (lambda new, _: new.open("x").close(), True),
        (lambda new, old: new.symlink_to(old), True),
        (lambda new, _: new.unlink(missing_ok=True), False),
        (lambda new, _: new.touch(), False),
    ],
    ids=["mkdir", "mkdir if need be", "parents if need be", "open x", "symlink", "unlink if there", "touch"],
)
def test_what_hangs_on_nothing_being_there_says_so(
    watch: FileWatch, tmp_path: Path, file: Path, act: Callable[[Path, Path], None], looked_at: bool
) -> None:
    """What would fail if something were there is found absent; what lets it be is not."""
    new = tmp_path / "new"
    act(new, file)
    assert watch.take().found == (((str(new), ABSENT),) if looked_at else ())


def test_what_is_removed_or_renamed_is_known_as_it_was(watch: FileWatch, tmp_path: Path, file: Path) -> None:
    """The digest is that of the content before."""
    was = file_digest(file)[0]
    file.rename(tmp_path / "moved")
    (tmp_path / "moved").unlink()
    taken = watch.take()
    assert taken.found == ((str(file), was),)
    assert str(file) in taken.written


def test_a_folder_that_is_entered_made_and_removed(
    watch: FileWatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders are told apart from files."""
    monkeypatch.chdir(tmp_path)
    watch.take()
    (tmp_path / "made").mkdir()
    os.chdir("made")
    taken = watch.take()
    assert (taken.folders, taken.found) == ((str(tmp_path / "made"),), ((str(tmp_path / "made"), ABSENT),))
    os.chdir(tmp_path)
    (tmp_path / "made").rmdir()
    taken = watch.take()
    assert (taken.folders, taken.found[-1]) == ((str(tmp_path / "made"),), (str(tmp_path / "made"), FOLDER))


def test_a_temporary_folder_is_nobodys_input(watch: FileWatch) -> None:
    """A name that was made up is new each time."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "x").write_text("1", encoding="utf-8")
    taken = watch.take()
    assert (taken.read, taken.written, taken.found, taken.folders) == ((), (), (), ())
