"""``%repro prove``: begin, wait for or end a run in the shadow."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from jupyter_repro.records import SeedPlan

from .exporting import INSIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    from .proofs import Proofs
    from .requests import Prove
    from .session import Session

__all__ = ["prove"]

_LOOK_S = 0.2


def prove(session: Session, request: Prove, *, tell: Callable[[str], None]) -> None:
    """Do what ``%repro prove`` asks for.

    Raises:
        NoNotebook: The front end does not tell the notebook's path.
        ProofRefused: What is displayed is not what the file holds, or a proof is being made.
        ReproError: Why the proof that was waited for could not be made.
    """
    if os.environ.get(INSIDE):
        tell("repro: prove is left out in a run that export, verify or prove has started")
        return
    from jupyter_repro.shadow.proving import ProofOptions

    proofs = session.proofs
    options = ProofOptions(
        plan=session.plan or SeedPlan(),
        profile=request.profile,
        cell_timeout_s=request.cell_timeout_s,
        allowed=request.allowed,
    )
    if request.act == "cancel":
        tell("repro: the proof is being ended" if proofs.cancel() else "repro: no proof is being made")
    elif request.act == "idle":
        proofs.when_idle(request.idle_s, options)
        told = "no more" if request.idle_s is None else f"when no cell has run for {request.idle_s:g} s"
        tell(f"repro: proves by itself {told}")
    else:
        proofs.start(options)
        if request.act == "wait":
            _wait(proofs, tell)
        else:
            tell("repro: proving beside your work; the next cell, or `%repro status`, tells the outcome")


def _wait(proofs: Proofs, tell: Callable[[str], None]) -> None:
    """Wait for the outcome; an interrupt ends the proof."""
    from jupyter_repro.reports.proof_text import proof_text

    said = ""
    try:
        while not proofs.wait(timeout_s=_LOOK_S):
            step = proofs.proving.step if proofs.proving is not None else ""
            if step and step != said:
                said = step
                print(f"repro: {step}", file=sys.stderr)  # noqa: T201 - a door prints
    except KeyboardInterrupt:
        proofs.cancel()
        proofs.wait()
    proofs.take_news()
    if proofs.fault is not None:
        raise proofs.fault
    if proofs.last is not None:
        tell(proof_text(proofs.last))
