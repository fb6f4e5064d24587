"""The numbers are those of the textbooks, and the same each time."""

from __future__ import annotations

import random

import pytest

from jupyter_repro.study.sweep.statistics import binomial_interval, bootstrap_median, mean, median, sd


@pytest.mark.parametrize(
    ("values", "expected"), [((3, 1, 2), 2), ((4, 1, 2, 3), 2.5), ((7,), 7)], ids=["odd", "even", "one"]
)
def test_median(values: tuple[float, ...], expected: float) -> None:
    """The middle, or the mean of the two in the middle, in whatever order they come."""
    assert expected == median(values)


def test_sd_of_equal_values_is_exactly_zero() -> None:
    """Rounding of a mean makes no spread where there is none; one value has none that is known."""
    assert sd([0.1] * 7) == 0.0
    assert sd([5.0]) is None
    assert sd([1e300, -1e300]) == pytest.approx(2**0.5 * 1e300)
    assert mean([1.7e308, 1.7e308]) == pytest.approx(1.7e308)
    assert sd([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]) == pytest.approx(2.1380899352993952, rel=1e-15)


@pytest.mark.parametrize(("held", "of"), [(29, 32), (0, 5), (5, 5), (16, 32), (1, 1), (700, 1000)])
def test_binomial_interval_is_that_of_scipy(held: int, of: int) -> None:
    """Clopper and Pearson's interval, as SciPy computes it."""
    stats = pytest.importorskip("scipy.stats", reason="SciPy is a development dependency")
    expected = stats.binomtest(held, of).proportion_ci(method="exact")
    assert binomial_interval(held, of) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_nothing_decided_has_no_interval() -> None:
    """Of no runs nothing is claimed."""
    assert binomial_interval(0, 0) is None
    assert bootstrap_median([1.0, 2.0, 3.0, 4.0]) is None


def test_bootstrap_is_the_same_each_time_and_leaves_the_generator() -> None:
    """Its generator is its own: order of values and the user's `random` do not matter, and are not moved."""
    values = [0.91, 0.89, 0.93, 0.90, 0.95, 0.88, 0.92]
    random.seed(1)
    state = random.getstate()
    once = bootstrap_median(values)
    assert state == random.getstate()
    assert once == bootstrap_median(sorted(values))
    assert once is not None
    assert min(values) <= once[0] <= 0.91 <= once[1] <= max(values)


def test_bootstrap_is_near_that_of_scipy() -> None:
    """On 40 values the interval is that of SciPy's percentile bootstrap, but for the draws."""
    stats = pytest.importorskip("scipy.stats", reason="SciPy is a development dependency")
    import numpy as np

    values = np.random.default_rng(3).normal(size=40)
    found = bootstrap_median(values.tolist())
    expected = stats.bootstrap((values,), np.median, method="percentile", rng=np.random.default_rng(0))
    assert found == pytest.approx(tuple(expected.confidence_interval), abs=0.06)
