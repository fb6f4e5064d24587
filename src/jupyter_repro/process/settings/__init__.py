"""The settings that are watched, a file a library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import numpy, python, sklearn, torch
from .folder import Folder
from .matplotlib import RcParams
from .pandas import PandasOptions
from .python import layered_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.process.setting import Setting

__all__ = ["layered_settings", "plain_settings"]


def plain_settings(*, folder_moves: Callable[[], int] | None = None) -> tuple[Setting, ...]:
    """Return the settings that are watched as they are; some remember where to look, so each watch has its own.

    Args:
        folder_moves: Returns a number that grows whenever the process changes its folder.
    """
    return (
        Folder(folder_moves),
        *python.SETTINGS,
        *numpy.SETTINGS,
        PandasOptions(),
        *torch.SETTINGS,
        RcParams(),
        *sklearn.SETTINGS,
    )
