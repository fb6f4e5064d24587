"""The whole environment at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Environment, Missing

from .compute import compute, devices
from .conda import conda_packages
from .git import git_state
from .hardware import hardware
from .packages import installed_packages
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
) -> Environment:
    """Return everything the run stands on; what is absent says why.

    Args:
        folder: Where the notebook lies, for its git revision; None if that is not known.
        called: The orders of the cell runs that called each program.
        libraries: Also ask the libraries that user code has loaded; not from a thread beside it.
    """
    found, absent = devices()
    return Environment(
        python=python(),
        hardware=hardware(),
        packages=installed_packages(),
        variables=variables(),
        other_variables=other_names(),
        git=git_state(folder) if folder is not None else Missing("the notebook's folder is not known"),
        gpus=found,
        conda=conda_packages(),
        system=system(called=called, libraries=libraries),
        compute=compute(absent, libraries=libraries),
    )
