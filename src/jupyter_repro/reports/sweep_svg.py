"""The runs of a sweep as a picture: a dot a run, the median and its interval, on light and on dark."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from jupyter_repro.records.sweeps import KINDS

from .sweep_text import number, values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jupyter_repro.records.sweeps import Distribution, PointKind, Sweep

__all__ = ["sweep_svg"]

_SEEDS, _OTHERS = "#3d86c6", "#c9772b"
"""Legible on white and on black."""
_WIDTH, _LEFT, _RIGHT = 640, 150, 20
_DOT, _ROW, _AXIS, _TOP = 4.0, 30, 26, 8
_MOST_UP = 12


def sweep_svg(sweep: Sweep, each: Distribution) -> str:
    """Return one metric as an SVG element, empty where no run gave a number."""
    strips = {kind: found for kind in KINDS if (found := values_of(sweep, each.metric, kind))}
    every = [value for found in strips.values() for value in found]
    if not every:
        return ""
    low, high = min(every), max(every)
    margin = (high - low) * 0.04 or abs(high) * 0.01 or 1.0
    low, high = low - margin, high + margin

    def at(value: float) -> float:
        return _LEFT + (value - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT)

    placed = {kind: _stacked([at(value) for value in sorted(found)]) for kind, found in strips.items()}
    parts: list[str] = []
    bottom = float(_TOP)
    for kind, dots in placed.items():
        up = max(level for _, level in dots)
        height = max(_ROW, (up + 1) * _DOT * 2 + 8)
        base = bottom + height - 8
        parts += _row(kind, dots, (bottom, base), each, at)
        bottom += height
    parts += _axis(low, high, bottom, at)
    label = escape(f"{each.metric}: {len(every)} runs, median {number(each.median)}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {bottom + _AXIS:.0f}" role="img" '
        f'aria-label="{label}" style="width:100%;max-width:{_WIDTH}px;height:auto;display:block" '
        f'font-family="system-ui,sans-serif" font-size="12" fill="currentColor">{"".join(parts)}</svg>'
    )


def _row(
    kind: PointKind,
    dots: Sequence[tuple[float, int]],
    span: tuple[float, float],
    each: Distribution,
    at: Callable[[float], float],
) -> Iterator[str]:
    top, base = span
    yield f'<text x="{_LEFT - 12}" y="{base:.1f}" text-anchor="end">{escape(KINDS[kind])}</text>'
    if kind == "seed" and each.interval is not None and each.interval[0] < each.interval[1]:
        left, right = map(at, each.interval)
        yield (
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{base - top + _DOT:.1f}" '
            f'fill="{_SEEDS}" opacity=".16"><title>95% of the median: {number(each.interval[0])} to '
            f"{number(each.interval[1])}</title></rect>"
        )
    if kind == "seed" and each.median is not None:
        yield (
            f'<line x1="{at(each.median):.1f}" x2="{at(each.median):.1f}" y1="{top:.1f}" y2="{base + _DOT:.1f}" '
            f'stroke="currentColor" stroke-width="1.5"><title>median {number(each.median)}</title></line>'
        )
    colour = _SEEDS if kind == "seed" else _OTHERS
    for x, level in dots:
        yield (
            f'<circle cx="{x:.1f}" cy="{base - _DOT - level * _DOT * 2:.1f}" r="{_DOT - 0.4:.1f}" fill="{colour}" '
            'fill-opacity=".8"/>'
        )


def _stacked(places: Sequence[float]) -> list[tuple[float, int]]:
    """Lift dots that would lie on another: each gets the lowest level where there is room."""
    found: list[tuple[float, int]] = []
    ends: list[float] = []
    for x in places:
        level = next((i for i, end in enumerate(ends) if x - end >= _DOT * 2), len(ends))
        if level >= _MOST_UP:
            level = _MOST_UP - 1
        elif level == len(ends):
            ends.append(x)
        ends[level] = x
        found.append((x, level))
    return found


def _axis(low: float, high: float, top: float, at: Callable[[float], float]) -> Iterator[str]:
    yield (
        f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{top:.1f}" y2="{top:.1f}" stroke="currentColor" '
        'stroke-opacity=".4"/>'
    )
    for tick in _ticks(low, high):
        x = at(tick)
        yield (
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{top + 4:.1f}" stroke="currentColor" '
            f'stroke-opacity=".4"/><text x="{x:.1f}" y="{top + 17:.1f}" text-anchor="middle" opacity=".8">'
            f"{tick:.6g}</text>"
        )


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers between two, three to seven of them."""
    rough = (high - low) / 5
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
    first = math.ceil(low / step)
    return [count * step for count in range(first, math.floor(high / step) + 1)]
