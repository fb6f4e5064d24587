"""Which runs a sweep has: pure, from its settings alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import BadWord
from jupyter_repro.records import MOST_THREADS
from jupyter_repro.records.sweeps import SweepPoint
from jupyter_repro.rng.swept import swept_seed

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Settings", "indices_from", "points_of", "threads_from"]

MOST = 100_000
"""Runs of one sweep."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a sweep, whatever it runs."""

    indices: tuple[int, ...] = tuple(range(16))
    """Which children of the root seed."""
    metrics: tuple[str, ...] = ()
    claim: str = ""
    params: dict[str, object] = {}
    repeats: int = 2
    """How often the first seed is run again, unchanged."""
    ulp: int = 0
    """Runs of the first seed with numbers that are moved by a unit in the last place."""
    other_threads: tuple[int, ...] = ()
    hash_seeds: int = 0
    """Runs of the first seed under other hash seeds."""
    threads: int = 1
    """Threads of each run; sums are split by threads, so that another number gives other bits."""
    timeout_s: float | None = None


def indices_from(text: str) -> tuple[int, ...]:
    """Return the indices that ``16``, ``0:32`` or ``3,5,8`` means.

    Raises:
        BadWord: It is none of these, or names nothing.
    """
    if re.fullmatch(r"[0-9]+", text):
        found: Sequence[int] = range(int(text))
    elif span := re.fullmatch(r"([0-9]+):([0-9]+)", text):
        found = range(int(span[1]), int(span[2]))
    elif re.fullmatch(r"[0-9]+(,[0-9]+)*,?", text):
        found = list(dict.fromkeys(int(each) for each in text.split(",") if each))
    else:
        raise BadWord(f"`{text}` names no seeds", remedy="write `16`, `0:32` or `3,5,8`")
    if not found or len(found) > MOST:
        raise BadWord(
            f"`{text}` names {len(found)} seeds", remedy=f"write a number or a span of 1 to {MOST} seeds"
        )
    return tuple(found)


def threads_from(text: str) -> tuple[int, ...]:
    """Return the numbers of threads that ``1,2,4`` means; empty means none.

    Raises:
        BadWord: One is no number from 1 to :data:`MOST_THREADS`.
    """
    words = [each for each in text.split(",") if each]
    if not all(each.isascii() and each.isdecimal() and 0 < int(each) <= MOST_THREADS for each in words):
        raise BadWord(f"`threads={text}` are no numbers of threads", remedy="write `threads=2,4`")
    return tuple(dict.fromkeys(map(int, words)))


def points_of(settings: Settings, root: int) -> tuple[SweepPoint, ...]:
    """Return every run, without values: first those of the seeds, then what keeps the first seed.

    Raises:
        BadWord: Two children of the root are the same number.
    """
    seeds = {index: swept_seed(root, index) for index in settings.indices}
    if len(set(seeds.values())) != len(seeds):
        raise BadWord(f"two of the child seeds of {root} are the same number", remedy="take another root")
    first = settings.indices[0]
    base = SweepPoint(
        kind="seed", number=0, index=first, seed=seeds[first], threads=settings.threads, hash_seed=0
    )
    replace = msgspec.structs.replace
    points = [
        replace(base, number=number, index=index, seed=seeds[index])
        for number, index in enumerate(settings.indices)
    ]
    points += [replace(base, kind="repeat", number=number) for number in range(settings.repeats)]
    points += [replace(base, kind="ulp", number=number) for number in range(settings.ulp)]
    points += [
        replace(base, kind="threads", number=number, threads=threads)
        for number, threads in enumerate(each for each in settings.other_threads if each != settings.threads)
    ]
    points += [
        replace(base, kind="hashseed", number=number, hash_seed=number + 1)
        for number in range(settings.hash_seeds)
    ]
    return tuple(points)
