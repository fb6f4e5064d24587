"""Runs inside a run, as ``%%capture`` makes them: what they opened, drew and did belongs to the cell around them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jupyter_repro.records import Use
    from jupyter_repro.replay.open_run import After, OpenRun

__all__ = ["InnerRuns"]

_Fact = TypeVar("_Fact")


class InnerRuns:
    """Keeps what each inner run was seen to do until the run around it ends."""

    def __init__(self) -> None:
        self._kept: dict[int, list[After]] = {}

    def joined(self, run: OpenRun, after: After) -> After:
        """Return what is known of the end of a run, with what the runs inside it did; keep it for the one around it."""
        inner = self._kept.pop(run.order, None)
        found = after if inner is None else _joined(inner, after)
        if run.parent is not None:
            self._kept.setdefault(run.parent, []).append(found)
        return found

    def clear(self) -> None:
        """Forget runs that will not be seen to end."""
        self._kept.clear()


def _joined(inner: Sequence[After], own: After) -> After:
    whole = (*inner, own)
    reads, writes = _files(inner, own)
    return msgspec.structs.replace(
        own,
        reads=reads,
        writes=writes,
        effects=_once(each.effects for each in whole),
        leaks=_once(each.leaks for each in whole),
        ops=_once(each.ops for each in whole),
        amp=next((each.amp for each in whole if each.amp is not None), None),
        training=_once(each.training for each in whole),
        hosts=_once(each.hosts for each in whole),
        derives=all(each.derives for each in whole),
        reseeded=any(each.reseeded for each in whole),
        drew_first=frozenset().union(*(each.drew_first for each in whole)),
        asked=frozenset().union(*(each.asked for each in whole)),
    )


def _once(several: Iterable[tuple[_Fact, ...]]) -> tuple[_Fact, ...]:
    return tuple(dict.fromkeys(itertools.chain.from_iterable(several)))


def _files(inner: Sequence[After], own: After) -> tuple[tuple[Use, ...], tuple[tuple[str, str | None], ...]]:
    """Join the files; settings and modules are compared from the beginning of the outer run to its end anyway."""
    reads: dict[str, Use] = {}
    writes: dict[str, str | None] = {}
    for after in inner:
        for use in after.reads:
            if use.resource.startswith("file:") and use.resource not in writes:
                reads.setdefault(use.resource, use)
        writes.update((resource, digest) for resource, digest in after.writes if resource.startswith("file:"))
    later = (use for use in own.reads if use.resource not in reads and use.resource not in writes)
    reads.update((use.resource, use) for use in later)
    writes.update(own.writes)
    return tuple(reads.values()), tuple(writes.items())
