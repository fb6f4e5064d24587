"""In which order samples come: a function of (seed, epoch)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from jupyter_repro.rng.derive import derive

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BatchOrder"]


class BatchOrder:
    """Yields the batches of an epoch as lists of (epoch, index), from any batch on.

    Args:
        length: Samples of the data set.
        batch_size: Samples of a batch.
        shuffle: Whether each epoch has an order of its own.
        drop_last: Whether a last batch that is not full is left out.
        seed: What the orders derive from.
        shard: (rank, number of ranks): every rank takes its share of one common order.
    """

    def __init__(  # noqa: PLR0913 - what a DataLoader is told, all keyword-only
        self,
        *,
        length: int,
        batch_size: int,
        shuffle: bool,
        drop_last: bool,
        seed: int,
        shard: tuple[int, int],
    ) -> None:
        self._length = length
        self._batch_size = batch_size
        self._shuffle = shuffle
        self._drop_last = drop_last
        self._seed = seed
        self._rank, self._ranks = shard
        self.epoch = 0
        self.skip = 0
        """Batches that the next pass leaves out at the beginning."""

    def set_epoch(self, epoch: int) -> None:
        """Give the batches of an epoch, from the first on; accelerate asks for it where it skips batches."""
        self.epoch, self.skip = epoch, 0

    @property
    def samples(self) -> int:
        """Samples of an epoch on this rank; every rank has as many, so that none waits for another."""
        if self._drop_last:
            return self._length // self._ranks
        return -(-self._length // self._ranks)

    def __len__(self) -> int:
        full, rest = divmod(self.samples, self._batch_size)
        return full + (1 if rest and not self._drop_last else 0)

    def __iter__(self) -> Iterator[list[tuple[int, int]]]:
        epoch, size = self.epoch, self._batch_size
        order = self._share(epoch)
        for batch in range(self.skip, len(self)):
            yield [(epoch, index) for index in order[batch * size : (batch + 1) * size]]

    def _share(self, epoch: int) -> list[int]:
        if self._shuffle:
            generator = torch.Generator().manual_seed(derive(self._seed, "order", epoch, bits=64))
            order: list[int] = torch.randperm(self._length, generator=generator).tolist()
        else:
            order = list(range(self._length))
        if self._ranks == 1:
            return order
        wanted = self.samples * self._ranks
        # as torch's DistributedSampler: the first samples come again where the ranks do not divide them
        repeated: list[int] = order * (-(-wanted // self._length)) if wanted > self._length else order
        return repeated[self._rank : wanted : self._ranks]
