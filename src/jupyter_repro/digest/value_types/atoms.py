"""Values without parts."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_repro.digest.digester import Digester

__all__ = ["BASES", "FEEDERS", "by_repr"]


_SHORT = 1000


def by_repr(tag: str) -> Callable[[Digester, Any], None]:
    """Return what feeds values of a type whose own ``repr`` tells everything."""

    def feed(digester: Digester, value: Any) -> None:
        digester.text(tag, repr(value))

    return feed


def _text(digester: Digester, value: str) -> None:
    digester.text("str", value)


def _integer(digester: Digester, value: int) -> None:
    size = value.bit_length() // 8 + 1
    digester.expect(size)
    digester.tag("int", value.to_bytes(size, "big", signed=True))


def _float(digester: Digester, value: float) -> None:
    digester.tag("float", struct.pack("<d", value))


def _complex(digester: Digester, value: complex) -> None:
    digester.tag("complex", struct.pack("<dd", value.real, value.imag))


def _bytes(digester: Digester, value: bytes | bytearray) -> None:
    if len(value) < _SHORT:
        digester.tag(type(value).__name__, value)
        return
    digester.spend_buffer(len(value))
    digester.buffer(type(value).__name__, value)


def _slice(digester: Digester, value: slice) -> None:
    digester.container("slice", value, (value.start, value.stop, value.step))


FEEDERS: dict[type, Callable[[Digester, Any], None]] = {
    type(None): by_repr("none"),
    bool: by_repr("bool"),
    type(...): by_repr("ellipsis"),
    type(NotImplemented): by_repr("notimplemented"),
    int: _integer,
    float: _float,
    complex: _complex,
    str: _text,
    bytes: _bytes,
    bytearray: _bytes,
    range: by_repr("range"),
    slice: _slice,
}
"""What feeds a value of exactly this type."""


def _real(value: Any) -> float:
    real: float = complex.__dict__["real"].__get__(value)
    return real


def _imaginary(value: Any) -> float:
    imaginary: float = complex.__dict__["imag"].__get__(value)
    return imaginary


def _in_bytes(digester: Digester, value: bytes) -> Iterable[Any]:
    digester.expect(bytes.__len__(value))
    return (bytes.__getitem__(value, slice(None)),)


def _in_bytearray(digester: Digester, value: bytearray) -> Iterable[Any]:
    digester.expect(bytearray.__len__(value))
    return (bytearray.__getitem__(value, slice(None)),)


BASES: dict[type, Callable[[Digester, Any], Iterable[Any]]] = {
    int: lambda _, value: (int.__int__(value),),
    float: lambda _, value: (float.__float__(value),),
    complex: lambda _, value: (_real(value), _imaginary(value)),
    str: lambda _, value: (str.__str__(value),),
    bytes: _in_bytes,
    bytearray: _in_bytearray,
}
"""What a value of a class that inherits from such a type is, as plain parts."""
