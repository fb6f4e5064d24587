"""Two curves over each other and their distance below, as SVG: letters and lines that stay legible in light and dark."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from .curves_text import apart, values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from jupyter_repro.records.golden import Comparison, Golden

__all__ = ["figure", "reference_figure"]

_WIDTH, _LEFT, _RIGHT = 720, 74, 16
_TOP, _HIGH, _GAP, _LOW = 30, 170, 40, 120
_HEIGHT = _TOP + _HIGH + _GAP + _LOW + 34
_REFERENCE, _NOW, _LIMIT = "#8a94a0", "#d1483e", "#2f7fd1"
_MOST_POINTS = 2000


def figure(found: Comparison, key: str) -> str:
    """Return the figure of one series."""
    one, two = values_of(found.reference, key), values_of(found.now, key)
    steps = sorted(one.keys() | two.keys())
    finite = [value for side in (one, two) for value in side.values() if math.isfinite(value)]
    if not steps or not finite:
        return ""
    first = next((each.step for each in found.differences if each.key == key and each.step is not None), None)
    across = _across(steps)
    names = (
        "reference",
        "this run",
        *(("tolerance",) if any(limit for _, _, limit in apart(found, key)) else ()),
    )
    body = "".join((_legend(key, names), *_curves(one, two, finite, across), *_distances(found, key, across), *_steps(steps, first, across)))  # fmt: skip
    told = f"{key}: this run and its reference" + ("" if first is None else f", which part at step {first}")
    return _svg(told, body)


def reference_figure(golden: Golden, key: str) -> str:
    """Return the curve of one series, with its tolerance around it."""
    values = values_of(golden, key)
    finite = [value for value in values.values() if math.isfinite(value)]
    if not finite:
        return ""
    steps = sorted(values)
    across = _across(steps)
    limits = {step.step: step.tolerance[key] for step in golden.steps if key in step.tolerance}
    names = ("reference", *(("tolerance",) if any(limits.values()) else ()))
    body = "".join((_legend(key, names), *_curves(values, {}, finite, across), *_limits(limits, key, across), *_steps(steps, None, across)))  # fmt: skip
    return _svg(f"{key} of the golden run {golden.name}", body)


def _svg(told: str, body: str) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" width="100%" style="max-width:{_WIDTH}px" role="img" '
        f'aria-label="{escape(told)}" font-family="system-ui,sans-serif" font-size="12" fill="currentColor">'
        f"<title>{escape(told)}</title>{body}</svg>"
    )


def _across(steps: Sequence[int]) -> Callable[[float], float]:
    low, span = steps[0], max(1, steps[-1] - steps[0])
    return lambda step: _LEFT + (step - low) / span * (_WIDTH - _LEFT - _RIGHT)


def _curves(
    one: dict[int, float], two: dict[int, float], finite: Sequence[float], across: Callable[[float], float]
) -> Iterator[str]:
    low, high = min(finite), max(finite)
    if high == low:
        low, high = low - (abs(low) or 1.0) / 2, high + (abs(high) or 1.0) / 2

    def up(value: float) -> float:
        return _TOP + _HIGH - (value - low) / (high - low) * _HIGH

    yield from _frame(_TOP, _HIGH, [(up(value), f"{value:.4g}") for value in (low, (low + high) / 2, high)])
    yield _line(((across(step), up(value)) for step, value in sorted(one.items())), _REFERENCE, width=4)
    yield _line(((across(step), up(value)) for step, value in sorted(two.items())), _NOW, width=1.6)


def _distances(found: Comparison, key: str, across: Callable[[float], float]) -> Iterator[str]:
    rows = apart(found, key)
    sizes = [each for _, value, limit in rows for each in (value, limit) if each and math.isfinite(each)]
    top = _TOP + _HIGH + _GAP
    if not sizes:
        yield _text(_LEFT, top + 14, "equal at every step that both have, or not finite")
        return
    up, frame = _powers(sizes, top)
    yield frame
    yield _text(_LEFT, top - 8, f"distance of {key} from the reference")
    yield _line(((across(step), up(value)) for step, value, _ in rows), _NOW, width=1.4)
    yield _line(((across(step), up(limit)) for step, _, limit in rows if limit), _LIMIT, width=1.4, dash="4 3")  # fmt: skip


def _limits(limits: dict[int, float], key: str, across: Callable[[float], float]) -> Iterator[str]:
    top = _TOP + _HIGH + _GAP
    sizes = [each for each in limits.values() if each]
    if not sizes:
        yield _text(_LEFT, top + 14, f"{key} has no tolerance: it is not calibrated, or chaotic")
        return
    up, frame = _powers(sizes, top)
    yield frame
    yield _text(_LEFT, top - 8, f"tolerance of {key}")
    yield _line(((across(step), up(limit)) for step, limit in limits.items()), _LIMIT, width=1.4, dash="4 3")


def _powers(sizes: Sequence[float], top: float) -> tuple[Callable[[float], float], str]:
    """Return an axis of powers of ten, and its frame; zero lies at its bottom."""
    low = math.floor(math.log10(min(sizes))) - 1
    high = max(math.ceil(math.log10(max(sizes))), low + 2)

    def up(value: float) -> float:
        power = low if not value else high if not math.isfinite(value) else max(low, math.log10(value))
        return top + _LOW - (power - low) / (high - low) * _LOW

    stride = max(1, (high - low) // 4)
    ticks = [(up(10.0**power), f"1e{power:+03d}") for power in range(low + 1, high + 1, stride)]
    return up, "".join(_frame(top, _LOW, [(top + _LOW, "equal"), *ticks]))


def _steps(steps: Sequence[int], first: int | None, across: Callable[[float], float]) -> Iterator[str]:
    bottom = _TOP + _HIGH + _GAP + _LOW
    for step in dict.fromkeys((steps[0], steps[-1])):
        yield _text(across(step), bottom + 18, f"step {step}", anchor="start" if step == steps[0] else "end")
    if first is not None:
        x = across(first)
        anchor = "start" if x < _WIDTH / 2 else "end"
        yield f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{bottom}" stroke="currentColor" stroke-dasharray="2 3"/>'
        yield _text(x + (6 if anchor == "start" else -6), _TOP + 14, f"they part at step {first}", anchor=anchor)  # fmt: skip


def _frame(top: float, height: float, ticks: Iterable[tuple[float, str]]) -> Iterator[str]:
    right = _WIDTH - _RIGHT
    yield (
        f'<rect x="{_LEFT}" y="{top}" width="{right - _LEFT}" height="{height}" fill="none" '
        'stroke="currentColor" stroke-opacity=".35"/>'
    )
    for y, label in ticks:
        yield f'<line x1="{_LEFT - 4}" y1="{y:.1f}" x2="{_LEFT}" y2="{y:.1f}" stroke="currentColor"/>'
        yield _text(_LEFT - 8, y + 4, label, anchor="end")


_PENS = {"reference": (_REFERENCE, ""), "this run": (_NOW, ""), "tolerance": (_LIMIT, "4 3")}


def _legend(key: str, names: Iterable[str]) -> str:
    """Name the lines that are there, and what they show."""
    x, parts = float(_LEFT), []
    for name in names:
        colour, dash = _PENS[name]
        parts.append(_line(((x, 15.0), (x + 24, 15.0)), colour, width=3, dash=dash))
        parts.append(_text(x + 30, 19, name))
        x += 54 + 7 * len(name)
    return "".join((*parts, _text(_WIDTH - _RIGHT, 19, key, anchor="end")))


def _line(points: Iterable[tuple[float, float]], colour: str, *, width: float, dash: str = "") -> str:
    """Return a line that is broken where a number is not finite; one point is a dot, none is nothing."""
    kept = list(points)
    if not kept:
        return ""
    kept = kept[:: max(1, len(kept) // _MOST_POINTS)]
    pen, words = "M", []
    for x, y in kept:
        if math.isfinite(y):
            words.append(f"{pen}{x:.1f} {y:.1f}")
            pen = "L"
        else:
            pen = "M"
    if len(words) == 1:
        words.append("h.1")
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="{"".join(words)}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round" '
        f'stroke-linecap="round"{dashed}/>'
    )


def _text(x: float, y: float, text: str, *, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
