"""A real scheduler with real workers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.cli.verify_many import verify_many
from jupyter_repro.engines.completed import completed
from jupyter_repro.engines.opening import open_engine
from jupyter_repro.errors import BadWord, RunFailed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

distributed = pytest.importorskip(
    "distributed", reason="runs in `make cluster`, where distributed is installed"
)
pytestmark = pytest.mark.filterwarnings("ignore")  # of the cluster's own, while it starts and ends

_DIES = "__import__('os')._exit(3)"


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a cluster of two processes."""
    import dask

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),  # a worker takes long to come back
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        client.wait_for_workers(2)
        yield cluster.scheduler_address.replace("tcp://", "dask://")


def test_values_errors_and_deaths(scheduler: str) -> None:
    """A call that kills its workers is lost alone; equal calls are run each."""
    items = ["1 + 1", "1 / 0", "__import__('os').getpid()", _DIES, "2 + 2", "1 + 1"]
    engine = open_engine(scheduler)
    try:
        found = [(outcome.item, outcome.value, outcome.error) for outcome in completed(engine, eval, items)]
    finally:
        engine.close()
    values = {item: (value, error) for item, value, error in found}
    assert len(found) == len(items)
    assert (values["1 + 1"][0], values["2 + 2"][0]) == (2, 4)
    assert isinstance(values["1 / 0"][1], ZeroDivisionError)
    assert "its worker died" in str(values[_DIES][1])
    assert engine.remote


def test_bundles_travel_to_the_workers(
    scheduler: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is verified on a worker and its report brought back; the highest exit code is that of all."""
    for name in ("a.zip", "b.zip"):
        (tmp_path / name).write_bytes(b"no bundle")
    words = [str(tmp_path / name) for name in ("a.zip", "b.zip")]
    words += ["--engine", scheduler, "--output", str(tmp_path / "out"), "--json", str(tmp_path / "all.json")]
    assert verify_many([*words, "--sandbox", "if-possible"]) == 5
    facts = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert facts["verdicts"] == {"bad bundle": 2}
    assert facts["engine"].startswith("Dask at tcp://")
    assert (tmp_path / "out/a/report.html").is_file()
    assert "a.zip: bad bundle" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["dask://", "dask://host", "dask:// :8786"])
def test_an_address_has_host_and_port(address: str) -> None:
    """A malformed one is told at once."""
    with pytest.raises(BadWord, match="is no address"):
        open_engine(address)


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler that is not there is told with its address."""
    monkeypatch.setattr("jupyter_repro.engines.dask._CONNECT_S", 1)
    with pytest.raises(RunFailed, match="no Dask scheduler answers"):
        open_engine("dask://127.0.0.1:9")
