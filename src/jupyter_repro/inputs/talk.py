"""Who a stretch of code talked to over the network, and whose answers are kept in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .events import Fact

__all__ = ["TALK", "Talk"]

TALK = frozenset(("host", "address", "recorded"))
"""Uses of facts that are about hosts."""


class Talk:
    """Collects hosts as ``name:port``; facts may come from any thread."""

    def __init__(self) -> None:
        self._facts: dict[Fact, None] = {}

    def note(self, fact: Fact) -> None:
        """Keep one fact."""
        self._facts.setdefault(fact)

    def clear(self) -> None:
        """Forget all."""
        self._facts.clear()

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
        recorded = found["recorded"]
        if not connected:
            return tuple(sorted(recorded)), bool(recorded)
        # an address stands behind a name that was asked for, unless none was
        hosts = found["host"] or found["address"]
        return tuple(sorted(hosts | recorded)), bool(hosts) and hosts <= recorded
