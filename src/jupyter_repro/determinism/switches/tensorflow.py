"""TensorFlow's own deterministic mode."""

from __future__ import annotations

import sys
from typing import Any

from jupyter_repro.determinism.switch import Switch

__all__ = ["TENSORFLOW"]


def _config() -> Any:
    # the public half enables and cannot disable, nor tell
    return sys.modules["tensorflow.python.framework.config"]


def _put(_: str) -> None:
    _config().enable_op_determinism()


def _restore(former: bool) -> None:  # noqa: FBT001 - a captured value
    if not former:
        _config().disable_op_determinism()


def _absent() -> str:
    config = sys.modules.get("tensorflow.python.framework.config")
    names = ("enable_op_determinism", "disable_op_determinism", "is_op_determinism_enabled")
    return "" if all(hasattr(config, name) for name in names) else "this TensorFlow is older than 2.9"


TENSORFLOW = Switch(
    name="tensorflow.op_determinism",
    why="TensorFlow may otherwise use operations whose sums differ from call to call",
    cost="slower training; operations without a deterministic algorithm, and unseeded random ones, raise",
    wanted={"strict": "True"},
    read=lambda: str(_config().is_op_determinism_enabled()),
    verified_by="read back from TensorFlow's configuration",
    put=_put,
    capture=lambda: _config().is_op_determinism_enabled(),
    restore=_restore,
    module="tensorflow",
    absent=_absent,
)
