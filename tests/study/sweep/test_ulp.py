"""One unit in the last place, and no more."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jupyter_repro.errors import BadWord
from jupyter_repro.study.sweep.ulp import moved, moved_params


@pytest.mark.parametrize("value", [0.1, 1.0, -3e-8, 12345.678])
def test_floats_move_by_units_of_single_precision(value: float) -> None:
    """Up, down, up by two: each survives a cast to single precision, where it is as many units."""
    single = np.float32(value)
    spacing = abs(float(np.spacing(single)))
    for number, units in enumerate((1, -1, 2, -2)):
        found = moved(value, number)
        assert (found - value) / spacing == pytest.approx(units, rel=1e-6)
        assert float(np.float32(found)) != float(single)


@pytest.mark.parametrize("value", [0.0, math.inf, math.nan, 3, "x", None, True])
def test_all_else_stays(value: object) -> None:
    """Zero has no neighbour of its size; what is no float is no matter of rounding."""
    assert moved(value, 0) is value


@pytest.mark.parametrize("kind", ["f4", "f8"])
def test_one_element_of_an_array(kind: str) -> None:
    """A copy in which one element lies one unit of its own precision away."""
    array = np.linspace(1, 2, 50, dtype=kind)
    found = moved(array, 0, "w")
    (place,) = np.flatnonzero(found != array)
    assert found[place] == np.nextafter(array[place], np.asarray(np.inf, kind))


def test_a_tensor() -> None:
    """As an array."""
    torch = pytest.importorskip("torch", reason="torch is installed apart from the development dependencies")
    tensor = torch.ones(4, 3)
    found = moved(tensor, 1, "w")
    assert int((found != tensor).sum()) == 1
    assert float(found.min()) == float(np.nextafter(np.float32(1), np.float32(0)))
    assert bool((tensor == 1).all())


def test_nothing_to_move() -> None:
    """Without a float among the parameters the disturbance would be none: refused."""
    with pytest.raises(BadWord, match="there are none"):
        moved_params({"epochs": 3, "name": "x"}, 0)
