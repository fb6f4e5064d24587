"""The hash seed of texts: fixed when the interpreter starts, so it can only be reported."""

from __future__ import annotations

import os
import sys

from jupyter_repro.determinism.initial_environment import initial_variable
from jupyter_repro.determinism.siphash import can_compute, text_hash
from jupyter_repro.determinism.switch import Switch

__all__ = ["HASH_SEED", "hash_seed_in_force"]

_VARIABLE = "PYTHONHASHSEED"
_PROBE = "probe"
_LIMIT = 2**32


def hash_seed_in_force() -> int | None:
    """Return the PYTHONHASHSEED that this interpreter really uses, None if it is random or not known.

    A value is believed only if it gives the hash that ``hash("probe")`` has here. The variable alone does
    not tell: it may have been set after the start, or ignored (``python -I``).
    """
    if sys.flags.hash_randomization == 0:
        return 0
    if not can_compute():
        return None
    for text in (os.environ.get(_VARIABLE), initial_variable(_VARIABLE)):
        seed = int(text) if text is not None and text.isascii() and text.isdecimal() else None
        if seed is not None and seed < _LIMIT and text_hash(_PROBE, seed) == hash(_PROBE):
            return seed
    return None


def _read() -> str:
    seed = hash_seed_in_force()
    return "random" if seed is None else f"fixed to {seed}"


def _late() -> str:
    if hash_seed_in_force() is not None:
        return ""
    return "Python reads it only when it starts, and text hashes differently in each kernel"


HASH_SEED = Switch(
    name=f"env.{_VARIABLE}",
    why="the order of sets of text, and whatever is derived from hash(), differs from kernel to kernel",
    cost="none",
    wanted={"strict": "fixed", "warn": "fixed"},
    accepts=lambda _, value: value.startswith("fixed"),
    read=_read,
    verified_by=f"hash({_PROBE!r}) compared with what the named seed gives",
    put=lambda _: None,
    capture=lambda: None,
    restore=lambda _: None,
    late=_late,
    late_remedy="`%repro restart` fixes it; `%repro export` runs the notebook under a fixed one",
)
