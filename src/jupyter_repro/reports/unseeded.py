"""Imported libraries whose generators no seed governs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import ChanceSource

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from jupyter_repro.records import Setting

__all__ = ["unseeded"]

_GLOBAL = {"numpy": "numpy", "torch": "torch", "tensorflow": "tensorflow", "cupy": "cupy", "numba": "numba"}
"""Module -> the seeder of its global generator."""

_OWN = {
    "albumentations": "pass `seed=` to `Compose`",
    "faker": "call `Faker.seed(42)`",
    "gymnasium": "call `env.reset(seed=42)`",
    "mxnet": "call `mxnet.random.seed(42)`",
    "paddle": "call `paddle.seed(42)`",
    "polars": "call `polars.set_random_seed(42)`, or pass `seed=`",
}
"""Libraries with generators of their own -> how they are seeded."""


def unseeded(settings: Sequence[Setting], loaded: Collection[str]) -> Iterator[ChanceSource]:
    """Yield one source a library that is imported and has no seed in force."""
    seeded = {row.name for row in settings if row.name.startswith("seed.") and row.effect == "in force"}
    for module, seeder in _GLOBAL.items():
        if module in loaded and f"seed.{seeder}" not in seeded:
            yield _source(module, "the global generator of", "write `%repro seed=42` into the first cell")
    for module, remedy in _OWN.items():
        if module in loaded and f"seed.{module}" not in seeded:
            yield _source(module, "generators of its own in", remedy)


def _source(module: str, what: str, remedy: str) -> ChanceSource:
    return ChanceSource(
        kind="seeds",
        code="",
        severity="info",
        what=f"no seed governs {what} `{module}`",
        remedy=remedy,
        effect="not measured: its draws are not told apart from its other work",
    )
