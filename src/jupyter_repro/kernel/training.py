"""Randomness of training in cell runs: looked for only where torch is there and the source has the words."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_repro.records import TrainingUse

__all__ = ["training_of"]

_EVALUATES = ("no_grad", "inference_mode", "set_grad_enabled", "gumbel_softmax")


def training_of(source: str, namespace: Mapping[str, Any]) -> tuple[TrainingUse, ...]:
    """Return the randomness of training that a cell let work while it evaluated or sampled."""
    if "torch.nn" not in sys.modules or not any(word in source for word in _EVALUATES):
        return ()
    from jupyter_repro.entropy.training import training_in

    return training_in(source, namespace)
