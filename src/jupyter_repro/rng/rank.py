"""Which of several processes that work on one job this one is."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Rank", "global_rank", "rank_number"]

_LAUNCHERS = (
    ("torchrun", "RANK", "WORLD_SIZE"),
    ("Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ("MVAPICH", "MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_SIZE"),
    ("MPI", "PMI_RANK", "PMI_SIZE"),
    ("Slurm", "SLURM_PROCID", "SLURM_NTASKS"),
)


class Rank(msgspec.Struct, frozen=True):
    """The global number of this process, from 0, and how many there are."""

    rank: int
    size: int
    source: str
    """Who said so; empty where nobody did, which is rank 0 of 1."""


def global_rank(environ: Mapping[str, str] = os.environ) -> Rank:
    """Return the rank from ``torch.distributed`` if it runs, else from the launcher's variables.

    A launcher counts only with a size beside its rank and a rank below it: a lone ``RANK`` may be anything.
    """
    started = _torch_rank()
    if started is not None:
        return started
    for launcher, rank_name, size_name in _LAUNCHERS:
        rank, size = environ.get(rank_name, ""), environ.get(size_name, "")
        if rank.isdecimal() and size.isdecimal() and int(rank) < int(size):
            return Rank(int(rank), int(size), f"{launcher}'s {rank_name}")
    return Rank(0, 1, "")


def _torch_rank() -> Rank | None:
    distributed: Any = sys.modules.get("torch.distributed")
    if distributed is None or not getattr(distributed, "is_available", bool)():
        return None
    if not distributed.is_initialized():
        return None
    return Rank(distributed.get_rank(), distributed.get_world_size(), "torch.distributed")


def rank_number() -> int:
    """Return the global rank as a number, 0 where no job is known."""
    return global_rank().rank
