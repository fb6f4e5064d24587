"""The contract of engines: the same sweep gives the same digest on each of them, here on real clusters of this machine."""

from __future__ import annotations

import contextlib
import random
from typing import TYPE_CHECKING

import pytest

import jupyter_repro
from jupyter_repro.engines.completed import completed
from jupyter_repro.engines.opening import open_engine
from jupyter_repro.errors import BadWord

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DIES = "__import__('os')._exit(3)"
pytestmark = pytest.mark.filterwarnings("ignore")  # of the clusters' own, while they start and end


def _draws(scale: float, seed: int) -> dict[str, float]:
    """Hangs on the global generator, on the seed and on the order of a set."""
    if seed % 3 == 0:
        raise ValueError("this seed fails")
    return {
        "acc": scale * random.random(),
        "order": float(list({"a", "b", "c", "d"}).index("a")),
        "seed": seed,
    }


@contextlib.contextmanager
def _dask() -> Iterator[str]:
    import distributed

    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=2, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        client.wait_for_workers(2)
        yield cluster.scheduler_address.replace("tcp://", "dask://")


@contextlib.contextmanager
def _ipyparallel() -> Iterator[str]:
    import ipyparallel

    cluster = ipyparallel.Cluster(n=2)
    with cluster as client:
        client.wait_for_engines(2, timeout=120)
        yield (
            "ipyparallel://"
            + cluster.profile_dir
            + "/security/"
            + f"ipcontroller-{cluster.cluster_id}-client.json"
        )


@contextlib.contextmanager
def _address(text: str) -> Iterator[str]:
    yield text


ENGINES = {
    "local": (lambda: _address("local"), "loky"),
    "dask": (_dask, "distributed"),
    "ipyparallel": (_ipyparallel, "ipyparallel"),
    "slurm": (lambda: _address("slurm://local"), "submitit"),
    "ray": (lambda: _address("ray://"), "ray"),
}


def _swept(address: str) -> str:
    found = jupyter_repro.sweep(
        _draws, seeds=4, repeats=1, params={"scale": 2.0}, seed=42, engine=address, jobs=2, keep=False
    ).record
    assert sorted(bool(point.error) for point in found.points) == [False] * 4 + [True], "one run is to fail"
    return found.digest


@pytest.fixture(scope="module")
def digest() -> str:
    """That of runs which each have a fresh process."""
    return _swept("serial")


def _deaths(address: str) -> None:
    """A call that kills its worker is lost alone."""
    items = ["1 + 1", "1 / 0", _DIES, "2 + 2"]
    engine = open_engine(address, jobs=2)
    try:
        found = {outcome.item: outcome for outcome in completed(engine, eval, items)}
    finally:
        engine.close()
    assert (found["1 + 1"].value, found["2 + 2"].value) == (2, 4)
    assert "division by zero" in str(found["1 / 0"].error)
    assert "its worker died" in str(found[_DIES].error)


@pytest.mark.parametrize("name", ENGINES)
def test_the_same_digest(name: str, digest: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever runs take place, in whatever order and process, their bits and failures are the same."""
    begin, library = ENGINES[name]
    pytest.importorskip(library, reason="runs in `make sweeps`")
    monkeypatch.chdir(tmp_path)
    with begin() as address:
        assert _swept(address) == digest
        if name in ("ipyparallel", "ray"):  # the others have tests of their own
            _deaths(address)


def test_slips_in_addresses() -> None:
    """An option that Slurm's adapter does not know is told."""
    pytest.importorskip("submitit", reason="runs in `make sweeps`")
    with pytest.raises(BadWord, match="`nodes` is no option"):
        open_engine("slurm://gpu?nodes=3")
