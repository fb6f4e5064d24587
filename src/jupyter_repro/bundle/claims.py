"""Claims as an author writes them: ``# repro: claim "Table 2, row 3" row="ResNet" column="accuracy"`` in a cell."""

from __future__ import annotations

import difflib
import re
import shlex
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord, ExportRefused
from jupyter_repro.verifier.claims.claim import Claim
from jupyter_repro.verifier.claims.judge import judged
from jupyter_repro.verifier.compare.notebook import compare_notebooks
from jupyter_repro.verifier.compare.policy import policy_of
from jupyter_repro.verifier.compare.tolerance import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_repro.verifier.compare.volatile import Mask

    from .notebook import Notebook

__all__ = ["check_claims", "read_claims"]

_COMMENT = re.compile(r"^[ \t]*#[ \t]*repro:[ \t]*claim\b[ \t]*([^\n]*)$", re.MULTILINE | re.IGNORECASE)
_OUTSIDE = re.compile(r"\s*(cell\s+[0-9]+|[^:\s]+)\s*:\s*(.+)", re.DOTALL)
_WORDS = ("row", "column", "after")
_EXAMPLE = '`# repro: claim "Table 2, row 3" row="ResNet"`'


def read_claims(notebook: Notebook, outside: Iterable[str] = ()) -> tuple[Claim, ...]:
    """Return the claims in the comments of a notebook's cells, and those given beside it.

    Args:
        notebook: The author's.
        outside: Claims as ``cell 7: Table 2, row 3``; a cell's id serves as well.

    Raises:
        BadWord: One is not understood, two have one text, or a claimed cell is tagged so that it may hold anything.
    """
    found = [
        _claim(text, str(cell.id), cell.label)
        for cell in notebook.cells
        for text in _COMMENT.findall(cell.source)
    ]
    found += [_from_outside(text, notebook) for text in outside]
    tagged = {cell["id"]: cell for cell in notebook.code_cells}
    labels = {str(cell.id): cell.label for cell in notebook.cells}
    for claim in found:
        policy = policy_of(tagged[claim.cell], Tolerance())
        if policy.ignored or policy.volatile:
            raise BadWord(
                f"{labels[claim.cell]} claims `{claim.text}`, and its tag says that it may hold anything",
                remedy="take away the claim or the tag `repro-ignore` or `repro-volatile`",
            )
    twice = next((claim.text for claim in found if sum(claim.text == each.text for each in found) > 1), None)
    if twice is not None:
        raise BadWord(f"`{twice}` is claimed twice", remedy="give each claim a text of its own")
    return tuple(found)


def check_claims(
    claims: Sequence[Claim],
    reference: dict[str, Any],
    runs: Sequence[dict[str, Any]] = (),
    *,
    tolerance: Tolerance,
    masks: Sequence[Mask] = (),
) -> None:
    """Find out whether each claim can be judged, and whether the author's own runs agree on it.

    Raises:
        ExportRefused: A cell shows no such part, or a claimed result differs between runs of the author.
    """
    cells = {cell["id"]: cell for cell in reference["cells"]}
    for claim in claims:
        if not claim.part and not cells[claim.cell].get("outputs"):
            raise ExportRefused(
                f"`{claim.text}` is claimed of a cell that shows nothing",
                remedy="claim it of the cell that shows it",
            )
    for run in (reference, *runs):
        compared = compare_notebooks(reference, run, tolerance=tolerance)
        for row in judged(claims, compared, reference, run, tolerance):
            if not row["holds"]:
                raise ExportRefused(
                    f"`{row['text']}` ({row['label']}) cannot be claimed: {_why(row, again=run is not reference)}",
                    remedy="seed what differs, claim only the part that stays, or take the claim away",
                )
    masked = {mask.cell for mask in masks}
    for claim in claims:
        if not claim.part and claim.cell in masked:
            raise ExportRefused(
                f"`{claim.text}` is claimed of a cell with volatile places",
                remedy="claim only the part that stays, with `row=`, `column=` or `after=`",
            )


def _why(row: Mapping[str, Any], *, again: bool) -> str:
    return f"another run of yours gave another result: {row['why']}" if again else str(row["why"])


def _from_outside(text: str, notebook: Notebook) -> Claim:
    match = _OUTSIDE.fullmatch(text)
    if match is None:
        raise BadWord(
            f"the claim `{text}` names no cell",
            remedy='write it as "cell 7: Table 2, row 3"; a cell id serves as well',
        )
    named, rest = " ".join(match[1].split()), match[2]
    for cell in notebook.cells:
        if named in (cell.label, str(cell.id)):
            return _claim(rest, str(cell.id), cell.label)
    raise BadWord(
        f"the claim `{text}` is of `{named}`, which the notebook does not have",
        remedy=f"name one of its {len(notebook.cells)} code cells, from `cell 1` on, or a cell id",
    )


def _claim(text: str, cell: str, label: str) -> Claim:
    """Return the claim in what follows ``claim``: its text, then ``row=``, ``column=`` or ``after=``."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise BadWord(
            f"the claim `{text}` in {label} is not understood: {error}", remedy=_quoted(text)
        ) from error
    said, parts = [], {}
    for word in words:
        name, equals, value = word.partition("=")
        if equals and name in _WORDS:
            parts[name] = value
        elif equals and (near := difflib.get_close_matches(name, _WORDS, n=1)):
            raise BadWord(
                f"unknown word `{name}=` in the claim of {label}", remedy=f"did you mean `{near[0]}=`?"
            )
        else:
            said.append(word)
    if not said:
        raise BadWord(f"a claim in {label} says nothing", remedy=f"write, say, {_EXAMPLE}")
    if "after" in parts and len(parts) > 1:
        raise BadWord(
            f"the claim `{text}` in {label} names a place in a table and a label",
            remedy="write either `row=` and `column=`, or `after=`",
        )
    return Claim(" ".join(said), cell, **parts)


def _quoted(text: str) -> str:
    return (
        f"put it between double quotes: {_EXAMPLE}"
        if '"' not in text
        else f"close the quotes, as in {_EXAMPLE}"
    )
