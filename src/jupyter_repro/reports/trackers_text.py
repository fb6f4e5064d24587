"""Runs of trackers and revisions of data as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .table import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_repro.records.trackers import DataRevision, TrackedRun

__all__ = ["revision_lines", "tracked_head", "tracked_lines", "trackers_text"]

_SHORT = 12
_NO_RECORD = "a run of export, prove or verify, which leaves no record"
_NONE = "No tracker has a run of this kernel: none is imported, or none has begun one."


def trackers_text(run: str, runs: Sequence[TrackedRun], data: Sequence[DataRevision]) -> str:
    """Return the links of a run, for a cell's output.

    Args:
        run: The name of our run; empty: it leaves no record.
        runs: Those of trackers.
        data: What other tools call the data.
    """
    key = f"run {run}" if run else _NO_RECORD
    lines = [tracked_head(run) if runs else key, *tracked_lines(runs)]
    if not runs:
        lines.append(_NONE)
    if data:
        lines += ["", *revision_lines(data)]
    return "\n".join(lines)


def tracked_head(run: str) -> str:
    """Return the line above the runs of trackers.

    Args:
        run: The name of our run; empty: it leaves no record.
    """
    return f"run {run}; trackers know it by this name" if run else _NO_RECORD


def tracked_lines(runs: Sequence[TrackedRun]) -> Iterator[str]:
    """Yield a table of the runs, then what is to be known of each."""
    if not runs:
        return
    rows = [
        (
            each.tracker,
            each.id,
            each.name if each.name != each.id else "",
            each.experiment,
            each.address,
            "" if each.cell is None else each.cell[:_SHORT],
            str(len(each.inputs)) if each.inputs else "",
        )
        for each in runs
    ]
    yield from table(("tracker", "run", "name", "experiment", "where", "cell", "inputs"), rows)
    yield from (f"note: {each.tracker} {each.id}: {each.note}" for each in runs if each.note)


def revision_lines(data: Sequence[DataRevision]) -> Iterator[str]:
    """Yield a table of the revisions, then what does not hold."""
    rows = [
        (
            each.name,
            each.tool,
            each.revision,
            each.source,
            each.remote,
            "" if each.rows is None else f"{each.rows} rows",
            _held(each),
        )
        for each in data
    ]
    yield from table(("data", "tool", "revision", "source", "remote", "size", "bytes"), rows)
    for each in data:
        if each.note:
            bad = each.same is False or each.cache == "damaged"
            yield f"{'warning' if bad else 'note'}: {each.name}: {each.note}"


def _held(each: DataRevision) -> str:
    if each.tool != "DVC":
        return ""
    file = {True: "as told", False: "differ", None: "not compared"}[each.same]
    cache = {"damaged": ", cache damaged", "absent": ", not in the cache", "not read": ", cache not read"}
    return file + cache.get(each.cache, "")
