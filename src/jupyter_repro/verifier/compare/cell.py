"""The outputs of one cell: what it printed, what it showed, how it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .bundle import compare_forms
from .outcome import IDENTICAL, Outcome, differs, worst
from .streams import stream_text
from .text import compare_text
from .volatile import PRINTED, readable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .tolerance import Tolerance
    from .volatile import Mask

__all__ = ["compare_outputs", "of_other_kinds"]

_NONE: Mapping[str, Mask] = {}


def compare_outputs(
    reference: Sequence[dict[str, Any]],
    fresh: Sequence[dict[str, Any]],
    tolerance: Tolerance,
    masks: Mapping[str, Mask] = _NONE,
) -> tuple[Outcome, tuple[str, ...]]:
    """Compare what two runs of a cell left; return the outcome and notes that change no verdict.

    Streams are joined by name, since their pieces depend on timing. ``stderr`` is told and does not count:
    warnings carry paths and line numbers of the machine. ``masks`` are the cell's volatile parts by name.
    """
    outcomes = [_printed(reference, fresh, tolerance, masks.get(PRINTED))]
    notes = []
    warned = compare_text(stream_text(reference, "stderr"), stream_text(fresh, "stderr"), tolerance)
    if warned.verdict == "differs":
        notes.append(f"stderr is another, which does not count: {warned.why}")
    if any(_is_report(output) for output in (*reference, *fresh)):
        notes.append("what `%repro` reports of its kernel is not compared")
    before, after = _shown(reference), _shown(fresh)
    if len(before) != len(after):
        outcomes.append(differs(f"it showed {_count(len(before))}, now {_count(len(after))}"))
    for number, (was, now) in enumerate(zip(before, after, strict=False)):
        start = f"{number} "
        own = {part.removeprefix(start): mask for part, mask in masks.items() if part.startswith(start)}
        outcomes.append(_compare(was, now, tolerance, own))
    return worst(outcomes), tuple(notes)


def of_other_kinds(reference: Sequence[dict[str, Any]], fresh: Sequence[dict[str, Any]]) -> str:
    """Say how the kinds of what two runs showed differ; empty if they do not."""
    before, after = ([_kind(output) for output in _shown(run)] for run in (reference, fresh))
    if before == after:
        return ""
    if len(before) != len(after):
        return f"it showed {_count(len(before))}, now {_count(len(after))}"
    return next(f"{a} became {b}" for a, b in zip(before, after, strict=True) if a != b)


def _kind(output: dict[str, Any]) -> str:
    if output["output_type"] == "error":
        return f"an error {output.get('ename')}"
    return ", ".join(sorted(output.get("data", {})))


def _printed(
    reference: Sequence[dict[str, Any]],
    fresh: Sequence[dict[str, Any]],
    tolerance: Tolerance,
    mask: Mask | None,
) -> Outcome:
    was, now = stream_text(reference, "stdout"), stream_text(fresh, "stdout")
    outcome = compare_text(was, now, tolerance)
    if outcome.verdict != "differs":
        return outcome
    excused = mask.judge(readable("text/plain", now), tolerance, outcome.why) if mask else None
    return excused or differs(f"printed text: {outcome.why}")


def _shown(outputs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [output for output in outputs if output["output_type"] != "stream" and not _is_report(output)]


_REPORT = "application/vnd.jupyter-repro+json"
_WIDGET = "application/vnd.jupyter.widget-view+json"
_REPORT_FORMS = frozenset((_REPORT, "text/plain", "text/html", _WIDGET))


def _is_report(output: dict[str, Any]) -> bool:
    """Tell whether it is what `%repro status` or `%repro panel` shows: facts about the kernel that showed it, and no result."""
    data = output.get("data", {})
    if output["output_type"] != "display_data" or _REPORT not in data or not _REPORT_FORMS.issuperset(data):
        return False
    facts = data[_REPORT]
    return isinstance(facts, dict) and facts.get("schema") == 1 and "verdict" in facts and "headline" in facts


def _compare(
    was: dict[str, Any], now: dict[str, Any], tolerance: Tolerance, masks: Mapping[str, Mask]
) -> Outcome:
    if (was["output_type"] == "error") != (now["output_type"] == "error"):
        return differs(
            "an error in place of an output"
            if now["output_type"] == "error"
            else "an output in place of an error"
        )
    if was["output_type"] == "error":
        return _errors(was, now, tolerance, masks.get("error"))
    if was["output_type"] != now["output_type"]:
        return differs(f"{was['output_type']} became {now['output_type']}")
    return compare_forms(was.get("data", {}), now.get("data", {}), tolerance, masks)


def _errors(was: dict[str, Any], now: dict[str, Any], tolerance: Tolerance, mask: Mask | None) -> Outcome:
    """The kind of error exactly, its message as text; the traceback names places on a machine."""
    if was.get("ename") != now.get("ename"):
        return differs(f"{was.get('ename')} became {now.get('ename')}")
    said = str(now.get("evalue"))
    outcome = compare_text(str(was.get("evalue")), said, tolerance)
    if outcome.verdict == "differs" and mask:
        return mask.judge(readable("text/plain", said), tolerance, outcome.why) or outcome
    return IDENTICAL if outcome.verdict == "identical" else outcome


def _count(number: int) -> str:
    return "1 output" if number == 1 else f"{number} outputs"
