"""A golden run as text: whether it holds, where the curves part, what is likely behind it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .curves_text import curves, differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from jupyter_repro.records.golden import Calibration, Comparison, Difference, Golden

__all__ = [
    "calibrated_text",
    "comparison_text",
    "first_text",
    "golden_text",
    "parting_series",
    "recorded_line",
    "reference_line",
    "reference_rows",
    "verdict_line",
]

_ROUNDING = 1e-5
_VISIBLE = 0.02
_MOST_ALSO = 4


def verdict_line(found: Comparison) -> str:
    """Return the verdict as one line."""
    if found.first is None:
        return f"repro: golden run `{found.name}` holds: {_compared(found)}"
    return f"repro: golden run `{found.name}` differs: {first_text(found)}"


def comparison_text(found: Comparison) -> str:
    """Return all that a terminal shows: verdict, reasons and curves."""
    return "\n".join(_lines(found))


def recorded_line(golden: Golden, path: Path) -> str:
    """Say what a new reference holds, and what is not sound about it."""
    text = f"repro: recorded golden run `{golden.name}`: {_counted(len(golden.steps), 'step')}, {_counted(len(golden.final), 'tensor')}: {path}"
    bad = next(
        (
            (step.step, key)
            for step in golden.steps
            for key, value in step.values.items()
            if not math.isfinite(value)
        ),
        None,
    )
    if bad is not None:
        text += f"\nrepro: `{bad[1]}` is not finite from step {bad[0]} on: is this the run that others should follow?"
    if not golden.final:
        text += "\nrepro: no weights are in it: call `g.final(model)` before the block ends"
    return text


def golden_text(golden: Golden) -> str:
    """Return what a reference holds."""
    return "\n".join(_reference(golden))


def calibrated_text(golden: Golden) -> str:
    """Return what a calibration found."""
    if golden.calibration is None:
        return f"repro: golden run `{golden.name}` is not calibrated"
    rows = _aligned(_calibration(golden, golden.calibration))
    return "\n".join((_calibrated_line(golden, golden.calibration), *rows))


def first_text(found: Comparison) -> str:
    """Say where they part, with both values."""
    first = found.first
    if first is None:
        return ""
    where = "" if first.step is None else f"at step {first.step} "
    if first.kind in {"missing step", "extra step"}:
        return f"{where}{first.text}"
    if first.reference is None or first.now is None:
        return f"{where}`{first.key}`: {first.text}"
    if first.kind == "NaN":
        return f"{where}`{first.key}` is {first.now:.6g}, {first.reference:.6g} in the reference"
    text = f"{where}`{first.key}`" + (f", {first.text}," if first.text else "")
    return f"{text} is {_exact(first.now)}, {_exact(first.reference)} in the reference{_off(first)}"


def parting_series(found: Comparison) -> list[str]:
    """Return the series whose numbers differ, those that part first in front."""
    keys = [each.key for each in found.differences if each.step is not None and each.key]
    if any(each.kind in {"missing step", "extra step"} for each in found.differences):
        keys += found.reference.series[:1]
    return list(dict.fromkeys(key for key in keys if key in found.reference.series))


def _lines(found: Comparison) -> Iterator[str]:
    yield verdict_line(found)
    first = found.first
    if first is None:
        return
    for label, text in _reasons(found):
        yield f"  {label:<10} {text}"
    for key in parting_series(found)[:2]:
        for plot in (differences(found, key), curves(found, key) if _visible(found, key) else ()):
            lines = list(plot)
            yield from ["", *lines] if lines else ()


def _reasons(found: Comparison) -> Iterator[tuple[str, str]]:
    level = found.level if found.level == found.judged else f"{found.level}, which is `{found.judged}` here"
    yield "level", f"{level}; compared: {_compared(found, verdict=False)}"
    yield "also", _also(found)
    for name, was, now in (*found.identity, *found.context):
        yield "differs", f"{name}: {was} in the reference, {now} here"
    yield "likely", _likely(found)


def _also(found: Comparison) -> str:
    steps = {each.step for each in found.differences if each.step is not None}
    parts = []
    for kind, word in (("initial weights", "initial weights"), ("weights", "weights at the end")):
        count = sum(each.kind == kind for each in found.differences)
        if count:
            parts.append(f"{_counted(count, 'tensor')} of the {word}")
    missing = [each.step for each in found.differences if each.kind == "missing step"]
    extra = [each.step for each in found.differences if each.kind == "extra step"]
    parts += [f"{_counted(len(rows), 'step')} {word}" for rows, word in ((missing, "missing"), (extra, "more")) if rows]  # fmt: skip
    keys = ", ".join(f"`{key}`" for key in parting_series(found)[:_MOST_ALSO])
    return (
        f"{len(steps)} of {_counted(len(found.reference.steps), 'step')} differ"
        + (f" in {keys}" if keys else "")
        + "".join(f"; {part}" for part in parts)
    )


def _likely(found: Comparison) -> str:
    first = found.first
    if first is None:
        return ""
    changed = {name for name, _, _ in found.context}
    if first.kind == "initial weights":
        if "seed" in changed:
            return "the seeds differ: `%repro seed=42` with one number in both"
        return "another model, another seed, or something that drew before the model was made"
    if first.kind in {"missing step", "extra step"}:
        return "the number of steps is set elsewhere, or training ended early: data, batch size, epochs"
    if first.kind in {"missing", "extra"}:
        return "the code logs other names than the reference: record it anew if that is meant"
    if first.kind in {"NaN", "infinite"}:
        return "numbers overflow, or something divides by zero: look at the step before"
    if "seed" in changed:
        return "the seeds differ: `%repro seed=42` with one number in both"
    size = _relative(first)
    if size < _ROUNDING and found.identity:
        names = ", ".join(name for name, _, _ in found.identity)
        return f"rounding, in another order or by other routines ({names}); `level='envelope'` allows for it"
    if size < _ROUNDING:
        return "rounding in another order: `%repro strict` finds what is left to chance, `%repro trace` the very operation"
    return "too much for rounding: the code, the data or a setting is another one; `%repro trace diff` names the operation"


def reference_rows(golden: Golden) -> Iterator[tuple[str, str]]:
    """Yield what a reference holds, a label and a text each."""
    for key in golden.series:
        values = [step.values[key] for step in golden.steps if key in step.values]
        span = f"from {values[0]:.6g} to {values[-1]:.6g}, least {min(values):.6g}, most {max(values):.6g}"
        yield key, span
    yield from sorted({**golden.identity, **golden.context}.items())
    if golden.target:
        yield "recorded", f"with `{golden.target}`"
    if golden.calibration is None:
        yield "tolerances", "none: it is not calibrated (`jupyter repro golden calibrate`)"
    else:
        yield from _calibration(golden, golden.calibration)


def reference_line(golden: Golden) -> str:
    """Return what a reference is, as one line."""
    size = f"{_counted(len(golden.steps), 'step')}, {_counted(len(golden.final), 'tensor')}"
    return f"repro: golden run `{golden.name}`, level {golden.level}: {size}"


def _reference(golden: Golden) -> Iterator[str]:
    yield reference_line(golden)
    yield from _aligned(reference_rows(golden))
    if golden.series:
        yield ""
        yield from curves(golden, golden.series[0])


def _aligned(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    kept = list(rows)
    width = max((len(label) for label, _ in kept), default=0)
    yield from (f"  {label:<{width}}  {text}" for label, text in kept)


def _calibrated_line(golden: Golden, calibration: Calibration) -> str:
    chaotic = bool(golden.steps) and not any(step.tolerance for step in golden.steps)
    count = _counted(len(calibration.perturbations), "run")
    told = f"{count}, each with one weight moved by its last bit"
    return f"repro: calibrated golden run `{golden.name}`: {'chaotic: no tolerance is meaningful' if chaotic else told}"


def _calibration(golden: Golden, calibration: Calibration) -> Iterator[tuple[str, str]]:
    for key in golden.series:
        rows = [(step.step, step.tolerance[key]) for step in golden.steps if key in step.tolerance]
        grown = "runs went other ways"
        if key in calibration.growth:
            growth = calibration.growth[key]
            grown = f"one bit grew to {growth:.1e} of its size" if growth else "one bit changed nothing"
        text = f"`{key}`: {grown}; "
        if rows:
            text += f"±{rows[0][1]:.1e} at step {rows[0][0]}, ±{rows[-1][1]:.1e} at step {rows[-1][0]}"
        if key in calibration.chaotic:
            text += f"{'; ' if rows else ''}chaotic from step {calibration.chaotic[key]} on: no tolerance is meaningful"
        yield "tolerance", text
    loose = sum(each.tolerance is None for each in golden.final)
    if loose:
        yield "weights", f"{loose} of {len(golden.final)} tensors at the end have no meaningful tolerance"
    idle = sum(each.first_step is None for each in calibration.perturbations)
    if idle:
        yield "idle", f"{idle} of {_counted(len(calibration.perturbations), 'run')} changed no logged number"
    if not calibration.repeatable:
        yield (
            "although",
            "a run without any change was not the reference bit for bit: seed it, or `%repro strict`",
        )


def _compared(found: Comparison, *, verdict: bool = True) -> str:
    text = f"{_counted(found.steps, 'step')}, {_counted(found.weights, 'tensor')}"
    if verdict:
        if found.bitwise:
            text += ", bit for bit"
        elif found.judged == "envelope":
            most = max(found.largest.values(), default=0.0)
            text += f" within the envelope (at most {most:.0%} of the tolerance)"
        else:
            text += f" within {found.judged}"
        if found.identity:
            text += f"; on another identity: {', '.join(name for name, _, _ in found.identity)}"
        elif not found.bitwise:
            text += "; not bit for bit, although the identity is the same: other code, or something left to chance"  # fmt: skip
    for key, step in found.unjudged.items():
        text += (
            f"; `{key}` not judged from step {step} on (chaotic)"
            if step >= 0
            else "; some weights not judged (chaotic)"
        )
    return text


def _visible(found: Comparison, key: str) -> bool:
    """Tell whether the two curves are apart in a plot of their values."""
    one = {step.step: step.values[key] for step in found.reference.steps if key in step.values}
    two = {step.step: step.values[key] for step in found.now.steps if key in step.values}
    if one.keys() != two.keys():
        return True
    finite = [value for value in one.values() if math.isfinite(value)]
    span = max(finite, default=0.0) - min(finite, default=0.0)
    return any(not abs(one[step] - two[step]) <= _VISIBLE * span for step in one)


def _relative(first: Difference) -> float:
    if first.reference is None or first.now is None:
        return math.inf
    difference = abs(first.now - first.reference)
    return difference / abs(first.reference) if first.reference else (math.inf if difference else 0.0)


def _off(first: Difference) -> str:
    if first.reference is None or first.now is None or not math.isfinite(first.now - first.reference):
        return ""
    if first.reference == first.now:
        return " (the same norm, other numbers)"
    off = f"{_relative(first):.2g} of it" if first.reference else f"{abs(first.now):.2g}"
    return f" ({off} off" + (")" if first.tolerance is None else f"; tolerance {first.tolerance:.2g})")


def _exact(value: float) -> str:
    """Spell so many digits that another float reads otherwise."""
    return f"{value:.9g}" if float(f"{value:.9g}") == value or abs(value) > 1e300 else repr(value)  # noqa: PLR2004 - no room for more digits


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
