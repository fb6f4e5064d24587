"""The whole environment at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Environment, Missing

from .conda import conda_packages
from .git import git_state
from .gpu import gpus
from .hardware import hardware
from .packages import installed_packages
from .python import python
from .system import system
from .variables import variables

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["capture_environment"]


def capture_environment(folder: Path | None) -> Environment:
    """Return everything the run stands on; what is absent says why.

    Args:
        folder: Where the notebook lies, for its git revision; None if that is not known.
    """
    return Environment(
        python=python(),
        hardware=hardware(),
        packages=installed_packages(),
        variables=variables(),
        git=git_state(folder) if folder is not None else Missing("the notebook's folder is not known"),
        gpus=gpus(),
        conda=conda_packages(),
        system=system(),
    )
