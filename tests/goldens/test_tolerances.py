"""Tolerances: what perturbed runs showed, a factor more, and nothing where runs go other ways."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from jupyter_repro.errors import BadWord
from jupyter_repro.goldens.compare import compare
from jupyter_repro.goldens.tolerances import LIMIT, calibrated, grain

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records.golden import Golden

_LOSSES = [2.0, 1.7, 1.5, 1.3, 1.2, 1.1, 1.0, 0.9, 0.85, 0.8]


def _grown(factor: float) -> list[float]:
    """Return losses that move away from the reference, ten times a few steps as a training does."""
    return [loss * (1 + 1e-7 * factor**step) for step, loss in enumerate(_LOSSES)]


def _moved(golden: Callable[..., Golden], tensor: Callable[..., Any], losses: list[float]) -> Golden:
    return golden(losses, final=(tensor(sha="b", norm=2.00001),), perturbed=("w", 1))


def test_the_envelope_follows_what_was_seen(
    golden: Callable[..., Golden], tensor: Callable[..., Any]
) -> None:
    """It never shrinks relative to the loss, holds the perturbed runs, and fails a run that is further off."""
    reference = golden(_LOSSES)
    runs = [_moved(golden, tensor, _grown(1.5)), _moved(golden, tensor, _grown(1.2))]
    found = calibrated(reference, reference, runs, factor=10.0)
    relative = [step.tolerance["loss"] / step.values["loss"] for step in found.steps]
    assert relative[-1] > 10 * relative[0]
    assert [compare(found, run, level="envelope").verdict for run in runs] == ["holds", "holds"]
    far = _moved(golden, tensor, [loss * 1.001 for loss in _LOSSES])
    first = compare(found, far, level="envelope").first
    assert first is not None
    assert first.step == 0
    assert found.calibration is not None
    assert found.calibration.perturbations[0].first_step == 0


def test_a_floor_where_nothing_has_grown(golden: Callable[..., Golden], tensor: Callable[..., Any]) -> None:
    """A few units in the last place are always allowed: the sum of the loss itself rounds."""
    losses = [math.ldexp(round(math.ldexp(each, 23)), -23) for each in _LOSSES]  # as a float32 holds them
    found = calibrated(golden(losses), golden(losses), [_moved(golden, tensor, losses)])
    near = golden([losses[0] * (1 + 2**-22), *losses[1:]])
    assert compare(found, near, level="envelope").verdict == "holds"
    assert (
        compare(found, golden([losses[0] * (1 + 1e-5), *losses[1:]]), level="envelope").verdict == "differs"
    )


@pytest.mark.parametrize("bad", [math.nan, math.inf, 5.0])
def test_chaos(golden: Callable[..., Golden], tensor: Callable[..., Any], bad: float) -> None:
    """From the step at which a run goes another way there is no tolerance, whatever comes after."""
    other = [*_LOSSES[:4], bad, *_LOSSES[5:]]
    found = calibrated(golden(_LOSSES), golden(_LOSSES), [_moved(golden, tensor, other)])
    assert found.calibration is not None
    assert found.calibration.chaotic == {"loss": 4}
    assert [bool(step.tolerance) for step in found.steps] == [True] * 4 + [False] * 6


def test_a_run_of_another_length_is_chaotic(
    golden: Callable[..., Golden], tensor: Callable[..., Any]
) -> None:
    """Where a perturbed run has ended, nothing can be told of the rest."""
    found = calibrated(golden(_LOSSES), golden(_LOSSES), [_moved(golden, tensor, _LOSSES[:3])])
    assert found.calibration is not None
    assert found.calibration.chaotic == {"loss": 3}


def test_the_limit_is_a_part_of_the_loss(golden: Callable[..., Golden], tensor: Callable[..., Any]) -> None:
    """Just below it there is a tolerance, just above there is none."""
    for off, chaotic in ((LIMIT / 10 * 0.9, False), (LIMIT / 10 * 1.1, True)):
        run = _moved(golden, tensor, [loss * (1 + off) for loss in [1.0] * 10])
        found = calibrated(golden([1.0] * 10), golden([1.0] * 10), [run], factor=10.0)
        assert found.calibration is not None
        assert bool(found.calibration.chaotic) == chaotic


def test_weights_have_tolerances_too(golden: Callable[..., Golden], tensor: Callable[..., Any]) -> None:
    """Of their norm, from the perturbed runs; one that moves far has none."""
    reference = golden(
        _LOSSES, final=(tensor(norm=2.0), tensor("v", norm=1.0), tensor("n", norm=7.0, dtype="int64"))
    )
    run = golden(_LOSSES, final=(tensor(sha="b", norm=2.001), tensor("v", sha="b", norm=1.5), tensor("n", norm=7.0, dtype="int64")))  # fmt: skip
    tolerances = {each.name: each.tolerance for each in calibrated(reference, reference, [run]).final}
    assert tolerances["w"] == pytest.approx(0.01, rel=0.1)
    assert tolerances["v"] is None
    assert tolerances["n"] is not None
    assert tolerances["n"] < 1, "another count of steps is a difference"


def test_nothing_moved(golden: Callable[..., Golden]) -> None:
    """Perturbations without any effect are no calibration: the model that is trained was not the one that was moved."""
    with pytest.raises(BadWord, match="changed any number"):
        calibrated(golden(_LOSSES), golden(_LOSSES), [golden(_LOSSES)])


def test_an_unchanged_run_that_differs_is_told(
    golden: Callable[..., Golden], tensor: Callable[..., Any]
) -> None:
    """It widens the envelope like any other run, and the record says that the run is not repeatable."""
    unchanged = golden([loss * (1 + 1e-4) for loss in _LOSSES])
    found = calibrated(golden(_LOSSES), unchanged, [_moved(golden, tensor, _LOSSES)])
    assert found.calibration is not None
    assert not found.calibration.repeatable
    assert compare(found, unchanged, level="envelope").verdict == "holds"


@pytest.mark.parametrize("factor", [0.5, 0.0, -1.0, math.nan, math.inf])
def test_factors(golden: Callable[..., Golden], factor: float) -> None:
    """A tolerance below what was seen, or none at all, is no tolerance."""
    with pytest.raises(BadWord):
        calibrated(golden(_LOSSES), golden(_LOSSES), [golden(_LOSSES)], factor=factor)


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([0.1, 0.2], "float", 2.0**-52),
        ([math.ldexp(12345677, -24)], "float", 2.0**-23),
        ([0.125, 0.5], "float", 2.0**-52),
        ([0.1], "float32", 2.0**-23),
        ([0.5], "bfloat16", 2.0**-7),
        ([math.nan, 0.0], "float", 2.0**-52),
    ],
)
def test_the_grain_of_a_series(
    golden: Callable[..., Golden], values: list[float], dtype: str, expected: float
) -> None:
    """``loss.item()`` is a float32 in a float of Python; a setting such as 0.125 is none."""
    run = msgspec.structs.replace(golden(values), dtypes={"loss": dtype})
    assert grain(run, "loss") == expected
