"""Who a stretch of code talked to over the network, and whose answers are kept in a file."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .events import Fact

__all__ = ["TALK", "Talk"]

TALK = frozenset(("host", "address", "request", "recorded", "replayed"))
"""Uses of facts that are about hosts."""
_COUNTED = ("request", "recorded")
_MOST = 100_000


class Talk:
    """Collects hosts as ``name:port``; facts may come from any thread."""

    def __init__(self) -> None:
        self._facts: dict[Fact, None] = {}
        self._counted: list[Fact] = []

    def note(self, fact: Fact) -> None:
        """Keep one fact."""
        self._facts.setdefault(fact)
        if fact[0] in _COUNTED and len(self._counted) < _MOST:
            self._counted.append(fact)

    def clear(self) -> None:
        """Forget all."""
        self._facts.clear()
        self._counted.clear()

    def take(self, *, connected: bool) -> tuple[tuple[str, ...], bool]:
        """Return the hosts since the last take, sorted, and whether a file keeps the answers of all of them.

        Args:
            connected: Something was sent; to ask for the address of a name is not to talk.
        """
        if not self._facts:
            return (), False
        found: dict[str, set[str]] = {use: set() for use in TALK}
        for fact in list(self._facts):
            self._facts.pop(fact, None)
            found[fact[0]].add(fact[1])
        counts, self._counted = Counter(self._counted), []
        kept = found["recorded"] | found["replayed"]
        if not connected:
            return tuple(sorted(kept)), bool(kept)
        # an address stands behind a name that was asked for, unless none was
        hosts = found["host"] or found["address"]
        # over a connection that was open before, a request may have gone by the one who keeps answers
        by = any(counts["request", host] > counts["recorded", host] for host in hosts)
        # nor may somebody else have been called by address alone: each name stands for one address, no more is known
        unnamed = found["address"] - hosts
        strangers = len(unnamed) > len(hosts - found["address"])
        told = hosts | kept | (unnamed if strangers else set())
        return tuple(sorted(told)), bool(hosts) and hosts <= found["recorded"] and not by and not strangers
