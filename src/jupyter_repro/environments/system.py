"""Everything below and beside Python, at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Missing
from jupyter_repro.records.system import Loaded, System

from .asked import asked
from .container import container
from .locality import locality
from .processor import processor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["LATER", "loaded", "system"]

LATER = Missing("it is looked at when the record is asked for")
"""Stands where user code may not have loaded the library yet."""


def loaded() -> Loaded:
    """Return what the libraries tell that user code has imported into this process."""
    from .compute import compute
    from .figures import figures
    from .numeric_libraries import numeric_libraries

    return Loaded(libraries=asked(numeric_libraries), figures=asked(figures), compute=compute({}))


def system(*, called: Mapping[str, Iterable[int]] | None = None, libraries: bool = True) -> System:
    """Return what lies below and beside Python.

    Args:
        called: The orders of the cell runs that called each program.
        libraries: Also look at what user code has loaded; not from another thread than its own.
    """
    from .figures import figures
    from .numeric_libraries import numeric_libraries
    from .programs import programs

    return System(
        processor=processor(),
        locality=locality(),
        libraries=asked(numeric_libraries) if libraries else LATER,
        container=container(),
        figures=asked(figures) if libraries else LATER,
        programs=programs(called or {}),
    )
