"""Calls on real processes: every outcome is told, and one that kills its worker harms no other."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.engines.completed import completed
from jupyter_repro.engines.opening import GROUP, open_engine
from jupyter_repro.errors import BadWord

if TYPE_CHECKING:
    from collections.abc import Callable

pytest.importorskip("loky", reason="an environment made before loky was a dependency")

_DIES = "__import__('os')._exit(3)"


def _outcomes(items: list[str], jobs: int = 2, **options: Any) -> dict[str, Any]:
    engine = open_engine(None, jobs=jobs)
    try:
        found = list(completed(engine, eval, items, **options))
    finally:
        engine.close(kill=True)
    assert sorted(items) == sorted(outcome.item for outcome in found)
    return {outcome.item: outcome.value if outcome.error is None else outcome.error for outcome in found}


def test_values_and_errors() -> None:
    """What a call returns or raises is its own outcome."""
    found = _outcomes(["1 + 1", "1 / 0", "'a' * 3"])
    assert (found["1 + 1"], found["'a' * 3"]) == (2, "aaa")
    assert isinstance(found["1 / 0"], ZeroDivisionError)


def test_a_dying_worker_harms_no_other() -> None:
    """The calls that went down with it are run once more, each alone; only the culprit is lost."""
    slow = [f"(__import__('time').sleep(0.2), {n})[1]" for n in range(4)]
    found = _outcomes([slow[0], _DIES, *slow[1:]])
    assert [found[item] for item in slow] == [0, 1, 2, 3]
    assert "its worker died" in str(found[_DIES])


def test_what_runs_is_told() -> None:
    """While calls run, the engine says which."""
    seen: list[list[str]] = []
    _outcomes(["__import__('time').sleep(1.5)"], jobs=1, on_running=seen.append)
    assert ["__import__('time').sleep(1.5)"] in seen


def test_the_processes_are_not_ours() -> None:
    """A call can do what it likes to its process."""
    (pid,) = _outcomes(["__import__('os').getpid()"], jobs=1).values()
    assert pid != os.getpid()


class _Entry:
    """An entry point, as an installed package would bring."""

    name = "queue"

    def load(self) -> Callable[..., Any]:
        return lambda address, jobs: (address, jobs)


def test_packages_bring_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scheme of an address names an entry point; an unknown one lists those that there are."""
    monkeypatch.setattr(
        "jupyter_repro.engines.opening.metadata.entry_points",
        lambda group: [_Entry()] if group == GROUP else [],
    )
    assert open_engine("queue://host", jobs=3) == ("queue://host", 3)
    with pytest.raises(BadWord, match="no engine is called `slurm`") as caught:
        open_engine("slurm://host")
    assert "dask, local, queue" in caught.value.remedy
