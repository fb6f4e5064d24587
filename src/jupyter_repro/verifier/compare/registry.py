"""Which comparer takes which MIME type: those in the files of this folder, and those of installed packages.

A package offers its own under the entry point group ``jupyter_repro.comparers``: a module of one file with ``MIMES``,
a tuple of types, and ``compare(reference, fresh, *, rtol, atol)``, which gets two texts and returns a verdict and its
reason. Export puts that file into the bundle's copy of this folder, where nothing but the standard library is.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from importlib import metadata
from typing import TYPE_CHECKING

from .comparer import Comparer
from .outcome import IDENTICAL, Outcome, differs, equivalent

if TYPE_CHECKING:
    from collections.abc import Callable

    from .tolerance import Tolerance

__all__ = ["GROUP", "PACKED", "comparer_for", "plugin_modules"]

GROUP = "jupyter_repro.comparers"
PACKED = "plugin_"
"""What the names of another package's files begin with, once they are in this folder."""


def comparer_for(mime: str) -> Comparer | None:
    """Return the comparer of a type: an exact name goes before a pattern, ours before another's."""
    named = (each for each in _every() if mime in each.mimes)
    return next(named, None) or next((each for each in _every() if each.takes(mime)), None)


@functools.cache
def _every() -> tuple[Comparer, ...]:
    package = __package__ or ""
    folder = importlib.import_module(package).__path__
    names = sorted(found.name for found in pkgutil.iter_modules(folder))
    names.sort(key=lambda name: name.startswith(PACKED))
    modules = [f"{package}.{name}" for name in names]
    found = (_in(module) for module in (*modules, *plugin_modules()))
    return tuple(each for each in found if each is not None)


def plugin_modules() -> tuple[str, ...]:
    """Return the modules that installed packages offer."""
    return tuple(sorted({entry.module for entry in metadata.entry_points(group=GROUP)}))


def _in(module: str) -> Comparer | None:
    try:
        loaded = importlib.import_module(module)
    except Exception:  # noqa: BLE001 - a plug-in that cannot be imported takes no type: those are compared by bytes
        return None
    found = getattr(loaded, "COMPARER", None)
    if isinstance(found, Comparer):
        return found
    mimes, compare = getattr(loaded, "MIMES", None), getattr(loaded, "compare", None)
    if not isinstance(mimes, tuple) or not callable(compare):
        return None
    return Comparer(mimes, functools.partial(_by_plugin, compare, module.rpartition(".")[2]))


def _by_plugin(
    compare: Callable[..., tuple[str, str]], name: str, was: str, now: str, tolerance: Tolerance
) -> Outcome:
    verdict, why = compare(was, now, rtol=tolerance.rtol, atol=tolerance.atol)
    said = f"{why} (by the plug-in {name.removeprefix(PACKED)})"
    if verdict == "identical":
        return IDENTICAL if was == now else equivalent(said)
    if verdict == "equivalent":
        return equivalent(said)
    return Outcome("within tolerance", said) if verdict == "within tolerance" else differs(said)
