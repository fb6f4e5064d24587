"""Dates, times, durations and time zones."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside

from .atoms import by_repr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_repro.digest.digester import Digester

__all__ = ["BASES", "FEEDERS", "feed_zone"]

_DATE = ("year", "month", "day")
_TIME = ("hour", "minute", "second", "microsecond", "fold", "tzinfo")
_LENGTH = ("days", "seconds", "microseconds")


def _fields(kind: type, *names: str) -> Callable[[Digester, Any], Iterable[Any]]:
    """Read the fields of the type itself; a class that inherits from it may have its own of that name."""
    readers = [_reader(kind, name) for name in names]

    def parts(_digester: Digester, value: Any) -> Iterable[Any]:
        return [read(value) for read in readers]

    return parts


def _reader(kind: type, name: str) -> Callable[[Any], Any]:
    descriptor = next(each.__dict__[name] for each in kind.__mro__ if name in each.__dict__)
    read: Callable[[Any], Any] = descriptor.__get__
    return read


def _in_timezone(_digester: Digester, value: Any) -> Iterable[Any]:
    parts: Iterable[Any] = dt.timezone.__getinitargs__(value)  # type: ignore[attr-defined]  # typeshed leaves it out
    return parts


BASES: dict[type, Callable[[Digester, Any], Iterable[Any]]] = {
    dt.date: _fields(dt.date, *_DATE),
    dt.time: _fields(dt.time, *_TIME),
    dt.datetime: _fields(dt.datetime, *_DATE, *_TIME),
    dt.timedelta: _fields(dt.timedelta, *_LENGTH),
    dt.timezone: _in_timezone,
    dt.tzinfo: lambda *_: (),
}
"""What a value of such a type, or of a class that inherits from it, holds."""


def _time(digester: Digester, value: dt.datetime | dt.time) -> None:
    """Without its zone it spells itself; a zone may be of a class of the user's."""
    zone = value.tzinfo
    digester.text(type(value).__name__, repr(value if zone is None else value.replace(tzinfo=None)))
    if zone is not None:
        digester.feed(zone)


FEEDERS: dict[type, Callable[[Digester, Any], None]] = {
    dt.date: by_repr("date"),
    dt.timedelta: by_repr("timedelta"),
    dt.datetime: _time,
    dt.time: _time,
}
"""What feeds a value of exactly this type."""


def feed_zone(digester: Digester, value: Any) -> bool:
    """Feed a zone of the system's time zone database by its key; tell whether the value was one."""
    zoneinfo: Any = sys.modules.get("zoneinfo")
    if zoneinfo is None or type(value) is not getattr(zoneinfo, "ZoneInfo", None):
        return False
    if type(value.key) is not str:
        raise NotLookedInside("a time zone without a key")
    digester.text("zone", value.key)
    return True
