"""The settings that are watched, a file a library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import numpy, python, sklearn, torch
from .matplotlib import RcParams
from .pandas import PandasOptions
from .python import layered_settings

if TYPE_CHECKING:
    from jupyter_repro.process.setting import Setting

__all__ = ["layered_settings", "plain_settings"]


def plain_settings() -> tuple[Setting, ...]:
    """Return the settings that are watched as they are; some remember where to look, so each watch has its own."""
    return (
        *python.SETTINGS,
        *numpy.SETTINGS,
        PandasOptions(),
        *torch.SETTINGS,
        RcParams(),
        *sklearn.SETTINGS,
    )
