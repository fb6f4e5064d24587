"""Tolerances from runs whose initial weights differ by one unit in the last place of one weight.

Such a change is the smallest there is: what it grows to is what any other order of summation grows to (another number of
threads, another instruction set, another GPU), so a narrower tolerance fails on rounding alone, and a wider one hides
faults. Long training is often chaotic: one bit moves the result as far as another seed does (Summers and Dinneen,
"Nondeterminism and Instability in Neural Network Optimization", ICML 2021). Then no tolerance tells anything.
"""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import BadWord
from jupyter_repro.records.golden import Calibration, Golden, Perturbation, Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FACTOR", "LIMIT", "calibrated", "grain", "scales"]

FACTOR = 10.0
"""Times what the runs showed: each of them moves one weight once, another machine rounds everywhere, at every step."""
LIMIT = 0.1
"""A tolerance of more than this part of a number's size lets runs with other seeds pass as well."""
_FLOOR_ULPS = 16
"""Units in the last place that a sum may be off before anything has grown."""
_FLOAT32_BITS = 24
_EPSILON = {"bfloat16": 2.0**-7, "float16": 2.0**-10, "float32": 2.0**-23}


def calibrated(reference: Golden, unchanged: Golden, runs: Sequence[Golden], *, factor: float = FACTOR) -> Golden:  # fmt: skip
    """Return the reference with a tolerance a step and a tensor.

    Args:
        reference: Whose numbers stay as they are.
        unchanged: A run without a perturbation: what it differs by counts too.
        runs: Runs with one, each of another weight.
        factor: Tolerances are so many times what the runs showed.

    Raises:
        BadWord: None of the perturbations changed anything, or the factor is less than one.
    """
    if not factor >= 1.0 or math.isinf(factor):
        raise BadWord(f"`factor={factor:g}` is no factor", remedy="use a number from 1 on, such as 10")
    others = (unchanged, *runs)
    grown = {key: _growth(reference, others, key) for key in reference.series}
    perturbations = tuple(_perturbation(unchanged, run) for run in runs)
    weights = {each.name: _of_tensor(each, others, factor) for each in reference.final}
    if not any(each.first_step is not None for each in perturbations) and not _moved(reference, runs):
        raise BadWord(
            "no perturbation of the initial weights changed any number",
            remedy="give the very model that is trained to `g.start(model)`, before its first step; or ask for more `runs`",
        )
    tolerances = {key: _tolerances(reference, key, grown[key], factor) for key in grown}
    steps = tuple(
        msgspec.structs.replace(step, tolerance=_at(step.step, tolerances)) for step in reference.steps
    )
    calibration = Calibration(
        factor=factor,
        perturbations=perturbations,
        chaotic={key: first for key, rows in tolerances.items() if (first := _chaotic_from(rows)) is not None},
        growth={key: _upward(max(rows.values())) for key, rows in grown.items() if rows and math.isfinite(max(rows.values()))},
        repeatable=_same_numbers(reference, unchanged),
    )  # fmt: skip
    final = tuple(msgspec.structs.replace(each, tolerance=weights[each.name]) for each in reference.final)
    return msgspec.structs.replace(reference, steps=steps, final=final, calibration=calibration)


def grain(golden: Golden, key: str) -> float:
    """Return the relative distance of neighbouring numbers of a series: that of the type which they were computed in."""
    if golden.dtypes.get(key) in _EPSILON:
        return _EPSILON[golden.dtypes[key]]
    values = [step.values[key] for step in golden.steps if key in step.values]
    # `loss.item()` is a float of Python that holds a float32
    narrow = all(_bits(value) <= _FLOAT32_BITS for value in values)
    return _EPSILON["float32"] if narrow and any(_bits(value) > 8 for value in values) else 2.0**-52  # noqa: PLR2004 - as few bits as a setting has, such as 0.125


