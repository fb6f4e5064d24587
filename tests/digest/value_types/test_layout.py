"""An object is read whole or not at all: the size of its class tells whether something is out of sight."""

from __future__ import annotations

import array
import collections
import ctypes
import decimal
import io
import itertools
import mmap
import threading
import types
from typing import Any

import numpy as np
import pytest

from jupyter_repro.digest.value_types.instances import BASES
from jupyter_repro.digest.value_types.layout import layout_of, state_of
from jupyter_repro.digest.values import Budget, value_digest


def below(*bases: type, **held: Any) -> Any:
    return types.new_class("Below", bases, exec_body=lambda names: names.update(held, __module__="__main__"))


PLAIN = below(object)
SLOTTED = below(object, __slots__=("a", "b"))

IN_SIGHT = [
    (PLAIN, object, 0),
    (SLOTTED, object, 2),
    (below(SLOTTED, __slots__=("c",)), object, 3),
    (below(SLOTTED, __slots__=("a",)), object, 3),
    (below(SLOTTED), object, 2),
    (below(object, __slots__=("__dict__",)), object, 0),
    (below(object, __slots__=("__weakref__", "x")), object, 1),
    (below(PLAIN, SLOTTED), object, 2),
    (below(dict), dict, 0),
    (below(dict, __slots__=()), dict, 0),
    (below(dict, __slots__=("a",)), dict, 1),
    (below(PLAIN, dict), dict, 0),
    (below(dict, PLAIN), dict, 0),
    (below(collections.OrderedDict), collections.OrderedDict, 0),
    (below(collections.Counter), dict, 0),
    (below(tuple, __slots__=()), tuple, 0),
    (below(tuple), tuple, 0),
    (below(int), int, 0),
    (below(str), str, 0),
    (below(bytes), bytes, 0),
    (below(float), float, 0),
    (below(ValueError), ValueError, 0),
    (below(OSError, __slots__=("a",)), OSError, 1),
    (below(decimal.Decimal), decimal.Decimal, 0),
    (collections.UserDict, object, 0),
]


@pytest.mark.parametrize(("kind", "base", "slots"), IN_SIGHT)
def test_what_python_adds_is_in_sight(kind: type, base: type, slots: int) -> None:
    """Attributes, slots, and a base that can be read, in any mixture."""
    layout = layout_of(kind, BASES)
    assert layout is not None
    assert (layout.base, len(layout.slots)) == (base, slots)


OUT_OF_SIGHT = [
    (array.array, lambda kind: kind("i", [1])),
    (io.StringIO, lambda kind: kind("a")),
    (io.BytesIO, lambda kind: kind(b"a")),
    (threading.local, lambda kind: kind()),
    (ctypes.c_int, lambda kind: kind(1)),
    (itertools.count, lambda kind: kind(1)),
    (mmap.mmap, lambda kind: kind(-1, 10)),
    (np.random.Generator, lambda kind: kind(np.random.PCG64(1))),
    (types.ModuleType, lambda kind: kind("a")),
]


@pytest.mark.parametrize(("base", "make"), OUT_OF_SIGHT)
def test_what_is_out_of_sight_is_refused(base: type, make: Any) -> None:
    """A class that inherits from a type with a state of its own in C has no digest."""
    kind = below(base)
    assert layout_of(kind, BASES) is None
    assert value_digest(make(kind), budget=Budget()) is None


def test_a_slot_that_lost_its_name_is_missed() -> None:
    """A slot whose descriptor was deleted or covered still takes its place, and the object is refused."""
    kind = below(object, __slots__=("a", "b"))
    assert layout_of(kind, BASES) is not None
    kind.b = 3
    assert layout_of(kind, BASES) is None


def test_slots_of_one_name_in_two_classes_are_two() -> None:
    """A slot covered by one of the same name further down keeps its own content."""
    upper = below(object, __slots__=("a",))
    lower = below(upper, __slots__=("a",))
    value = lower()
    value.a = 1
    upper.__dict__["a"].__set__(value, 2)
    layout = layout_of(lower, BASES)
    assert layout is not None
    attributes, slots = state_of(layout, value)
    assert attributes is None
    assert sorted(slots.values()) == [1, 2]
