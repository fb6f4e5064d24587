"""The outputs of one cell: what it printed, what it showed, how it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .bundle import compare_forms
from .outcome import IDENTICAL, Outcome, differs, worst
from .text import compare_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .tolerance import Tolerance

__all__ = ["compare_outputs", "stream_text"]


def compare_outputs(
    reference: Sequence[dict[str, Any]], fresh: Sequence[dict[str, Any]], tolerance: Tolerance
) -> tuple[Outcome, tuple[str, ...]]:
    """Compare what two runs of a cell left; return the outcome and notes that change no verdict.

    Streams are joined by name, since their pieces depend on timing. ``stderr`` is told and does not count:
    warnings carry paths and line numbers of the machine.
    """
    outcomes = [_printed(reference, fresh, tolerance)]
    notes = []
    warned = compare_text(stream_text(reference, "stderr"), stream_text(fresh, "stderr"), tolerance)
    if warned.verdict == "differs":
        notes.append(f"stderr is another, which does not count: {warned.why}")
    before, after = _shown(reference), _shown(fresh)
    if len(before) != len(after):
        outcomes.append(differs(f"it showed {_count(len(before))}, now {_count(len(after))}"))
    outcomes += [_compare(a, b, tolerance) for a, b in zip(before, after, strict=False)]
    return worst(outcomes), tuple(notes)


def _printed(
    reference: Sequence[dict[str, Any]], fresh: Sequence[dict[str, Any]], tolerance: Tolerance
) -> Outcome:
    outcome = compare_text(stream_text(reference, "stdout"), stream_text(fresh, "stdout"), tolerance)
    return differs(f"printed text: {outcome.why}") if outcome.verdict == "differs" else outcome


def stream_text(outputs: Sequence[dict[str, Any]], name: str) -> str:
    """Return all that a cell wrote to one stream."""
    texts = (o["text"] for o in outputs if o["output_type"] == "stream" and o.get("name") == name)
    return "".join("".join(text) if isinstance(text, list) else str(text) for text in texts)


def _shown(outputs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [output for output in outputs if output["output_type"] != "stream"]


def _compare(was: dict[str, Any], now: dict[str, Any], tolerance: Tolerance) -> Outcome:
    if (was["output_type"] == "error") != (now["output_type"] == "error"):
        return differs(
            "an error in place of an output"
            if now["output_type"] == "error"
            else "an output in place of an error"
        )
    if was["output_type"] == "error":
        return _errors(was, now, tolerance)
    if was["output_type"] != now["output_type"]:
        return differs(f"{was['output_type']} became {now['output_type']}")
    return compare_forms(was.get("data", {}), now.get("data", {}), tolerance)


def _errors(was: dict[str, Any], now: dict[str, Any], tolerance: Tolerance) -> Outcome:
    """The kind of error exactly, its message as text; the traceback names places on a machine."""
    if was.get("ename") != now.get("ename"):
        return differs(f"{was.get('ename')} became {now.get('ename')}")
    outcome = compare_text(str(was.get("evalue")), str(now.get("evalue")), tolerance)
    return IDENTICAL if outcome.verdict == "identical" else outcome


def _count(number: int) -> str:
    return "1 output" if number == 1 else f"{number} outputs"
