"""Small references that tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.records.golden import Calibration, Golden, Step, Tensor

if TYPE_CHECKING:
    from collections.abc import Callable


def make(values: list[float], *, tolerance: float | None = None, **facts: Any) -> Golden:
    """Return a run with one series ``loss`` and, as a rule, one tensor at the end."""
    allowed = {} if tolerance is None else {"loss": tolerance}
    steps = tuple(Step(step=i, values={"loss": each}, tolerance=allowed) for i, each in enumerate(values))
    told: dict[str, Any] = {"name": "r", "identity": {"threads": "1"}, "final": (weight(),), **facts}
    if tolerance is not None:
        told.setdefault("calibration", Calibration(factor=10.0, perturbations=()))
    return Golden(dtypes={"loss": "float32"}, steps=steps, **told)


def weight(name: str = "w", sha: str = "a", norm: float = 2.0, **facts: Any) -> Tensor:
    """Return the row of a tensor."""
    return Tensor(
        **{"name": name, "sha256": sha * 64, "shape": (3,), "dtype": "float32", "norm": norm, **facts}
    )


@pytest.fixture
def golden() -> Callable[..., Golden]:
    """What makes a run of losses."""
    return make


@pytest.fixture
def tensor() -> Callable[..., Tensor]:
    """What makes a row of weights."""
    return weight
