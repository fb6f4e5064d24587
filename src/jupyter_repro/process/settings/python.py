"""Settings of Python itself and of its standard library."""

from __future__ import annotations

import decimal
import locale
import re
import sys
import time
import warnings
from pathlib import PosixPath, WindowsPath
from typing import TYPE_CHECKING, Any, cast

from jupyter_repro.process.layered import Layered
from jupyter_repro.process.setting import Reading

if TYPE_CHECKING:
    from collections.abc import Hashable

    from jupyter_repro.process.setting import Setting

__all__ = ["SETTINGS", "layered_settings"]

_FILTER_PARTS = 5
_SIGNALS = tuple(decimal.DefaultContext.traps)


def _decimal() -> tuple[object, ...]:
    context = decimal.getcontext()
    traps = context.traps
    # The flags are left out: computing raises them.
    return (
        context.prec,
        context.rounding,
        context.Emin,
        context.Emax,
        context.capitals,
        context.clamp,
        *map(traps.__getitem__, _SIGNALS),
    )


def _locale() -> tuple[object, ...]:
    return (locale.setlocale(locale.LC_ALL, None),)


def _time_zone() -> tuple[object, ...]:
    return (time.tzname, time.timezone, time.altzone, time.daylight)


def _digits() -> tuple[object, ...]:
    get = getattr(sys, "get_int_max_str_digits", None)
    return () if get is None else (get(),)


_OURS = "(?#jupyter_repro)"


def _in_force() -> list[Any]:
    """Return the filters that a warning meets; from Python 3.14 on a context may have its own."""
    filters = getattr(warnings, "_get_filters", None)
    return cast("list[Any]", warnings.filters if filters is None else filters())


def _is_ours(entry: Any) -> bool:
    """Whether the filter is one that we have put there: it says so in its pattern."""
    return type(entry) is tuple and type(entry[1]) is re.Pattern and entry[1].pattern.startswith(_OURS)


def _filter_key(entry: object) -> Hashable | None:
    if type(entry) is not tuple or len(entry) != _FILTER_PARTS:
        return None
    action, message, category, module, line = entry
    if type(action) is not str or type(line) is not int or not isinstance(category, type):
        return None
    kind = (
        f"{type.__getattribute__(category, '__module__')}.{type.__getattribute__(category, '__qualname__')}"
    )
    texts = (_pattern(message), _pattern(module))
    return None if None in texts else (action, texts[0], kind, texts[1], line)


def _pattern(value: object) -> tuple[object, ...] | None:
    if value is None:
        return ()
    if type(value) is str:
        return (value,)
    if type(value) is re.Pattern:
        return (value.pattern, value.flags)
    return None


def _path_key(entry: object) -> Hashable | None:
    if type(entry) is str:
        return entry
    return str(entry) if type(entry) in (PosixPath, WindowsPath) else None


def layered_settings() -> tuple[Layered, ...]:
    """Return the lists that both imports and users add to; each watch has its own base for them."""
    return (
        Layered(
            "setting:warnings.filters",
            names=frozenset(
                ("warnings", "simplefilter", "filterwarnings", "resetwarnings", "catch_warnings")
            ),
            read=_in_force,
            key=_filter_key,
            passed_by=_is_ours,
        ),
        Layered(
            "setting:sys.path",
            names=frozenset(("sys", "path", "addsitedir")),
            read=lambda: sys.path,
            key=_path_key,
        ),
    )


SETTINGS: tuple[Setting, ...] = (
    Reading(
        "setting:decimal.context",
        frozenset(("decimal", "Decimal", "getcontext", "setcontext", "localcontext")),
        _decimal,
    ),
    Reading(
        "setting:locale", frozenset(("locale", "setlocale", "strftime", "strxfrm", "format_string")), _locale
    ),
    Reading("setting:timezone", frozenset(("tzset", "localtime", "datetime", "astimezone")), _time_zone),
    Reading(
        "setting:sys.recursionlimit",
        frozenset(("sys", "setrecursionlimit", "getrecursionlimit")),
        lambda: (sys.getrecursionlimit(),),
    ),
    Reading(
        "setting:sys.int_max_str_digits",
        frozenset(("sys", "set_int_max_str_digits", "get_int_max_str_digits")),
        _digits,
    ),
)
"""Settings that every process has."""
