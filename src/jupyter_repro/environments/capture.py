"""The whole environment at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Environment

from .apart import slow_part, slow_part_apart
from .compute import compute, devices
from .hardware import hardware
from .package_indexes import package_indexes
from .python import python
from .system import system
from .variables import other_names, variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["capture_environment"]


def capture_environment(
    folder: Path | None,
    *,
    called: Mapping[str, Iterable[int]] | None = None,
    libraries: bool = True,
    apart: bool = False,
) -> Environment:
    """Return everything the run stands on; what is absent says why.

    Args:
        folder: Where the notebook lies, for its git revision; None if that is not known.
        called: The orders of the cell runs that called each program.
        libraries: Also ask the libraries that user code has loaded; not from a thread beside it.
        apart: Leave what takes long to a process of its own, if one can be started.
    """
    packages, conda, git = (slow_part_apart(folder) if apart else None) or slow_part(folder)
    found, absent = devices()
    return Environment(
        python=python(),
        hardware=hardware(),
        packages=packages,
        variables=variables(),
        other_variables=other_names(),
        git=git,
        gpus=found,
        conda=conda,
        indexes=package_indexes(),
        system=system(called=called, libraries=libraries),
        compute=compute(absent, libraries=libraries),
    )
