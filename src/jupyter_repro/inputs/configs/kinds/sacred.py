"""Experiments of Sacred."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.inputs.configs.overrides import leaves
from jupyter_repro.inputs.configs.plain import plain
from jupyter_repro.inputs.configs.scene import Part
from jupyter_repro.records.configs import Override

if TYPE_CHECKING:
    from jupyter_repro.inputs.configs.scene import Scene

__all__ = ["is_experiment", "read_experiment"]

_RESOLVED = "as Sacred made it for its last run"


def is_experiment(value: Any) -> bool:
    """Whether it is an experiment."""
    kind = getattr(sys.modules.get("sacred"), "Experiment", None)
    return isinstance(kind, type) and issubclass(type(value), kind)


def read_experiment(value: Any, _names: tuple[str, ...], _scene: Scene) -> Part:
    """Return the configuration of its last run with what was given; before the first, what it was told."""
    run = value.current_run
    if run is None:
        told: dict[str, Any] = {}
        scopes = 0
        for each in value.configurations:
            held = getattr(each, "_conf", None)
            told.update(held if isinstance(held, dict) else {})
            scopes += not isinstance(held, dict)
        functions = f"; {scopes} of its configurations are functions" if scopes else ""
        return Part("sacred", plain(told), overrides=(), note=f"it has not run{functions}")
    given = run.meta_info.get("config_updates") or {}
    chosen = ", ".join(map(str, run.meta_info.get("named_configs") or ()))
    return Part(
        "sacred",
        plain(run.config),
        overrides=tuple(Override(key=key, given=each) for key, each in leaves(plain(given)) if key),
        note=f"{_RESOLVED}; named configurations: {chosen}" if chosen else _RESOLVED,
    )