def scales(golden: Golden, key: str) -> dict[int, float]:
    """Return the size of a series at each step: the median around it, so that one small number sets no scale."""
    rows = [(step.step, abs(step.values[key])) for step in golden.steps if math.isfinite(step.values.get(key, math.nan))]  # fmt: skip
    half = max(2, len(rows) // 50)
    largest = max((value for _, value in rows), default=0.0)
    found = {}
    for at, (step, _) in enumerate(rows):
        median = statistics.median(value for _, value in rows[max(0, at - half) : at + half + 1])
        found[step] = median or largest
    return found


def _growth(reference: Golden, others: Sequence[Golden], key: str) -> dict[int, float]:
    """Return by step the largest relative difference up to there; infinite from where the runs go other ways."""
    size = scales(reference, key)
    tables = [{step.step: step.values for step in other.steps} for other in others]
    largest, found = 0.0, {}
    for step in reference.steps:
        value = step.values.get(key)
        if value is None:
            continue
        for table in tables:
            other = table.get(step.step, {}).get(key)
            largest = max(largest, _relative(value, other, size.get(step.step, 0.0)))
        found[step.step] = largest
    return found


def _relative(value: float, other: float | None, size: float) -> float:
    if other is None:
        return math.inf
    if value == other or (math.isnan(value) and math.isnan(other)):
        return 0.0
    difference = abs(value - other)
    return difference / size if size and math.isfinite(difference) else math.inf


def _tolerances(reference: Golden, key: str, grown: dict[int, float], factor: float) -> dict[int, float | None]:  # fmt: skip
    """Return by step how far a run may be off; None from where that would be too much to mean anything."""
    floor = _FLOOR_ULPS * grain(reference, key)
    size = scales(reference, key)
    found: dict[int, float | None] = {}
    for step, largest in grown.items():
        relative = max(factor * largest, floor)
        # what is not finite has no size, and is compared as it is
        found[step] = None if relative > LIMIT else _upward(relative * size.get(step, 0.0))
    return found


def _at(step: int, tolerances: dict[str, dict[int, float | None]]) -> dict[str, float]:
    found = {key: rows.get(step) for key, rows in tolerances.items()}
    return {key: tolerance for key, tolerance in found.items() if tolerance is not None}


def _chaotic_from(rows: dict[int, float | None]) -> int | None:
    return next((step for step, tolerance in rows.items() if tolerance is None), None)


def _of_tensor(each: Tensor, others: Sequence[Golden], factor: float) -> float | None:
    largest = 0.0
    for other in others:
        norm = next((row.norm for row in other.final if row.name == each.name), None)
        largest = max(largest, _relative(each.norm, norm, abs(each.norm)))
    relative = max(factor * largest, _FLOOR_ULPS * _EPSILON.get(each.dtype, 2.0**-52))
    return None if relative > LIMIT else _upward(relative * abs(each.norm))


def _perturbation(unchanged: Golden, run: Golden) -> Perturbation:
    tensor, index = run.perturbed or ("", 0)
    before = {step.step: step.values for step in unchanged.steps}
    first = next((step.step for step in run.steps if not _equal(before.get(step.step, {}), step.values)), None)  # fmt: skip
    return Perturbation(tensor=tensor, index=index, first_step=first)


def _moved(reference: Golden, runs: Sequence[Golden]) -> bool:
    digests = [each.sha256 for each in reference.final]
    return any([each.sha256 for each in run.final] != digests for run in runs)


def _same_numbers(one: Golden, other: Golden) -> bool:
    return (
        [each.step for each in one.steps] == [each.step for each in other.steps]
        and all(_equal(a.values, b.values) for a, b in zip(one.steps, other.steps, strict=True))
        and [each.sha256 for each in one.final] == [each.sha256 for each in other.final]
    )


def _equal(one: dict[str, float], other: dict[str, float]) -> bool:
    return {key: value.hex() for key, value in one.items()} == {key: value.hex() for key, value in other.items()}  # fmt: skip


def _bits(value: float) -> int:
    """Return how many bits of the significand a number uses."""
    if not math.isfinite(value) or value == 0.0:
        return 0
    significand = int(math.frexp(value)[0] * 2**53)
    return 53 - ((significand & -significand).bit_length() - 1)


def _upward(value: float) -> float:
    """Return a number of two digits that is not smaller."""
    if not value or not math.isfinite(value):
        return value
    rounded = float(f"{value:.1e}")
    return rounded if rounded >= value else float(f"{value * 1.05:.1e}")
