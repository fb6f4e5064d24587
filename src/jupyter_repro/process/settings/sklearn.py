"""scikit-learn's configuration."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.process.setting import Reading

if TYPE_CHECKING:
    from jupyter_repro.process.setting import Setting

__all__ = ["SETTINGS"]


def _sklearn() -> Any:
    return sys.modules["sklearn"]


SETTINGS: tuple[Setting, ...] = (
    Reading(
        "setting:sklearn.config",
        frozenset(("sklearn", "set_config", "config_context", "get_config", "set_output")),
        lambda: tuple(_sklearn().get_config().values()),
        module="sklearn",
        held=True,
        plain=lambda _values: _sklearn().get_config(),
    ),
)
"""scikit-learn's settings, of this thread."""
