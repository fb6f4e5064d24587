"""Runs as text: a table that can be read when it is long, and one run whole."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from jupyter_repro.records import Missing

from .config_text import config_title
from .drift_text import moment
from .table import table
from .trackers_text import revision_lines, tracked_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jupyter_repro.records.catalog import Run

__all__ = ["HEAD", "run_rows", "run_text", "runs_text", "short_id"]

HEAD = ("run", "made (UTC)", "kind", "notebook", "code", "seed", "cells", "verdict", "note")
_SHORT = 13
"""The first two groups tell the millisecond."""
_NOTE = 48
_SIXTY = 60


def short_id(run_id: str) -> str:
    """Return the beginning of a name that hardly two runs share."""
    return run_id[:_SHORT]


def run_rows(runs: Iterable[Run]) -> Iterator[tuple[str, ...]]:
    """Yield the columns of each run, as :data:`HEAD` names them."""
    for run in runs:
        code = "" if isinstance(run.code, Missing) else run.code.commit[:8] + ("+" if run.code.dirty else "")
        failed = sum(cell.ended not in ("ok", "unfinished") for cell in run.cells)
        yield (
            short_id(run.id),
            time.strftime("%Y-%m-%d %H:%M", time.gmtime(run.made)),
            run.kind,
            run.notebook,
            code,
            "" if run.seed is None or run.seed.seed is None else str(run.seed.seed),
            f"{len(run.cells)}" + (f" ({failed} failed)" if failed else ""),
            run.verdict or "not judged",
            _cut(run.bundle.name if run.bundle else ("" if run.kind == "snapshot" else run.why)),
        )


def runs_text(runs: Sequence[Run], *, warnings: Sequence[str] = ()) -> str:
    """Return the table, for a cell's output or a pipe."""
    lines = list(table(HEAD, run_rows(runs))) if runs else ["No run is on record."]
    lines += [f"warning: {each}" for each in warnings]
    return "\n".join(lines)


def run_text(run: Run) -> str:
    """Return one run, whole."""
    return "\n".join(_lines(run))


def _lines(run: Run) -> Iterator[str]:
    rows = [("run", run.id), ("kind", run.kind), ("made", moment(run.made))]
    if run.started is not None:
        rows.append(("first cell", moment(run.started)))
    rows.append(("notebook", run.notebook or "not known"))
    if isinstance(run.code, Missing):
        rows.append(("code", f"none: {run.code.reason}"))
    else:
        state = "with uncommitted changes" if run.code.dirty else "clean"
        rows.append(("code", f"{run.code.commit[:12]} on {run.code.branch or 'no branch'}, {state}"))
    rows.append(("environment", run.environment[:12]))
    rows += [("configuration", config_title(each)) for each in run.configs or ()]
    if run.seed is not None:
        rows.append(
            ("seed", f"{run.seed.seed}, strictness {run.seed.strictness}, entropy {run.seed.entropy}")
        )
    else:
        rows.append(("seed", run.absent.get("seed", "none")))
    rows.append(("verdict", run.headline or run.verdict or run.absent.get("verdict", "not judged")))
    if run.bundle is not None:
        rows.append(("bundle", f"{run.bundle.name} ({run.bundle.id[:12]})"))
    rows += [("checkpoint", _checkpoint(each)) for each in run.checkpoints]
    yield from table(("what", "of this run"), rows)
    if run.notes:
        yield ""
        yield from table(("noted", "why"), [(moment(each.at), each.text) for each in run.notes])
    if run.inputs:
        yield ""
        inputs = [
            (each.resource, each.digest[:12] if each.digest else f"not known: {each.why}")
            for each in run.inputs
        ]
        yield from table(("input", "SHA-256"), inputs)
    if run.trackers:
        yield ""
        yield from tracked_lines(run.trackers)
    if run.data:
        yield ""
        yield from revision_lines(run.data)
    if run.cells:
        yield ""
        cells = [
            (
                each.label,
                each.verdict or "not judged",
                each.ended,
                _seconds(each.duration_s),
                _outputs(each.outputs),
            )
            for each in run.cells
        ]
        yield from table(("cell", "verdict", "ended", "took", "outputs"), cells)


def _checkpoint(told: str) -> str:
    path, _, digest = told.rpartition("@")
    return f"{path} ({digest[:12]})"


def _outputs(digest: str | None) -> str:
    if digest is None:
        return "not known"
    return digest.removeprefix("saved:")[:12] or "(no result)"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _NOTE else f"{line[: _NOTE - 1]}…"


def _seconds(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds < _SIXTY else f"{seconds / _SIXTY:.1f} min"
