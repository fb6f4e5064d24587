"""JAX, which has no global generator: its keys are the user's."""

from __future__ import annotations

import sys
from typing import Any

from jupyter_repro.records import Setting

from .stateless import Stateless

__all__ = ["JaxSeeder"]

_OPTIONS = (
    "jax_default_prng_impl",
    "jax_threefry_partitionable",
    "jax_enable_x64",
    "jax_default_matmul_precision",
    "jax_random_seed_offset",
)
"""What decides which numbers a key gives."""


class JaxSeeder(Stateless):
    """Records the configuration on which JAX's numbers hang; there is nothing to seed."""

    name = "jax"
    modules: tuple[str, ...] = ("jax",)

    def loaded(self) -> bool:
        """Whether JAX has been imported: this is asked of its stand-in."""
        return "jax" in sys.modules

    def settings(self, value: int) -> tuple[Setting, ...]:
        """Say that keys come by name, and the configuration that decides their numbers."""
        config: Any = getattr(sys.modules["jax"], "config", None)
        found = {option: getattr(config, option) for option in _OPTIONS if hasattr(config, option)}
        return (
            Setting(
                name="seed.jax",
                requested=str(value),
                effective=", ".join(f"{option.removeprefix('jax_')}={now}" for option, now in found.items()),
                effect="not available",
                verified_by="read from jax.config; JAX has no global generator to seed",
                note='make keys by name: `jupyter_repro.generator("dropout", kind="jax")`',
            ),
        )
