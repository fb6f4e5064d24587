"""A store in an object store: a real S3 server on this machine, through fsspec and s3fs.

``make stores`` installs what it needs and runs it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from making import made, parcel

from jupyter_repro.cli.main import main
from jupyter_repro.errors import StorageFailed
from jupyter_repro.store.catalog.check import check_store
from jupyter_repro.store.catalog.index import Wanted
from jupyter_repro.store.catalog.opening import deliver, keep_for_later, place_near, publish, waiting
from jupyter_repro.store.catalog.places import open_store
from jupyter_repro.store.catalog.refreshing import refresh
from jupyter_repro.store.catalog.retention import Policy, collect, what_goes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

server = pytest.importorskip("moto.server", reason="not in the development set; `make stores` runs it")
pytest.importorskip("s3fs", reason="as above")

STORE = "s3://lab/team/runs"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """Start the server on a free port."""
    found = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    found.start()
    host, port = found.get_host_and_port()
    yield f"http://{host}:{port}"
    found.stop()


@pytest.fixture(autouse=True)
def bucket(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give each test an empty bucket, and credentials only where S3 looks for them."""
    import s3fs

    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    files = s3fs.S3FileSystem(use_listings_cache=False)
    files.mkdir("lab")
    yield
    files.rm("lab", recursive=True)
    s3fs.S3FileSystem.clear_instance_cache()


def test_what_is_written_stays(tmp_path: Path) -> None:
    """One request that fails where something of that name is there."""
    store = open_store(STORE, beside=tmp_path)
    assert not store.local
    assert store.read("runs/a.json") is None
    assert store.names("runs") == ()
    assert store.put("runs/a.json", b"1")
    assert not store.put("runs/a.json", b"2")
    assert store.read("runs/a.json") == b"1"
    assert store.names("runs") == ("a.json",)
    assert dict(store.read_many(["runs/a.json", "runs/gone.json"])) == {
        "runs/a.json": b"1",
        "runs/gone.json": None,
    }
    assert list(store.read_many(["runs/a.json"])) == [("runs/a.json", b"1")]
    assert list(store.read_many([])) == []
    assert (store.size("runs/a.json"), store.size("runs/gone.json")) == (1, 0)
    assert store.changed("runs/a.json") is not None
    assert store.changed("runs/gone.json") is None
    store.remove("runs/a.json")
    store.remove("runs/a.json")
    assert store.names("runs") == ()


def test_of_many_writers_one_wins(tmp_path: Path) -> None:
    """The service decides, not a look before the write."""
    stores = [open_store(STORE, beside=tmp_path) for _ in range(6)]
    gate = threading.Barrier(6)
    won: list[bool] = []

    def write(number: int) -> None:
        gate.wait()
        won.append(stores[number].put("runs/a.json", str(number).encode() * 1000))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(won) == 1
    assert len(set(stores[0].read("runs/a.json") or b"")) == 1


def test_a_team_shares_its_runs(tmp_path: Path) -> None:
    """Each has an index of its own; the whole way of a run: published, found, checked, removed."""
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
    with place_near(one, told=STORE).open() as catalog:
        ids = made(catalog, *(parcel(number) for number in range(12)))
    os.environ["XDG_STATE_HOME"] = str(tmp_path / "state of another")
    with place_near(other, told=STORE).open() as catalog:
        assert catalog.find(Wanted()) == ()
        catalog.update()
        assert [run.id for run in catalog.find(Wanted())] == list(reversed(ids))
        assert catalog.environment(catalog.named("last")).packages
        assert check_store(catalog).whole
        collect(catalog, what_goes(catalog, Policy(keep=2)))
        assert check_store(catalog).runs == 2
        assert catalog.reindex() == 2


def test_the_command_line_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Through the project's settings."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(f'[tool.jupyter_repro]\nstore = "{STORE}"\n', encoding="utf-8")
    publish(parcel(1), place_near(tmp_path), tell=print)
    with pytest.raises(SystemExit) as stop:
        main(["runs", "list"])
    assert not stop.value.code
    assert "analysis.ipynb" in capsys.readouterr().out


def test_what_waits_is_brought_by_a_process_of_its_own(tmp_path: Path) -> None:
    """As at the end of a kernel."""
    keep_for_later(parcel(1), tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "jupyter_repro.store.catalog", str(tmp_path), STORE], check=False, timeout=120
    )
    assert done.returncode == 0
    assert waiting(tmp_path) == 0
    with place_near(tmp_path, told=STORE).open() as catalog:
        catalog.update()
        assert len(catalog.find(Wanted())) == 1


def test_a_service_that_refuses_is_one_clear_error(tmp_path: Path) -> None:
    """What was to be published waits on this machine."""
    place = place_near(tmp_path, told="s3://no-such-bucket/runs")
    told: list[str] = []
    publish(parcel(1), place, tell=told.append)
    assert "cannot write to the store `s3://no-such-bucket/runs`" in told[0]
    assert waiting(tmp_path) == 1
    with place.open() as catalog, pytest.raises(StorageFailed):
        deliver(catalog, tmp_path)
    assert waiting(tmp_path) == 1


def test_without_a_network_the_index_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says that it may be old."""
    import s3fs

    place = place_near(tmp_path, told=STORE)
    publish(parcel(1), place, tell=print)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    s3fs.S3FileSystem.clear_instance_cache()
    with place.open() as catalog:
        (told,) = refresh(catalog, place)
        assert "what is shown may be old: cannot list the store" in told
        assert [run.kernel for run in catalog.find(Wanted())] == ["k1"]


KERNEL = """
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

config = Config()
config.HistoryManager.enabled = False
shell = InteractiveShell(config=config)
shell.run_line_magic("load_ext", "jupyter_repro")
shell.run_cell("x = 1", store_history=True)
"""


def test_the_end_of_a_kernel_reaches_the_store(tmp_path: Path) -> None:
    """The kernel does not wait for the network; a process of its own brings the record."""
    (tmp_path / "pyproject.toml").write_text(f'[tool.jupyter_repro]\nstore = "{STORE}"\n', encoding="utf-8")
    subprocess.run([sys.executable, "-c", KERNEL], cwd=tmp_path, check=True, timeout=120)
    deadline = threading.Event()
    store = open_store(STORE, beside=tmp_path)
    for _ in range(600):
        if store.names("runs"):
            break
        deadline.wait(0.1)
    assert len(store.names("runs")) == 1
