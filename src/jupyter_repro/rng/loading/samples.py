"""A data set whose every sample is a function of (seed, epoch, index)."""

from __future__ import annotations

import contextlib
import random
import sys
from typing import TYPE_CHECKING, Any

import msgspec
from torch import default_generator
from torch.utils.data import get_worker_info

from jupyter_repro.rng.derive import derive
from jupyter_repro.rng.held import HeldGenerator, generators_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["Batch", "SeededCollate", "SeededSamples"]

Key = tuple[int, int]
"""(epoch, index of the sample)"""


class Batch(msgspec.Struct):
    """Samples on their way to the collate function."""

    samples: Any
    keys: tuple[Key, ...]


class SeededSamples:
    """Stands for a data set: every stream is seeded anew for each sample, wherever it is made.

    Seeded are ``random``, NumPy's and torch's global generators, and those that the data set holds. In the
    user's own process (no workers) they are all put back after each batch.

    Args:
        dataset: A data set with ``__getitem__``.
        seed: What every sample derives from.
    """

    def __init__(self, dataset: Any, seed: int) -> None:
        self.dataset = dataset
        self.seed = seed
        self._held: tuple[HeldGenerator, ...] | None = None

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, key: Key) -> Batch:
        with self._streams():
            self._seed("sample", *key)
            return Batch(self.dataset[key[1]], (key,))

    def __getitems__(self, keys: Sequence[Key]) -> Batch:
        """Return a batch; torch asks for batches in this way where it can."""
        with self._streams():
            samples = []
            for key in keys:
                self._seed("sample", *key)
                samples.append(self.dataset[key[1]])
        return Batch(samples, tuple(keys))

    def collate(self, collate: Callable[[Any], Any], batch: Batch) -> Any:
        """Let the collate function see its samples, with streams that belong to the batch."""
        with self._streams():
            self._seed("batch", *batch.keys[0])
            return collate(batch.samples)

    def held(self) -> tuple[HeldGenerator, ...]:
        """Return the generators that the data set holds, found once a process."""
        if self._held is None:
            self._held = generators_in(self.dataset)
        return self._held

    def _seed(self, *path: str | int) -> None:
        value = derive(self.seed, *path)
        random.seed(value)
        default_generator.manual_seed(value % 2**64)
        numpy = sys.modules.get("numpy.random")
        if numpy is not None:
            numpy.seed(value % 2**32)
        for held in self.held():
            held.seed(held.derived(value))

    @contextlib.contextmanager
    def _streams(self) -> Iterator[None]:
        """Put the streams back after the block; a worker's are nobody else's, so it need not."""
        if get_worker_info() is not None:
            yield
            return
        numpy = sys.modules.get("numpy.random")
        python, torch = random.getstate(), default_generator.get_state()
        legacy = None if numpy is None else numpy.get_state(legacy=False)
        kept = [(held, held.state()) for held in self.held()]
        try:
            yield
        finally:
            random.setstate(python)
            default_generator.set_state(torch)
            if legacy is not None and numpy is not None:
                numpy.set_state(legacy)
            for held, state in kept:
                held.restore(state)

    def __getstate__(self) -> dict[str, Any]:
        # a worker that is spawned finds the generators of its own copy
        return {"dataset": self.dataset, "seed": self.seed, "_held": None}


class SeededCollate:
    """Stands for a collate function, which may draw too; picklable, for workers that are spawned."""

    def __init__(self, samples: SeededSamples, collate: Callable[[Any], Any]) -> None:
        self._samples = samples
        self._collate = collate

    def __call__(self, batch: Batch) -> Any:
        """Return the batch as the user's function makes it."""
        return self._samples.collate(self._collate, batch)
