"""A sweep as text: what the metrics are, whether the claim survives, what moves them, every run as a dot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jupyter_repro.records.sweeps import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_repro.records.sweeps import ClaimHeld, Distribution, PointKind, Spread, Sweep

__all__ = [
    "claim_sentence",
    "counts_line",
    "headline",
    "number",
    "progress_line",
    "spread_words",
    "sweep_text",
    "values_of",
]

_WIDTH = 56
_MANY = 9


def sweep_text(sweep: Sweep) -> str:
    """Return the whole report; it holds no times, so the same runs give the same text."""
    return "\n".join(_lines(sweep))


def _lines(sweep: Sweep) -> Iterator[str]:
    yield headline(sweep)
    if sweep.claim is not None:
        yield f"claim: {claim_sentence(sweep.claim)}"
    for each in sweep.distributions:
        yield ""
        yield f"{each.metric}: {_middle(each)}"
        yield from _plot(sweep, each.metric)
        rows = [spread for spread in sweep.spreads if spread.metric == each.metric]
        yield from (f"  {KINDS[spread.kind]:<22}{spread_words(spread)}" for spread in rows)
    yield ""
    yield from (f"note: {note}" for note in sweep.notes)
    yield counts_line(sweep)


def headline(sweep: Sweep) -> str:
    """Return what was run, how often, from which seed."""
    seeds = sweep.of_kind("seed")
    given = ", ".join(f"{name}={value}" for name, value in sweep.params.items())
    count = f"{len(seeds)} seed{'' if len(seeds) == 1 else 's'}"
    return (
        f"{sweep.subject}{f' ({given})' if given else ''}: {count}, children {_span([p.index for p in seeds])} of "
        f"{sweep.root} ({sweep.root_from}), {sweep.threads} thread{'' if sweep.threads == 1 else 's'} each"
    )


def claim_sentence(claim: ClaimHeld) -> str:
    """Return ``true in 29 of 32 seeds (91 %, 95% interval 75 % to 98 %): survives``."""
    left = f"; {claim.undecided} more could not decide it" if claim.undecided else ""
    if claim.interval is None:
        return f"`{claim.text}` was decided by no run{left}"
    low, high = claim.interval
    return (
        f"`{claim.text}` is true in {claim.held} of {claim.decided} seeds ({claim.held / claim.decided:.0%}, 95% "
        f"interval {low:.0%} to {high:.0%}){left}: {_verdict(claim)}"
    )


def _verdict(claim: ClaimHeld) -> str:
    if claim.verdict == "survives":
        return "it survives other seeds"
    if claim.verdict == "does not survive":
        return "it does not survive other seeds"
    return "undecided, since the interval holds one half: more seeds, or no claim"


def spread_words(spread: Spread) -> str:
    """Return how far runs lie apart, ``sd 0.012, 4 % of the seeds'``."""
    if spread.count == 0:
        return "no number"
    failed = f", {spread.failed} failed" if spread.failed else ""
    runs = f"{spread.count} run{'' if spread.count == 1 else 's'}{failed}"
    if spread.count == 1:
        return runs
    if spread.differing == 0:
        return f"{runs}, the same bits"
    share = f", {_share(spread.of_seeds)} of that of the seeds" if spread.of_seeds is not None else ""
    return f"{runs}, sd {number(spread.sd)}{share}, at most {number(spread.most_apart)} apart"


def counts_line(sweep: Sweep) -> str:
    """Return how many runs gave what, and the digest of all."""
    failed = sum(bool(point.error) for point in sweep.points)
    told = f"{len(sweep.points) - failed} of {len(sweep.points)} runs gave numbers"
    return f"{told}; digest {sweep.digest[:16]}"


def progress_line(done: int, of: int, *, found: int, failed: int) -> str:
    """Return ``12 of 34 runs, 8 of them from before``."""
    before = f", {found} of them from before" if found else ""
    return f"{done} of {of} runs{before}{f', {failed} failed' if failed else ''}"


def number(value: float | None) -> str:
    """Return four digits."""
    return "-" if value is None else f"{value:.4g}"


def values_of(sweep: Sweep, metric: str, kind: PointKind) -> list[float]:
    """Return the finite values of one kind of run."""
    given = [point.value(metric) for point in sweep.of_kind(kind)]
    return [value for value in given if value is not None and math.isfinite(value)]


def _middle(each: Distribution) -> str:
    if not each.count:
        return f"no number from {each.failed + each.not_finite} runs"
    interval = f" [{number(each.interval[0])}, {number(each.interval[1])}]" if each.interval else ""
    spread = f", sd {number(each.sd)}" if each.sd is not None else ""
    lost = "".join(
        f", {count} {word}"
        for count, word in ((each.failed, "failed"), (each.not_finite, "not finite"))
        if count
    )
    return (
        f"median {number(each.median)}{interval}, mean {number(each.mean)}{spread}, "
        f"{number(each.least)} to {number(each.most)}{lost}"
    )


def _plot(sweep: Sweep, metric: str) -> Iterator[str]:
    """Yield a strip for each kind of run: a dot a run, a digit where several fall together."""
    strips = {kind: found for kind in KINDS if (found := values_of(sweep, metric, kind))}
    every = [value for found in strips.values() for value in found]
    if not every or min(every) == max(every):
        return
    low, high = min(every), max(every)
    left, right = number(low), number(high)
    yield f"  {'':<22}{left}{right:>{max(_WIDTH - len(left), len(right) + 1)}}"
    for kind, found in strips.items():
        yield f"  {KINDS[kind]:<22}{_strip(found, low, high)}".rstrip()


def _strip(found: Sequence[float], low: float, high: float) -> str:
    counts = [0] * _WIDTH
    for value in found:
        counts[min(_WIDTH - 1, int((value - low) / (high - low) * _WIDTH))] += 1
    return "".join(
        " " if not count else "•" if count == 1 else str(count) if count <= _MANY else "#" for count in counts
    )


def _share(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 else "less than 1%"  # noqa: PLR2004 - a hundredth is the last percent


def _span(indices: Sequence[int]) -> str:
    first, last = indices[0], indices[-1]
    if list(indices) == list(range(first, last + 1)):
        return f"{first} to {last}" if first != last else str(first)
    return ", ".join(map(str, indices[:6])) + (" ..." if len(indices) > 6 else "")  # noqa: PLR2004 - one line
