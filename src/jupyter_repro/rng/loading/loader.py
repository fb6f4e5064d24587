"""The loader: torch's own DataLoader over seeded samples in a seeded order, with a position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.utils.data import DataLoader, IterableDataset, default_collate

from jupyter_repro.errors import BadLoader
from jupyter_repro.rng.children import named_seed

from .order import BatchOrder
from .samples import SeededCollate, SeededSamples

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["ReproLoader", "make_loader"]

_VERSION = 1
_OURS = ("batch_sampler", "generator", "sampler")
_LATER = ("persistent_workers", "prefetch_factor", "num_workers", "pin_memory", "timeout")
"""What may differ between the run that saves a state and the one that goes on."""


def make_loader(  # noqa: PLR0913 - what a DataLoader is told, all keyword-only
    dataset: Any,
    *,
    batch_size: int = 1,
    shuffle: bool = False,
    drop_last: bool = False,
    seed: int | None = None,
    name: str = "loader",
    shard: tuple[int, int] = (0, 1),
    **options: Any,
) -> ReproLoader:
    """Return a DataLoader whose batches are a function of (seed, name, epoch, position) alone.

    Raises:
        BadLoader: The data set cannot be indexed, or an option would break the promise.
        NoSeed: No seed is in force and none is given.
    """
    if isinstance(dataset, IterableDataset) or not hasattr(dataset, "__getitem__"):
        raise BadLoader(
            f"a {type(dataset).__name__} has no samples by index, so no position can be returned to",
            remedy="give a data set with `__getitem__` and `__len__`",
        )
    for option in _OURS:
        if options.get(option) is not None:
            raise BadLoader(
                f"`{option}=` would decide the order, which the seed decides",
                remedy="leave it out; use `shuffle=` and `shard=`",
            )
    if options.get("in_order") is False:
        raise BadLoader("with `in_order=False` the order is left to chance", remedy="leave it out")
    if isinstance(batch_size, bool) or not isinstance(batch_size, int) or batch_size < 1:
        raise BadLoader(f"`batch_size={batch_size}` is no number of samples", remedy="write 1 or more")
    rank, ranks = shard
    if not 0 <= rank < ranks:
        raise BadLoader(f"`shard={shard}` is no share", remedy="write (rank, number of ranks)")
    root = named_seed(name, seed=seed)
    order = BatchOrder(
        length=len(dataset),
        batch_size=batch_size,
        shuffle=shuffle,
        drop_last=drop_last,
        seed=root,
        shard=(rank, ranks),
    )
    facts = {
        "seed": f"{root:032x}", "samples": len(dataset), "batch_size": batch_size, "shuffle": shuffle,
        "drop_last": drop_last, "shard": [rank, ranks],
    }  # fmt: skip
    return ReproLoader(SeededSamples(dataset, root), order, facts, options)


class ReproLoader(DataLoader):  # type: ignore[misc] # mypy does not read torch
    """A DataLoader with :meth:`state_dict` and :meth:`load_state_dict`, exact for any number of workers.

    It draws nothing from the global generators, also not at ``iter()``. Each pass is the next epoch; after
    :meth:`load_state_dict` the next pass goes on in the middle of the one that was saved.
    """

    def __init__(
        self,
        samples: SeededSamples,
        order: BatchOrder,
        facts: Mapping[str, object],
        options: Mapping[str, Any],
    ) -> None:
        collate = options.get("collate_fn") or default_collate
        given = {key: value for key, value in options.items() if key not in (*_OURS, "collate_fn")}
        self._order = order
        self._facts = dict(facts)
        self._epoch, self._batch = 0, 0
        self._resumed = True
        super().__init__(
            samples,
            batch_sampler=order,
            collate_fn=SeededCollate(samples, collate),
            # its own: torch draws a base seed at every iter()
            generator=torch.Generator().manual_seed(0),
            **given,
        )

    @property
    def epoch(self) -> int:
        """The epoch, from 0, of the pass that runs or comes next after :meth:`load_state_dict`."""
        return self._epoch

    @property
    def held_generators(self) -> tuple[str, ...]:
        """Where the data set holds generators, which are seeded for each sample too."""
        return tuple(held.path for held in self.dataset.held())

    def set_epoch(self, epoch: int) -> None:
        """Begin the next pass at the first batch of an epoch."""
        self._epoch, self._batch, self._resumed = epoch, 0, True

    def __iter__(self) -> Iterator[Any]:
        if not self._resumed:
            self._epoch, self._batch = self._epoch + 1, 0
        self._resumed = False
        self._order.epoch, self._order.skip = self._epoch, self._batch
        epoch = self._epoch
        batches = super().__iter__()
        return self._counted(batches, epoch)

    def _counted(self, batches: Iterator[Any], epoch: int) -> Iterator[Any]:
        for batch in batches:
            if epoch == self._epoch:
                self._batch += 1
            yield batch
        if epoch == self._epoch and self._batch >= len(self._order):
            self.set_epoch(epoch + 1)

    def state_dict(self) -> dict[str, Any]:
        """Return the position after the batch that was given out last, as plain data."""
        return {"version": _VERSION, "epoch": self._epoch, "batch": self._batch, **self._facts}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Let the next pass go on after the batch that the state was taken at.

        Raises:
            BadLoader: The state is of a loader that would give other batches.
        """
        for key, mine in (("version", _VERSION), *self._facts.items()):
            if state.get(key) != mine:
                raise BadLoader(
                    f"the state is of a loader with {key} {state.get(key)!r}, this one has {mine!r}",
                    remedy="make it as the first one was; only the number of workers may differ",
                )
        epoch, batch = state.get("epoch"), state.get("batch")
        if not (_is_count(epoch) and _is_count(batch) and batch <= len(self._order)):  # type: ignore[operator] # counts
            raise BadLoader(f"no pass is at epoch {epoch!r}, batch {batch!r}", remedy="save the state again")
        self._epoch, self._batch, self._resumed = epoch, batch, True  # type: ignore[assignment] # counts


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
