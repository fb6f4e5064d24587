"""SciPy, which draws from NumPy's global generator."""

from __future__ import annotations

from .through_numpy import ThroughNumpy

__all__ = ["ScipySeeder"]


class ScipySeeder(ThroughNumpy):
    """SciPy's distributions and optimizers, where ``random_state`` is None."""

    def __init__(self) -> None:
        super().__init__(
            "scipy",
            "scipy._lib._util",
            "scipy.stats.qmc and functions with `rng=None` may make generators of their own: give them one",
        )
