"""Calibration: what differs between canonical runs is volatile, and told."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import BadWord
from jupyter_repro.verifier.compare.policy import tag_faults
from jupyter_repro.verifier.compare.tolerance import Tolerance
from jupyter_repro.verifier.compare.volatile import Mask, learn

from .canonical import canonical_run
from .claims import check_claims

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_repro.records import SeedPlan
    from jupyter_repro.verifier.claims.claim import Claim
    from jupyter_repro.verifier.execute import Event

    from .canonical import CanonicalRun
    from .dists import Interpreter
    from .notebook import Notebook

__all__ = ["Calibration", "calibrate", "check_tags"]


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """What more runs have shown."""

    masks: tuple[Mask, ...] = ()
    told: tuple[str, ...] = ()
    """One sentence a cell: what is volatile in it, or why it may not be."""


def calibrate(  # noqa: PLR0913 - the settings of a canonical run, and how many
    notebook: Notebook,
    run: CanonicalRun,
    *,
    runs: int,
    plan: SeedPlan,
    interpreter: Interpreter,
    cell_timeout_s: float | None,
    progress: Callable[[str], None],
    watch: Callable[[Event, str], None] | None = None,
    claims: Sequence[Claim] = (),
    tolerance: Tolerance | None = None,
) -> Calibration:
    """Run the notebook ``runs`` more times as :func:`canonical_run` does, and learn what differs.

    ``claims`` are what all runs must agree on, within ``tolerance``.

    Raises:
        RunFailed: One of the runs failed.
        ExportRefused: They do not agree on what is claimed.
    """
    if not runs:
        return Calibration()
    nodes = []
    for number in range(1, runs + 1):
        progress(f"calibrating, run {number} of {runs}")
        again = canonical_run(
            notebook, plan=plan, interpreter=interpreter, cell_timeout_s=cell_timeout_s, progress=_silent,
            watch=watch,
        )  # fmt: skip
        nodes.append(again.node)
    check_claims(claims, run.node, nodes, tolerance=tolerance or Tolerance())
    masks, refused = learn(run.node, nodes, day=dt.datetime.now(tz=dt.timezone.utc).astimezone().date())
    labels = {str(cell.id): cell.label for cell in notebook.cells}
    places: dict[str, int] = {}
    for mask in masks:
        places[mask.cell] = places.get(mask.cell, 0) + mask.template.holes
    told = [f"{labels[cell]} is volatile in {_count(number)}" for cell, number in places.items()]
    told += [
        f"{each}, so it is compared as it stands; seed it, or tag it `repro-volatile`" for each in refused
    ]
    return Calibration(masks=masks, told=tuple(told))


def check_tags(notebook: Notebook) -> None:
    """Find out before the long run whether the tags on comparing are understood.

    Raises:
        BadWord: One is not.
    """
    faults = tag_faults(notebook.node)
    if faults:
        raise BadWord("; ".join(faults), remedy="change the tag in the cell's metadata, or take it away")


def _silent(_step: str) -> None:
    """Take no notice of progress: the number of the run is told."""


def _count(number: int) -> str:
    return "1 place" if number == 1 else f"{number} places"
