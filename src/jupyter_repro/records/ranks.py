"""What each process of a job wrote down, and what all of it says together."""

from __future__ import annotations

import msgspec

__all__ = ["MergedRanks", "RankBegun", "RankEnded", "RankLine", "RankSame", "RankStep", "RankTold"]

SCHEMA = 1


class RankBegun(msgspec.Struct, frozen=True, kw_only=True, tag="begun", tag_field="is"):
    """One process begins."""

    schema: int = SCHEMA
    rank: int
    """Its global number, from 0."""
    size: int
    """How many there are: another number gives other results."""
    source: str
    """Who said so; empty where nobody did."""
    job: str
    """What the launcher calls the job; empty where it does not say."""
    restart: int = 0
    seed: int
    """The root, which all share."""
    rank_seed: int
    """Its own, 32 bits."""
    environment: str
    """Digest of Python and its packages."""


class RankStep(msgspec.Struct, frozen=True, kw_only=True, tag="step", tag_field="is"):
    """Numbers of one step, as ``float.hex()``."""

    step: int
    values: dict[str, str]


class RankSame(msgspec.Struct, frozen=True, kw_only=True, tag="same", tag_field="is"):
    """A value that every rank should hold."""

    name: str
    digest: str


class RankEnded(msgspec.Struct, frozen=True, kw_only=True, tag="ended", tag_field="is"):
    """One process ends."""

    error: str = ""
    """What ended it; empty where it came to its end."""
    code: str
    """Digest of the program and of the modules of the project that it imported."""


RankLine = RankBegun | RankStep | RankSame | RankEnded


class RankTold(msgspec.Struct, frozen=True, kw_only=True):
    """One journal."""

    begun: RankBegun
    steps: tuple[RankStep, ...] = ()
    same: tuple[RankSame, ...] = ()
    ended: RankEnded | None = None
    begins: int = 1
    """How often it began: more than once after restarts; only the last one counts."""
    damaged: int = 0
    """Lines that could not be read."""


class MergedRanks(msgspec.Struct, frozen=True, kw_only=True):
    """All journals of one job."""

    schema: int = SCHEMA
    size: int
    ranks: tuple[RankTold, ...]
    problems: tuple[str, ...]
    """Why this is no whole and consistent record; empty: it is."""
