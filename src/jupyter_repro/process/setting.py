"""What is known about one setting, and how it is compared and digested."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from jupyter_repro.digest.values import Budget, value_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = ["UNREADABLE", "Held", "Reading", "Setting", "digest_of", "same_objects", "unseen", "why_unseen"]

UNREADABLE = (AttributeError, LookupError, TypeError, ValueError, RuntimeError, OSError)
"""What reading a setting raises where a library keeps it elsewhere than the releases we know."""

_UNSEEN = "unseen: "


@runtime_checkable
class Setting(Protocol):
    """One setting of the process.

    No method imports anything, changes anything, or calls code of the user.
    """

    @property
    def name(self) -> str:
        """The resource: ``setting:numpy.errstate``."""

    @property
    def module(self) -> str:
        """The top-level package that brings it; empty: it is always there."""

    @property
    def names(self) -> frozenset[str]:
        """Names in a source that hint at it: roots, attributes, functions."""

    def fingerprint(self) -> object:
        """Return what :meth:`same` takes, as the setting is now."""

    def same(self, fingerprint: object) -> bool:
        """Tell whether the setting still is as it was then; a few microseconds, no value is asked anything."""

    def digest(self) -> str:
        """Return a digest of the content, or an unseen one with its reason."""


class Held:
    """Values that are compared by identity, and kept so that no new value takes the place of an old one."""

    __slots__ = ("values",)
    __hash__ = None  # type: ignore[assignment] # as for every class with an __eq__ of its own

    def __init__(self, values: tuple[object, ...]) -> None:
        self.values = values

    def __eq__(self, other: object) -> bool:
        return type(other) is Held and same_objects(self.values, other.values)


def same_objects(some: Collection[object], others: Collection[object]) -> bool:
    """Tell whether both hold the same objects in the same order."""
    # not ==, which would ask the values; not id(), which every audit hook slows down
    return len(some) == len(others) and all(map(operator.is_, some, others))


@dataclass(frozen=True)
class Reading:
    """A setting that one function reads.

    Attributes:
        read: Returns the values; they are atoms made by C code (``held`` False), or any objects.
        held: Compare the values by identity instead of asking them.
        plain: Turns the values into what has a digest.
    """

    name: str
    names: frozenset[str]
    read: Callable[[], tuple[object, ...]]
    module: str = ""
    held: bool = False
    plain: Callable[[Any], object] | None = None

    def fingerprint(self) -> object:
        """Return the values."""
        values = self.read()
        return Held(values) if self.held else values

    def same(self, fingerprint: object) -> bool:
        """Tell whether the values still are the same."""
        values = self.read()
        if self.held:
            return type(fingerprint) is Held and same_objects(values, fingerprint.values)
        return values == fingerprint

    def digest(self) -> str:
        """Return the digest of the values."""
        values = self.read()
        return digest_of(values if self.plain is None else self.plain(values))


def digest_of(value: object) -> str:
    """Return the digest of a value, or an unseen one with the reason that it has none."""
    budget = Budget()
    digest = value_digest(value, budget=budget)
    return unseen(budget.why) if digest is None else digest


def unseen(reason: str) -> str:
    """Return what stands for the digest of a setting that cannot be looked into."""
    return f"{_UNSEEN}{reason}"


def why_unseen(digest: str) -> str:
    """Return why a digest tells nothing about the content, or nothing if it does.

    Two unseen digests of a watch differ if the setting was set in between, and say nothing more.
    """
    return digest.removeprefix(_UNSEEN) if digest.startswith(_UNSEEN) else ""
