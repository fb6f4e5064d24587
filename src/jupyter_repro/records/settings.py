"""What was asked for, what is in force, and how we know."""

from __future__ import annotations

from typing import Literal

import msgspec

from .leaks import EntropyMode  # noqa: TC001 - msgspec resolves the field types at run time

__all__ = ["MOST_THREADS", "Effect", "SeedPlan", "Setting", "Strictness"]

Strictness = Literal["off", "warn", "strict"]

MOST_THREADS = 1024
"""How many threads may be asked for."""

Effect = Literal["in force", "not in force", "too late", "waiting", "not available"]


class SeedPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What the user asked for with ``%repro seed=42 strict``."""

    seed: int | None = None
    """A whole number from 0 on; None seeds nothing."""
    strictness: Strictness = "off"
    """``strict`` forbids nondeterministic algorithms, ``warn`` reports them, ``off`` leaves them."""
    entropy: EntropyMode = "off"
    """What becomes of draws that no seed governs; ``report`` as soon as a seed is set."""
    per_cell: bool = False
    """Every cell draws from (seed, its id), whatever ran before it."""


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One seed or determinism switch: requested, effective, how verified, too late or not."""

    name: str
    """``seed.numpy``, ``torch.deterministic_algorithms``, ``env.CUBLAS_WORKSPACE_CONFIG``."""
    requested: str
    effective: str
    """The value read back, in words; empty if it cannot be read."""
    effect: Effect
    verified_by: str
    """How the effective value was found; ``not verified`` with the reason if it was not."""
    note: str = ""
    """The reason and the remedy where the effect is not ``in force``."""
