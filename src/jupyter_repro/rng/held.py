"""Generators that an object holds: those of a data set, its transforms, and what these hold."""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING, Any

import msgspec

from .derive import derive

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["HeldGenerator", "generators_in", "kind_of"]

_MOST = 20_000
"""Objects looked at: a data set that holds a million samples one by one has its generators near the top."""

_PLAIN = (str, bytes, bytearray, int, float, complex, bool, type(None), type)


class HeldGenerator(msgspec.Struct, frozen=True):
    """A generator and where it was found."""

    path: str
    """``.transform.rng``"""
    generator: Any

    def seed(self, value: int) -> None:
        """Make the generator draw as a new one of its kind seeded with the value would."""
        made, kind = self.generator, kind_of(self.generator)
        if kind == "numpy":
            bits = made.bit_generator
            bits.state = type(bits)(value).state
        elif kind == "numpy legacy":
            made.seed(value % 2**32)
        elif kind == "torch":
            made.manual_seed(value % 2**64)
        else:
            made.seed(value)

    def state(self) -> Any:
        """Return what :meth:`restore` takes."""
        kind = kind_of(self.generator)
        if kind == "numpy":
            return self.generator.bit_generator.state
        return (
            self.generator.getstate()
            if kind == "python"
            else self.generator.get_state(**({"legacy": False} if kind == "numpy legacy" else {}))
        )

    def restore(self, state: Any) -> None:
        """Put the generator back, bit for bit."""
        kind = kind_of(self.generator)
        if kind == "numpy":
            self.generator.bit_generator.state = state
        elif kind == "python":
            self.generator.setstate(state)
        else:
            self.generator.set_state(state)

    def derived(self, seed: int, *path: str | int) -> int:
        """Return the seed of this generator among those found beside it."""
        return derive(seed, *path, "held", self.path)


def kind_of(value: object) -> str:
    """Return ``numpy``, ``numpy legacy``, ``torch`` or ``python`` for a generator, nothing for the rest."""
    made = type(value)  # a proxy may call its owner when it is asked for its class
    if issubclass(made, random.Random):
        return "" if issubclass(made, random.SystemRandom) else "python"
    for module, name, kind in (
        ("numpy.random", "Generator", "numpy"),
        ("numpy.random", "RandomState", "numpy legacy"),
        ("torch", "Generator", "torch"),
    ):
        found: Any = getattr(sys.modules.get(module), name, None)
        if isinstance(found, type) and issubclass(made, found):
            return kind
    return ""


def generators_in(value: object, *, depth: int = 6, most: int = _MOST) -> tuple[HeldGenerator, ...]:
    """Return the generators that an object reaches through attributes and Python's own containers.

    Each is found once, by the path that comes first. Nothing of the user's is called: attributes are read
    from ``__dict__``, so properties and slots are not looked at.

    Args:
        value: The object.
        depth: One more than the steps from the object to a generator.
        most: Objects to look at.
    """
    return tuple(_walk(value, depth, most))


def _walk(value: object, depth: int, most: int) -> Iterator[HeldGenerator]:
    seen: set[int] = set()
    level: list[tuple[str, object]] = [("", value)]
    for _ in range(depth):
        below: list[tuple[str, object]] = []
        for path, each in level:
            if id(each) in seen or len(seen) >= most:
                continue
            seen.add(id(each))
            if kind_of(each):
                yield HeldGenerator(path, each)
            else:
                below.extend(_children(path, each))
        level = below


def _children(path: str, value: object) -> Iterator[tuple[str, object]]:
    if issubclass(type(value), _PLAIN):
        return
    if type(value) is dict:
        pairs = [(f"{path}[{key!r}]", each) for key, each in value.items() if isinstance(key, (str, int))]
    elif type(value) in (list, tuple):
        pairs = [(f"{path}[{index}]", each) for index, each in enumerate(value)]  # type: ignore[var-annotated, arg-type] # checked above
    else:
        pairs = []
    try:
        attributes = object.__getattribute__(value, "__dict__")
    except AttributeError:
        attributes = {}
    if type(attributes) is dict:
        pairs += [(f"{path}.{name}", each) for name, each in attributes.items() if isinstance(name, str)]
    yield from ((where, each) for where, each in pairs if not issubclass(type(each), _PLAIN))
