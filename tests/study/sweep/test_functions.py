"""Functions in real worker processes: the same bits on every engine, results kept, nothing of ours moved."""

from __future__ import annotations

import os
import random
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import jupyter_repro
from jupyter_repro.engines.local import LocalEngine
from jupyter_repro.errors import BadWord
from jupyter_repro.study.sweep.functions import FunctionSubject
from jupyter_repro.study.sweep.plan import Settings
from jupyter_repro.study.sweep.running import run_sweep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHIFT = 0.5
_engines: list[LocalEngine] = []


def _draws(lr: float = 0.1) -> dict[str, float]:
    """Draws from every global generator; the order of a set hangs on the hash seed."""
    return {
        "acc": SHIFT + lr * float(np.random.rand()) + random.random(),
        "order": float(list({"a", "b", "c", "d", "e", "f"}).index("a")),
    }


class _Open(LocalEngine):
    """One worker for all tests: its start takes longer than they do."""

    def close(self, *, kill: bool = False) -> None:
        """Stay open."""


@pytest.fixture(scope="module", autouse=True)
def worker() -> Iterator[None]:
    """The worker, which begins with the hash seed that runs have."""
    _engines.append(_Open(1, {"PYTHONHASHSEED": "0"}))
    yield
    LocalEngine.close(_engines.pop(), kill=True)


def _sweep(function: Any, settings: Settings, folder: Path | None = None) -> Any:
    subject = FunctionSubject(function, settings, root=42, root_from="as given")
    return run_sweep(subject, settings, engine=lambda: _engines[0], folder=folder)


def test_every_engine_gives_the_same_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes, or none: each run hangs on its number alone, and no stream of ours moves."""
    monkeypatch.chdir(tmp_path)
    random.seed(7)
    np.random.seed(7)
    states = random.getstate(), np.random.get_state()[1].tolist()
    how: dict[str, Any] = {"seeds": 3, "repeats": 0, "seed": 42, "params": {"lr": 0.2}, "keep": False}
    local = jupyter_repro.sweep(_draws, **how)
    serial = jupyter_repro.sweep(_draws, engine="serial", **how)
    assert local.record.digest == serial.record.digest
    assert len(set(local.values("acc"))) == 3
    assert states == (random.getstate(), np.random.get_state()[1].tolist())
    assert not (tmp_path / ".jupyter_repro").exists()


def test_disturbances_reach_the_run() -> None:
    """Threads, hash seed and one unit in the last place are what the point says, each in its own way."""

    def told(lr: float = 0.1, seed: int = 0) -> dict[str, float]:
        return {
            "seed": seed,
            "threads": float(os.environ["OMP_NUM_THREADS"]),
            "hashed": float(hash("a") % 2**20),
            "lr": lr,
        }

    record = _sweep(
        told, Settings(indices=(5,), repeats=0, ulp=1, other_threads=(3,), hash_seeds=1, params={"lr": 0.5})
    )
    by_kind = {point.kind: point for point in record.points}
    assert not [point.error for point in record.points if point.error]
    assert by_kind["seed"].value("seed") == by_kind["seed"].seed
    assert {kind: point.value("threads") for kind, point in by_kind.items()} == {
        "seed": 1, "ulp": 1, "threads": 3, "hashseed": 1,
    }  # fmt: skip
    assert by_kind["hashseed"].value("hashed") != by_kind["seed"].value("hashed")
    assert by_kind["ulp"].value("lr") != 0.5 == by_kind["seed"].value("lr")


def test_failures_are_points_with_a_reason() -> None:
    """One that raises, one that dies and one that is too slow are named; the others count."""

    def some(seed: int = 0) -> float:
        if seed % 4 == 0:
            raise ValueError("diverged")
        if seed % 4 == 1:
            os._exit(3)
        if seed % 4 == 2:
            time.sleep(60)
        return 1.0

    record = _sweep(some, Settings(indices=(0, 1, 3, 6), repeats=0, timeout_s=8.0))
    told = {point.seed % 4: point.error for point in record.points}
    assert len(told) == 4, "the seeds must try every way"
    assert told[0].startswith("ValueError: diverged (some, line ")
    assert "its process died" in told[1]
    assert told[2] == "it took more than 8 s"
    assert told[3] == ""
    assert record.distributions[0].failed == sum(bool(point.error) for point in record.points)


def test_a_sweep_goes_on_where_it_was(tmp_path: Path) -> None:
    """What is there is not run again, unless code, parameters or a file that it read are others."""
    data = tmp_path / "data.txt"
    data.write_text("1.0")
    ran = tmp_path / "ran"

    def reads(scale: float = 1.0, seed: int = 0) -> float:
        with ran.open("a") as out:
            out.write("x")
        return scale * float(data.read_text()) + seed

    def count() -> int:
        found = len(ran.read_text()) if ran.exists() else 0
        ran.unlink(missing_ok=True)
        return found

    def again(indices: tuple[int, ...], **params: float) -> Any:
        settings = Settings(indices=indices, repeats=1, params=dict(params))
        return _sweep(reads, settings, tmp_path / "kept")

    first = again((0, 1))
    assert count() == 3
    assert again((0, 1)).digest == first.digest
    assert count() == 0
    again((0, 1, 2))
    assert count() == 1
    again((0, 1), scale=2.0)
    assert count() == 3
    data.write_text("2.0")
    assert again((0, 1)).digest != first.digest
    assert count() == 3
    for path in (tmp_path / "kept").iterdir():
        path.write_bytes(path.read_bytes()[:40])
    again((0, 1))
    assert count() == 3, "a damaged file is no result"


def test_what_is_no_number_is_told() -> None:
    """A metric that is missing or a list makes a failed run, not a crash."""
    record = _sweep(lambda: {"loss": [1, 2]}, Settings(indices=(0,), repeats=0, metrics=("loss",)))
    assert record.points[0].error == "it returned `loss` as a list"
    record = _sweep(lambda: {"loss": 1}, Settings(indices=(0,), repeats=0, claim="acc > 0"))
    assert record.points[0].error == "it returned no `acc`, but `loss`"
    assert record.claim.interval is None


def test_what_cannot_be_carried_is_refused() -> None:
    """Before anything runs, with the reason."""
    lock = __import__("threading").Lock()
    with pytest.raises(BadWord, match="cannot be carried"):
        _sweep(lambda: lock.locked(), Settings())  # noqa: PLW0108 - a closure over the lock is the point
    with pytest.raises(BadWord, match="cannot be swept"):
        _sweep(3, Settings())


def test_nothing_heavy_is_imported_with_the_door() -> None:
    """`import jupyter_repro` and the sweep's door load no library of the user's and no engine."""
    code = "import sys, jupyter_repro; jupyter_repro.sweep; print([m for m in ('numpy', 'loky', 'cloudpickle') if m in sys.modules])"
    done = __import__("subprocess").run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
