"""A proof as text: one line, and what departs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records.proof import Proof

__all__ = ["proof_line", "proof_sentence", "proof_text"]

_MOST = 10


def proof_line(proof: Proof | None, since: str = "") -> str:
    """Return ``proven 12:03: 41 identical, 2 equivalent``, on another day with its date.

    Args:
        proof: The last one, None if there is none.
        since: What has changed since then.
    """
    if proof is None:
        return "nothing has been proven"
    then, now = time.localtime(proof.at), time.localtime()
    clock = time.strftime("%H:%M" if then[:3] == now[:3] else "%Y-%m-%d %H:%M", then)
    return f"proven {clock}: {proof.counts()}" + (f"; since then {since}" if since else "")


def proof_sentence(proof: Proof, since: str = "") -> str:
    """Return the line as it stands by itself."""
    line = proof_line(proof, since)
    return line[:1].upper() + line[1:]


def proof_text(proof: Proof) -> str:
    """Return the outcome, the cells that departed, and what the run could not do."""
    return "\n".join(_lines(proof))


def _lines(proof: Proof) -> Iterator[str]:
    yield proof_line(proof)
    others = [
        cell for cell in proof.cells if cell.verdict not in ("identical", "equivalent", "within tolerance")
    ]
    if others:
        yield ""
        yield from table(
            ("cell", "verdict", "why"), [(cell.label, cell.verdict, cell.why) for cell in others[:_MOST]]
        )
        if len(others) > _MOST:
            yield f"and {len(others) - _MOST} more"
        yield ""
    if any("PermissionError" in cell.why for cell in others):
        yield "A proof writes nothing outside the project; `allow=FOLDER` lets cells write there."
    yield f"{proof.held_back}; it took {proof.seconds:.0f} s."
    if proof.left_out:
        yield f"The copy lacks {', '.join(proof.left_out[:_MOST])}."
