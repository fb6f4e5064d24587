"""Values of the standard library's types that keep their state in C."""

from __future__ import annotations

import _random
import array
import decimal
import io
import operator
import pathlib
import random
import re
import struct
import types
import typing
import uuid
import weakref
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside
from jupyter_repro.digest.raw_types import plain_text

from .atoms import by_repr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_repro.digest.digester import Digester

__all__ = ["BASES", "FEEDERS"]


def _module(digester: Digester, value: types.ModuleType) -> None:
    state = types.ModuleType.__getattribute__(value, "__dict__")
    name, file = plain_text(state.get("__name__")), plain_text(state.get("__file__"))
    digester.text("module", f"{name} {file}")


def _array(digester: Digester, value: array.array[Any]) -> None:
    digester.spend_buffer(value.itemsize * len(value))
    digester.buffer(f"array.array {value.typecode}", value)


def _memoryview(digester: Digester, value: memoryview) -> None:
    try:
        digester.spend_buffer(value.nbytes)
        digester.tag(f"memoryview {value.format} {value.shape} {value.readonly}")
        digester.buffer("data", value if value.c_contiguous else value.tobytes())
    except ValueError as error:
        raise NotLookedInside("a memoryview that was released") from error


def _pattern(digester: Digester, value: re.Pattern[Any]) -> None:
    digester.container("pattern", value, (value.pattern, value.flags))


def _match(digester: Digester, value: re.Match[Any]) -> None:
    digester.container(
        "match",
        value,
        (value.re, value.string, value.pos, value.endpos, value.regs),
    )


def _by_reduction(tag: str) -> Callable[[Digester, Any], None]:
    """For types of Python's own whose reduction, in C, tells everything."""

    def feed(digester: Digester, value: Any) -> None:
        digester.container(tag, value, value.__reduce__()[1:])

    return feed


def _memory_file(digester: Digester, value: Any) -> None:
    try:
        state = value.__getstate__()
    except ValueError:
        state = ("closed",)
    digester.container(type(value).__name__, value, state)


def _generic_alias(digester: Digester, value: Any) -> None:
    digester.container("alias", value, (value.__origin__, value.__args__))


def _type_variable(digester: Digester, value: Any) -> None:
    """By its name: what binds it is worked out when asked for, by code of the user's."""
    digester.text(type(value).__name__, value.__name__)


def _in_random(_digester: Digester, value: Any) -> Iterable[Any]:
    return (_random.Random.getstate(value),)


def _in_reference(_digester: Digester, value: Any) -> Iterable[Any]:
    """What it refers to; a callback is a function, and fed with what it closes over."""
    return weakref.ReferenceType.__call__(value), weakref.ReferenceType.__dict__["__callback__"].__get__(
        value
    )


BASES: dict[type, Callable[[Digester, Any], Iterable[Any]]] = {
    _random.Random: _in_random,
    weakref.ReferenceType: _in_reference,
    decimal.Decimal: lambda _, value: (str(decimal.Decimal.as_tuple(value)),),
}
"""What a value of a class that inherits from such a type holds."""


FEEDERS: dict[type, Callable[[Digester, Any], None]] = {
    types.ModuleType: _module,
    decimal.Decimal: by_repr("Decimal"),
    pathlib.PosixPath: by_repr("PosixPath"),
    pathlib.WindowsPath: by_repr("WindowsPath"),
    pathlib.PurePosixPath: by_repr("PurePosixPath"),
    pathlib.PureWindowsPath: by_repr("PureWindowsPath"),
    uuid.UUID: by_repr("UUID"),
    array.array: _array,
    memoryview: _memoryview,
    re.Pattern: _pattern,
    re.Match: _match,
    struct.Struct: lambda digester, value: digester.text("Struct", value.format),
    operator.itemgetter: _by_reduction("itemgetter"),
    operator.attrgetter: _by_reduction("attrgetter"),
    operator.methodcaller: _by_reduction("methodcaller"),
    io.StringIO: _memory_file,
    io.BytesIO: _memory_file,
    types.GenericAlias: _generic_alias,
    types.UnionType: lambda digester, value: digester.container("union", value, value.__args__),
    typing.TypeVar: _type_variable,
    typing.ParamSpec: _type_variable,
    random.Random: lambda digester, value: digester.container(
        "Random", value, (random.Random.getstate(value),)
    ),
}
"""What feeds a value of exactly this type."""
