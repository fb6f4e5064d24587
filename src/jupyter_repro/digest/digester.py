"""Feeds values, tagged by type, into one hash."""

from __future__ import annotations

import dataclasses
import hashlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Budget", "Digester", "NotLookedInside"]


class NotLookedInside(Exception):
    """The value has no digest; the message says why."""


@dataclasses.dataclass
class Budget:
    """What may still be looked at; shared by the values of one cell."""

    bytes: int = 1_000_000
    items: int = 5_000
    why: str = ""
    """Why the last value without a digest has none."""


class Digester:
    """One value on its way into a digest.

    Args:
        budget: What may be looked at.
        feeders: For each exact type, what feeds a value of it.
        libraries: Feeders of libraries that the user may have imported, asked in turn.
        namespace: The user's names.
    """

    def __init__(
        self,
        budget: Budget,
        feeders: dict[type, Callable[[Digester, Any], None]],
        libraries: Iterable[Callable[[Digester, Any], bool]],
        namespace: Mapping[str, Any],
    ) -> None:
        self.budget = budget
        self.namespace = namespace
        self._feeders = feeders
        self._libraries = libraries
        self._hash = hashlib.blake2b(digest_size=16)
        self._open: dict[int, int] = {}
        """Containers being fed, by identity, with their depth: a cycle is fed as the depth it leads to."""

    def feed(self, value: Any) -> None:
        """Feed one value.

        Raises:
            NotLookedInside: Its type is not known, or the budget is used up.
        """
        self.budget.items -= 1
        if self.budget.items < 0:
            raise NotLookedInside("too many parts to look at")
        feeder = self._feeders.get(type(value))
        if feeder is not None:
            feeder(self, value)
            return
        for library in self._libraries:
            if library(self, value):
                return
        raise NotLookedInside(
            f"values of type {type.__getattribute__(type(value), '__qualname__')} are not looked inside"
        )

    def tag(self, tag: str, data: bytes = b"") -> None:
        """Feed a type tag and data of known length."""
        self.spend(len(data))
        self._hash.update(b"%s %d\n" % (tag.encode("utf-8", "surrogatepass"), len(data)))
        self._hash.update(data)

    def spend(self, size: int) -> None:
        """Take bytes from the budget before they are looked at.

        Raises:
            NotLookedInside: There are not enough left.
        """
        if size > self.budget.bytes:
            raise NotLookedInside("too big to look inside")
        self.budget.bytes -= size

    def container(self, tag: str, value: Any, parts: Iterable[Any]) -> None:
        """Feed a container and its parts in order; a cycle ends at the container it leads to."""
        depth = self._open.get(id(value))
        if depth is not None:
            self.tag("cycle", str(len(self._open) - depth).encode())
            return
        if len(self._open) > sys.getrecursionlimit() // 8:
            raise NotLookedInside("nested too deeply")
        self._open[id(value)] = len(self._open)
        self.tag(f"{tag}[")
        for part in parts:
            self.feed(part)
        self.tag("]")
        del self._open[id(value)]

    def apart(self, value: Any) -> bytes:
        """Return the digest of a part by itself, for parts without an order."""
        inner = Digester(self.budget, self._feeders, self._libraries, self.namespace)
        inner._open = dict(self._open)
        inner.feed(value)
        return inner.result()

    def result(self) -> bytes:
        """Return the digest of all that was fed."""
        return self._hash.digest()
