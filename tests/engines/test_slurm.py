"""Jobs of a real Slurm: a controller and a node of this machine."""

from __future__ import annotations

import os
import random
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import jupyter_repro
from jupyter_repro.engines import slurm
from jupyter_repro.engines.completed import completed
from jupyter_repro.engines.opening import open_engine
from jupyter_repro.errors import RunFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("submitit", reason="runs in `make sweeps`")
sys.path.insert(0, str(Path(__file__).parent))
from one_node_slurm import PROGRAMS, CannotStart, one_node_slurm

_MISSING = [
    name for name in PROGRAMS if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None
]
pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # of submitit's own
    pytest.mark.skipif(
        bool(_MISSING), reason="needs slurmctld, slurmd, slurm-client and munge: `make sweeps`"
    ),
    pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may start a Slurm"),
]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of its one partition; the configuration is in force."""
    with pytest.MonkeyPatch.context() as patched:
        folder = tmp_path_factory.mktemp("slurm")
        try:
            with one_node_slurm(folder) as config:
                patched.setenv("SLURM_CONF", str(config))
                patched.chdir(tmp_path_factory.mktemp("project"))
                yield "slurm://trial?time=5&cpus=1"
        except CannotStart as error:
            pytest.skip(f"no Slurm can be started here: {error}")


def _draws(scale: float, seed: int) -> dict[str, float]:
    """Hangs on the global generator, on the seed and on the order of a set."""
    if seed % 3 == 0:
        raise ValueError("this seed fails")
    return {"acc": scale * random.random(), "order": float(list({"a", "b", "c", "d"}).index("a"))}


def test_the_digest_of_this_process(cluster: str) -> None:
    """Each run a job: the bits and failures of a sweep are those of runs in this process."""

    def swept(address: str) -> tuple[str, int]:
        found = jupyter_repro.sweep(
            _draws, seeds=4, params={"scale": 2.0}, seed=42, engine=address, jobs=2, keep=False
        ).record
        return found.digest, sum(bool(point.error) for point in found.points)

    assert swept(cluster) == swept("serial")
    assert swept("serial")[1] == 1, "one run is to fail"


def test_a_job_that_dies_is_told(cluster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that ends without a result is an outcome with its reason, also where Slurm keeps no accounts; others go on."""
    monkeypatch.setattr(slurm, "_ASK_S", 1)
    monkeypatch.setattr(slurm, "_GRACE_S", 3)
    engine = open_engine(cluster, jobs=2)
    dies = "__import__('os')._exit(3)"
    try:
        found = {o.item: (o.value, o.error) for o in completed(engine, eval, ["1 + 1", dies])}
    finally:
        engine.close()
    assert found["1 + 1"] == (2, None)
    assert isinstance(found[dies][1], RunFailed)
    assert "ended without a result" in str(found[dies][1])
