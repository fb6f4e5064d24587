"""A proof as a job of the panel: the same one that ``%repro prove`` makes and ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.reports.proof_text import proof_sentence

from .jobs import JobResult, judged
from .worker_process import Told

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.kernel.proofs import Proofs
    from jupyter_repro.records.proof import Proof

__all__ = ["ProofJob"]

_RUNNING = re.compile(r"running cell (\d+) of (\d+)")


class ProofJob:
    """Tells a job how far a proof is.

    Args:
        proofs: Of the session; one has begun.
        hear: Called with each thing that is told; the last one is its end.
    """

    def __init__(self, proofs: Proofs, hear: Callable[[Told], None]) -> None:
        self._proofs = proofs
        self._hear = hear

    def start(self) -> None:
        """Listen from now on."""
        self._proofs.on_change.append(self._changed)
        self._changed()

    def stop(self) -> None:
        """End the proof."""
        self._proofs.cancel()

    def _changed(self) -> None:
        proving, fault, proof = self._proofs.proving, self._proofs.fault, self._proofs.last
        if proving is not None:
            found = _RUNNING.fullmatch(proving.step)
            at = (int(found[1]), int(found[2])) if found else (None, None)
            self._hear(Told(kind="step", step=proving.step, cell=at[0], cells=at[1]))
            return
        if self._changed not in self._proofs.on_change:
            return  # two threads have told the end
        self._proofs.on_change.remove(self._changed)
        if fault is not None:
            self._hear(Told(kind="end", error=fault.message, remedy=fault.remedy))
        elif proof is not None:
            self._hear(
                Told(
                    kind="rows",
                    rows=tuple(judged(each.id, each.label, each.verdict, each.why) for each in proof.cells),
                )
            )
            self._hear(Told(kind="end", result=msgspec.to_builtins(_result(proof))))


def _result(proof: Proof) -> JobResult:
    return JobResult(sentence=proof_sentence(proof), exit_code=0 if proof.reproduced else 1)
