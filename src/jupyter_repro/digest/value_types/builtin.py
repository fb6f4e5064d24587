"""Atoms and containers of Python itself and of its standard library."""

from __future__ import annotations

import collections
import datetime as dt
import decimal
import fractions
import marshal
import pathlib
import types
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.digest.digester import Digester

__all__ = ["FEEDERS"]


def _by_repr(tag: str) -> Callable[[Digester, Any], None]:
    """For types whose own ``repr`` tells everything."""

    def feed(digester: Digester, value: Any) -> None:
        digester.tag(tag, repr(value).encode("utf-8", "surrogatepass"))

    return feed


def _text(digester: Digester, value: str) -> None:
    digester.spend(len(value))
    digester.tag("str", value.encode("utf-8", "surrogatepass"))


def _integer(digester: Digester, value: int) -> None:
    size = value.bit_length() // 8 + 1
    digester.spend(size)
    digester.tag("int", value.to_bytes(size, "big", signed=True))


def _float(digester: Digester, value: float) -> None:
    digester.tag("float", value.hex().encode())


def _complex(digester: Digester, value: complex) -> None:
    digester.tag("complex", f"{value.real.hex()} {value.imag.hex()}".encode())


def _bytes(tag: str) -> Callable[[Digester, Any], None]:
    def feed(digester: Digester, value: bytes) -> None:
        if len(value) > digester.budget.bytes:
            digester.spend(len(value))
        digester.tag(tag, bytes(value))

    return feed


def _sequence(tag: str) -> Callable[[Digester, Any], None]:
    def feed(digester: Digester, value: Any) -> None:
        if not _feed_flat(digester, tag, value, value):
            digester.container(tag, value, value)

    return feed


_FLAT = frozenset((type(None), bool, int, float, complex, str, bytes))
_MARSHAL_VERSION = 2
"""The last version without references: equal values have equal bytes, interned or not."""


def _feed_flat(digester: Digester, tag: str, value: Any, *parts: Any) -> bool:
    """Feed a container of plain atoms at the speed of C; tell whether it was one."""
    size = len(value)
    if not all(set(map(type, part)) <= _FLAT for part in parts):
        return False
    if 2 * size > digester.budget.bytes:
        digester.spend(2 * size)
    digester.tag(f"flat {tag}", marshal.dumps(value, _MARSHAL_VERSION))
    return True


def _mapping(tag: str) -> Callable[[Digester, Any], None]:
    def feed(digester: Digester, value: Any) -> None:
        if not (type(value) is dict and _feed_flat(digester, tag, value, value.keys(), value.values())):
            digester.container(tag, value, (part for item in list(value.items()) for part in item))

    return feed


def _set(tag: str) -> Callable[[Digester, Any], None]:
    def feed(digester: Digester, value: Any) -> None:
        digester.tag(tag, b"".join(sorted(digester.apart(part) for part in list(value))))

    return feed


def _slice(digester: Digester, value: slice) -> None:
    digester.container("slice", value, (value.start, value.stop, value.step))


def _module(digester: Digester, value: types.ModuleType) -> None:
    state = types.ModuleType.__getattribute__(value, "__dict__")
    name, file = state.get("__name__"), state.get("__file__")
    digester.tag("module", f"{name!s} {file!s}".encode("utf-8", "surrogatepass"))


def _counter(digester: Digester, value: Any) -> None:
    digester.container("Counter", value, (part for item in list(dict.items(value)) for part in item))


def _default_dict(digester: Digester, value: Any) -> None:
    parts = (part for item in list(dict.items(value)) for part in item)
    digester.container("defaultdict", value, [value.default_factory, *parts])


def _deque(digester: Digester, value: Any) -> None:
    digester.container("deque", value, [value.maxlen, *value])


FEEDERS: dict[type, Callable[[Digester, Any], None]] = {
    type(None): _by_repr("none"),
    bool: _by_repr("bool"),
    type(...): _by_repr("ellipsis"),
    type(NotImplemented): _by_repr("notimplemented"),
    int: _integer,
    float: _float,
    complex: _complex,
    str: _text,
    bytes: _bytes("bytes"),
    bytearray: _bytes("bytearray"),
    range: _by_repr("range"),
    slice: _slice,
    list: _sequence("list"),
    tuple: _sequence("tuple"),
    dict: _mapping("dict"),
    set: _set("set"),
    frozenset: _set("frozenset"),
    types.ModuleType: _module,
    types.SimpleNamespace: lambda digester, value: digester.feed(vars(value)),
    collections.OrderedDict: _mapping("OrderedDict"),
    collections.Counter: _counter,
    collections.defaultdict: _default_dict,
    collections.deque: _deque,
    dt.date: _by_repr("date"),
    dt.time: _by_repr("time"),
    dt.timedelta: _by_repr("timedelta"),
    decimal.Decimal: _by_repr("Decimal"),
    fractions.Fraction: _by_repr("Fraction"),
    pathlib.PosixPath: _by_repr("PosixPath"),
    pathlib.WindowsPath: _by_repr("WindowsPath"),
    pathlib.PurePosixPath: _by_repr("PurePosixPath"),
    uuid.UUID: _by_repr("UUID"),
}
"""What feeds a value of exactly this type."""


def _datetime(digester: Digester, value: dt.datetime) -> None:
    """A time zone of the user's own would be asked for its ``repr``: only the library's are."""
    zone = value.tzinfo
    if zone is None or type(zone) is dt.timezone or type(zone).__module__ == "zoneinfo":
        digester.tag("datetime", repr(value).encode())
    else:
        digester.feed(zone)


FEEDERS[dt.datetime] = _datetime
