"""NumPy arrays, scalars, types and generators."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside
from jupyter_repro.digest.raw_types import itself_or_below, module_of

from .homes import is_users
from .instances import feed_object

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_repro.digest.digester import Digester

__all__ = ["feed"]

_CHUNK = 1 << 22
_OPEN_FILE = frozenset(("_mmap",))
"""What an array in a file reads through; its elements are read as they are now."""
_COPY_COST = 4
"""Memory that must be copied to be read in order costs as many times more."""


def feed(digester: Digester, value: Any) -> bool:
    """Feed a value of NumPy; tell whether it was one."""
    numpy: Any = sys.modules.get("numpy")
    if numpy is None or not hasattr(numpy, "ndarray"):
        return False
    kind = type(value)
    if itself_or_below(kind, numpy.ndarray):
        if kind is numpy.ndarray:
            _array(digester, value, numpy)
            return True
        bases = {numpy.ndarray: lambda _, whole: (numpy.ndarray.view(whole, numpy.ndarray),)}
        return feed_object(digester, value, bases, without=_OPEN_FILE)
    if itself_or_below(kind, numpy.generic) and module_of(kind) == "numpy":
        digester.tag("numpy scalar")
        _array(digester, numpy.asarray(value), numpy)
    elif itself_or_below(kind, numpy.dtype):
        _type(digester, value)
    elif kind is numpy.ufunc:
        _ufunc(digester, value)
    elif kind is type(numpy.sum):
        if is_users(value.__module__):
            raise NotLookedInside(f"the dispatcher {value.__qualname__} is not looked inside")
        digester.text("function of", f"{value.__module__}.{value.__qualname__}")
    else:
        return _random(digester, value)
    return True


def _type(digester: Digester, dtype: Any) -> None:
    """Feed a type of elements; a structured one field by field."""
    kind = type(dtype)
    if dtype.isbuiltin == 1 and not dtype.metadata and not dtype.hasobject:
        digester.tag(f"dtype {dtype.str}")
        return
    digester.tag(f"dtype {module_of(kind)} {kind.__qualname__} {dtype.str} {dtype.itemsize}")
    if dtype.names is not None:
        fields = [(name, dtype.fields[name][1]) for name in dtype.names]
        digester.feed((fields, dtype.isalignedstruct))
        for name in dtype.names:
            _type(digester, dtype.fields[name][0])
    elif dtype.subdtype is not None:
        digester.feed(dtype.shape)
        _type(digester, dtype.base)
    if dtype.metadata:
        digester.feed(dict(dtype.metadata))
    if hasattr(dtype, "na_object"):
        digester.feed(dtype.na_object)


def _array(digester: Digester, value: Any, numpy: Any) -> None:
    digester.tag(f"array {value.shape}" if value.flags.writeable else f"read-only array {value.shape}")
    _type(digester, value.dtype)
    _elements(digester, value, numpy)


def _elements(digester: Digester, value: Any, numpy: Any) -> None:
    dtype = value.dtype
    if dtype.names is not None:
        # field by field: what lies between the fields is no content
        for name in dtype.names:
            _elements(digester, value[name], numpy)
    elif dtype.hasobject or dtype.char == "T":
        digester.expect_items(0 if dtype.char == "T" else value.size // 100)
        digester.expect(2 * value.size)
        digester.container("elements", value, (value.ravel().tolist(),))
    elif dtype.char in "gG" and numpy.finfo(dtype).nmant == 63:  # noqa: PLR2004 - an 80 bit number with padding
        digester.spend(value.nbytes)
        parts = numpy.ascontiguousarray(value).reshape(-1).view(numpy.uint8).reshape(-1, 16)[:, :10]
        digester.buffer("elements", numpy.ascontiguousarray(parts).reshape(-1))
    elif value.flags.c_contiguous:
        digester.spend_buffer(value.nbytes)
        digester.buffer("elements", _bytes_of(value, numpy))
    else:
        digester.spend_buffer(value.nbytes * _COPY_COST)
        digester.buffer("elements", *(_bytes_of(part, numpy) for part in _in_order(value, numpy)))


def _bytes_of(value: Any, numpy: Any) -> Any:
    return value.reshape(-1).view(numpy.uint8) if value.nbytes else b""


def _in_order(value: Any, numpy: Any) -> Iterable[Any]:
    """Yield contiguous copies of the rows, a few at a time."""
    if value.ndim == 0 or not value.size:
        yield numpy.ascontiguousarray(value)
        return
    rows = max(1, _CHUNK * len(value) // value.nbytes)
    for start in range(0, len(value), rows):
        yield numpy.ascontiguousarray(value[start : start + rows])


def _ufunc(digester: Digester, value: Any) -> None:
    """A library's universal function is told by its name; one that the user made of a function is not."""
    name = value.__name__
    for home in ("numpy", "numpy.strings", "scipy.special", "numpy.linalg._umath_linalg"):
        if getattr(sys.modules.get(home), name, None) is value:
            digester.text("ufunc", f"{home}.{name}")
            return
    raise NotLookedInside(f"the universal function {name} is not looked inside")


def _random(digester: Digester, value: Any) -> bool:
    kind = type(value)
    random: Any = sys.modules.get("numpy.random")
    if random is None or not hasattr(random, "Generator"):
        return False
    if kind is random.Generator:
        digester.container("Generator", value, (value.bit_generator,))
    elif kind is random.RandomState:
        digester.container("RandomState", value, (value.get_state(legacy=False),))
    elif kind is random.SeedSequence:
        digester.container("SeedSequence", value, (value.state,))
    elif itself_or_below(kind, random.BitGenerator) and module_of(kind).startswith("numpy."):
        seeds = getattr(value, "seed_seq", None)
        # a generator made from a state has no seeds to spawn from
        spawns = seeds if type(seeds) is random.SeedSequence else None
        digester.container(kind.__name__, value, (value.state, spawns))
    else:
        return False
    return True
