"""Whether a generator of :mod:`random` has moved, told by the memory that holds its state.

``getstate`` makes 625 integers, which is an eighth of all that is done around an ordinary cell. CPython keeps
them as one block in the object (``RandomObject`` in ``Modules/_randommodule.c``: the position, then the words);
whether that is so here is tried on a generator of our own, and where it is not, ``getstate`` is asked.
"""

from __future__ import annotations

import random
import struct
from typing import Any

__all__ = ["StateMemory"]

_WORDS = 624
_LAYOUT = struct.Struct(f"i{_WORDS}I")


class StateMemory:
    """Marks the state of one generator.

    Args:
        generator: A generator as ``random.Random`` makes them, or anything with a ``getstate``; it is kept alive.
    """

    def __init__(self, generator: Any) -> None:
        self._generator = generator
        self._memory: Any = _memory_of(generator) if _is_laid_out_as_known() else None
        if self._memory is not None and not _tells(self._memory, generator):
            self._memory = None

    def mark(self) -> object:
        """Return what is equal to another mark if the generator has not moved in between."""
        if self._memory is None:
            return self._generator.getstate()
        return self._memory.raw, self._generator.gauss_next  # a half-used pair


def _memory_of(generator: Any) -> Any:
    """Return a view of the state in the object, None where there can be none."""
    try:
        import ctypes
    except ImportError:
        return None
    head = object.__basicsize__
    if type(generator) is not random.Random or _basic_size() < head + _LAYOUT.size:
        return None
    return (ctypes.c_char * _LAYOUT.size).from_address(id(generator) + head)


def _basic_size() -> int:
    return random.Random.__mro__[1].__basicsize__


def _tells(memory: Any, generator: random.Random) -> bool:
    position, *words = _LAYOUT.unpack(memory.raw)
    return bool(generator.getstate()[1] == (*words, position))


def _is_laid_out_as_known() -> bool:
    """Tell whether the memory of a generator of our own follows it while it draws."""
    twin = random.Random(1)  # noqa: S311 - no secret
    memory = _memory_of(twin)
    if memory is None or not _tells(memory, twin):
        return False
    before = memory.raw
    twin.random()
    return memory.raw != before and _tells(memory, twin)
