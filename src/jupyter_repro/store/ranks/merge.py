"""Joining the journals of a job: pure. Are all ranks there, did they run the same, and did none draw what another drew?"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from jupyter_repro.records.ranks import MergedRanks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jupyter_repro.records.ranks import RankTold

__all__ = ["merged"]

_MOST = 8


def merged(ranks: Sequence[RankTold]) -> MergedRanks:
    """Return the joined record with every problem that was found; there must be a rank."""
    ordered = tuple(sorted(ranks, key=lambda each: each.begun.rank))
    size = max(each.begun.size for each in ordered)
    return MergedRanks(size=size, ranks=ordered, problems=tuple(_problems(ordered, size)))


def _problems(ranks: Sequence[RankTold], size: int) -> Iterator[str]:
    there = [each.begun.rank for each in ranks]
    missing = sorted(set(range(size)) - set(there))
    if missing:
        yield f"{_ranks(missing)} of {size} left no journal"
    twice = sorted({rank for rank in there if there.count(rank) > 1})
    if twice:
        yield f"{_ranks(twice)}: more than one journal"
    yield from _other(ranks, "number of ranks", lambda each: str(each.begun.size))
    yield from _other(ranks, "job", lambda each: each.begun.job or "not named")
    yield from _other(ranks, "restart", lambda each: str(each.begun.restart))
    yield from _other(ranks, "root seed", lambda each: str(each.begun.seed))
    yield from _other(ranks, "environment (Python and packages)", lambda each: each.begun.environment[:12])
    yield from _other(ranks, "code", lambda each: each.ended.code[:12] if each.ended is not None else None)
    yield from _duplicates(ranks)
    for each in ranks:
        who = f"rank {each.begun.rank}"
        if each.ended is None:
            yield f"{who} did not come to its end: it was killed, or still runs"
        elif each.ended.error:
            yield f"{who} ended with {each.ended.error}"
        if each.damaged:
            yield f"{who}: {each.damaged} damaged lines"
    names = dict.fromkeys(line.name for each in ranks for line in each.same)
    for name in names:
        yield from _other(
            ranks, f"`{name}`, which all should hold alike", functools.partial(_held, name=name)
        )


def _held(rank: RankTold, *, name: str) -> str:
    return ", ".join(line.digest[:12] for line in rank.same if line.name == name) or "nothing"


def _duplicates(ranks: Sequence[RankTold]) -> Iterator[str]:
    by_seed: dict[int, list[int]] = {}
    for each in ranks:
        by_seed.setdefault(each.begun.rank_seed, []).append(each.begun.rank)
    for seed, found in sorted(by_seed.items()):
        if len(set(found)) > 1:
            yield f"{_ranks(found)} have the same seed of their own, {seed}: they draw the same numbers"


def _other(ranks: Sequence[RankTold], what: str, told: Callable[[RankTold], str | None]) -> Iterator[str]:
    """Yield one sentence if ranks differ in something; those that say nothing of it are left out."""
    values: dict[str, list[int]] = {}
    for each in ranks:
        value = told(each)
        if value is not None:
            values.setdefault(value, []).append(each.begun.rank)
    if len(values) > 1:
        yield f"another {what}: " + "; ".join(f"{_ranks(found)}: {value}" for value, found in values.items())


def _ranks(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:_MOST])) + (" ..." if len(numbers) > _MOST else "")
    return f"rank {shown}" if len(numbers) == 1 else f"ranks {shown}"
