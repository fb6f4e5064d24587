"""Feeders of installed packages, for types of their own."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside
from jupyter_repro.digest.raw_types import qualname_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from importlib.metadata import EntryPoint

    from jupyter_repro.digest.digester import Digester

__all__ = ["GROUP", "Plugins", "feed", "refuse"]

GROUP = "jupyter_repro.digests"
"""Entry point group; each entry is a callable ``feed(digester, value) -> bool``."""


class Plugins:
    """What the packages offer, loaded when the first value comes that nothing else knows.

    Args:
        points: The entry points; None looks at the installed packages.
    """

    def __init__(self, points: Iterable[EntryPoint] | None = None) -> None:
        self._points = points
        self._loaded: tuple[tuple[str, Callable[[Digester, Any], bool]], ...] | None = None
        self._broken: list[str] = []

    def feed(self, digester: Digester, value: Any) -> bool:
        """Feed a value that a package knows; tell whether one did.

        Raises:
            NotLookedInside: A package failed over the value, or it cannot be looked inside.
        """
        for name, feeder in self._feeders():
            try:
                fed = feeder(digester, value)
            except NotLookedInside:
                raise
            except Exception as error:
                raise NotLookedInside(
                    f"the plug-in `{name}` failed over a value of type {qualname_of(type(value))}: {type(error).__name__}"
                ) from error
            if fed:
                return True
        return False

    def refuse(self, value: Any) -> None:
        """Say that nothing knows the value; name the plug-ins that could not be asked.

        Raises:
            NotLookedInside: Always.
        """
        self._feeders()
        reasons = (f"values of type {qualname_of(type(value))} are not looked inside", *self._broken)
        raise NotLookedInside("; ".join(reasons))

    def _feeders(self) -> tuple[tuple[str, Callable[[Digester, Any], bool]], ...]:
        if self._loaded is None:
            from importlib.metadata import entry_points  # tens of milliseconds, once a value is not known

            points = entry_points(group=GROUP) if self._points is None else self._points
            self._loaded = tuple(
                (point.name, feeder)
                for point in sorted(points, key=lambda each: each.name)
                if (feeder := self._load(point)) is not None
            )
        return self._loaded

    def _load(self, point: EntryPoint) -> Callable[[Digester, Any], bool] | None:
        try:
            feeder: Any = point.load()
        except Exception as error:  # noqa: BLE001 - importing another package may fail in any way
            self._broken.append(f"the plug-in `{point.name}` could not be loaded: {type(error).__name__}")
            return None
        if not callable(feeder):
            self._broken.append(f"the plug-in `{point.name}` is not callable")
            return None
        found: Callable[[Digester, Any], bool] = feeder
        return found


@functools.lru_cache(maxsize=1)
def _installed() -> Plugins:
    return Plugins()


def feed(digester: Digester, value: Any) -> bool:
    """Feed a value that an installed plug-in knows; tell whether one did.

    Raises:
        NotLookedInside: A plug-in failed over the value, or it cannot be looked inside.
    """
    return _installed().feed(digester, value)


def refuse(_digester: Digester, value: Any) -> bool:
    """Say that nothing knows the value.

    Raises:
        NotLookedInside: Always.
    """
    _installed().refuse(value)
    return False
