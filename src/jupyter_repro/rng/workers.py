"""Workers of torch's DataLoader: the generators that their copies of the data set hold.

torch seeds ``random``, NumPy and itself in each worker. A generator stored on the data set is copied, so
all workers draw the same from it, and again in each epoch, since the parent's never moves.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.imports import ImportWatch, complete
from jupyter_repro.records import Setting

from .guarded import attempt, reason_of
from .held import generators_in

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["WORKERS", "WorkerHook", "seed_worker"]

_HOME = "torch.utils.data._utils.worker"
_NAME = "_worker_loop"
_DATASET, _BASE_SEED, _WORKER_ID = 1, 8, 10
"""Positions of the arguments of torch's worker loop."""


def seed_worker(dataset: object, base_seed: int, worker_id: int) -> None:
    """Seed the generators that a worker's copy of the data set holds, apart from every other worker's.

    Args:
        dataset: The worker's copy.
        base_seed: What torch drew for this epoch.
        worker_id: The worker.
    """
    for held in generators_in(dataset):
        attempt(held.seed, held.derived(base_seed, "worker", worker_id))


def worker_loop(*args: Any, **keywords: Any) -> None:
    """Run torch's worker loop after seeding the data set's generators; in the worker process.

    It is a module's function, which a worker that is spawned can unpickle; there nothing is hooked.
    """
    if len(args) > _WORKER_ID and type(args[_BASE_SEED]) is int and type(args[_WORKER_ID]) is int:
        attempt(seed_worker, args[_DATASET], args[_BASE_SEED], args[_WORKER_ID])
    real = WORKERS.real or getattr(importlib.import_module(_HOME), _NAME)
    real(*args, **keywords)


class WorkerHook:
    """Puts our loop before torch's, where the DataLoader looks for it, and takes it away again."""

    def __init__(self) -> None:
        self._users: set[int] = set()
        self.real: Callable[..., None] | None = None
        """Torch's own loop while ours is in its place."""
        self._watch: ImportWatch | None = None
        self._failure = ""

    @property
    def on(self) -> bool:
        """Whether workers of this process get generators of their own."""
        return bool(self._users)

    def use(self, owner: object, *, on: bool) -> None:
        """Hook the workers for an owner now, or when torch is imported; or no more."""
        change = self._users.add if on else self._users.discard
        change(id(owner))
        if self._users and self._watch is None:
            self._watch = ImportWatch(("torch",), self._put_on, self._failed)
            self._watch.install()
            if complete("torch"):
                attempt(self._put_on, "torch")
        elif not self._users and self._watch is not None:
            self._watch.uninstall()
            self._watch = None
            self._take_off()

    def settings(self, seed: int) -> tuple[Setting, ...]:
        """Say whether the hook is where the DataLoader looks."""
        row: dict[str, Any] = {"name": "seed.DataLoader workers", "requested": "auto" if self.on else "off"}
        note = "torch seeds random, NumPy and itself; generators that a data set holds are seeded by us"
        if not self.on:
            return (
                Setting(
                    **row,
                    effective="torch's own",
                    effect="in force",
                    verified_by="nothing of ours is in the worker's way",
                    note="a generator that a data set holds is copied to every worker",
                ),
            )
        if not complete("torch"):
            why = "torch is not imported"
            return (
                Setting(**row, effective="", effect="waiting", verified_by=f"not verified: {why}", note=why),
            )
        ours = getattr(_home(), _NAME, None) is worker_loop
        return (
            Setting(
                **row,
                effective=f"(seed {seed}, torch's base seed, worker)" if ours else "",
                effect="in force" if ours else "not in force",
                verified_by=f"torch's {_NAME} is {'ours' if ours else 'not ours'}",
                note=note
                if ours
                else self._failure or "another tool replaced it; say `%repro seed=...` again",
            ),
        )

    def _put_on(self, _module: str) -> None:
        home = _home()
        real = getattr(home, _NAME, None)
        if real is None:
            self._failure = "this torch has another worker loop"
            return
        if real is not worker_loop:
            self.real = real
            setattr(home, _NAME, worker_loop)

    def _failed(self, _module: str, error: Exception) -> None:
        self._failure = reason_of(error)

    def _take_off(self) -> None:
        home = _home()
        if self.real is not None and getattr(home, _NAME, None) is worker_loop:
            setattr(home, _NAME, self.real)
        self.real = None


def _home() -> Any:
    return sys.modules.get(_HOME)


WORKERS = WorkerHook()
"""The one of this process."""
