"""scikit-learn, which draws from NumPy's global generator."""

from __future__ import annotations

from .through_numpy import ThroughNumpy

__all__ = ["SklearnSeeder"]


class SklearnSeeder(ThroughNumpy):
    """scikit-learn's estimators and splitters, where ``random_state`` is None."""

    def __init__(self) -> None:
        super().__init__(
            "sklearn",
            "sklearn.utils.validation",
            "with `n_jobs` its worker processes get their seeds from the caller, as scikit-learn passes them",
        )
