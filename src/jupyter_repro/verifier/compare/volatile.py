"""Volatile parts of outputs: learned from runs of the author, kept in the bundle for everyone to see.

A part is what a cell printed, or one form of what it showed; an image has no such part. A part more than half of
which is volatile is left out: it would pass with anything in it.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from .comparer import joined
from .normal import normalised
from .outcome import Outcome, volatile
from .registry import comparer_for
from .streams import stream_text
from .template import HOLES, Template, Token, TooLong, learned
from .terminal import rendered

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from .tolerance import Tolerance

__all__ = ["Mask", "learn", "masks_from_json", "readable"]

PRINTED = "printed"
_MOST = 0.5


@dataclasses.dataclass(frozen=True)
class Mask:
    """The volatile places of one part of a cell's outputs."""

    cell: str
    part: str
    """``printed``; ``1 text/html`` is that form of the second thing shown; ``0 error`` a message."""
    runs: int
    template: Template

    def judge(self, fresh: str, tolerance: Tolerance, why: str) -> Outcome | None:
        """Return ``volatile`` if the fresh text differs in these places only; ``why`` tells the first of them."""
        if not self.template.fits(fresh, tolerance):
            return None
        places = "1 place" if self.template.holes == 1 else f"{self.template.holes} places"
        return volatile(f"differs only in {places} where {self.runs} runs of the author differed: {why}")

    def to_json(self) -> dict[str, Any]:
        """Return what ``repro.json`` holds."""
        return {"cell": self.cell, "part": self.part, "runs": self.runs, "text": self.template.to_json()}


def learn(
    reference: Mapping[str, Any], runs: Sequence[Mapping[str, Any]], *, day: dt.date | None = None
) -> tuple[tuple[Mask, ...], tuple[str, ...]]:
    """Learn what is volatile from more runs of the same notebook.

    Args:
        reference: The run that verifications compare with.
        runs: More runs of it, under the same conditions.
        day: The day of the runs.

    Returns:
        The masks, and a sentence for each part that is too volatile to have one.
    """
    from .notebook import code_cells

    masks, refused = [], []
    others = [code_cells(dict(run)) for run in runs]
    for number, (name, cell) in enumerate(code_cells(dict(reference)).items(), start=1):
        rows = [parts_of(each[name].get("outputs", ())) for each in others if name in each]
        for part, text in parts_of(cell.get("outputs", ())).items():
            texts = [text, *(row[part] for row in rows if part in row)]
            try:
                found = learned(texts, day)
            except TooLong:
                refused.append(
                    f"cell {number}: what differs between runs is in a text too long to be learned"
                )
                continue
            if found is None:
                continue
            if found.share() > _MOST:
                refused.append(f"cell {number}: more than half of what it shows is another in each run")
            else:
                masks.append(Mask(name, part, len(texts), found))
    return tuple(masks), tuple(dict.fromkeys(refused))


def parts_of(outputs: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the parts that can be volatile, as readable texts."""
    return dict(_parts(outputs))


def _parts(outputs: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    printed = stream_text(outputs, "stdout")
    if printed:
        yield PRINTED, readable("text/plain", printed)
    shown = [output for output in outputs if output["output_type"] != "stream"]
    for number, output in enumerate(shown):
        if output["output_type"] == "error":
            yield f"{number} error", readable("text/plain", str(output.get("evalue")))
        data = output.get("data", {})
        for mime, value in data.items():
            if mime == "text/plain" and len(data) > 1:
                continue
            comparer = comparer_for(mime)
            if comparer is not None and comparer.text is not None:
                yield f"{number} {mime}", readable(mime, value)


def readable(mime: str, value: Any) -> str:
    """Return a value as the text in which volatile parts are looked for; empty if its kind has none."""
    comparer = comparer_for(mime)
    if comparer is None or comparer.text is None:
        return ""
    text = comparer.text(value if comparer.takes_json else joined(value))
    return normalised(rendered(text))[0]


def masks_from_json(rows: Sequence[object]) -> tuple[Mask, ...]:
    """Return the masks in ``repro.json``.

    Raises:
        ValueError: One is not what it should be.
    """
    return tuple(_mask(row) for row in rows)


def _mask(row: object) -> Mask:
    if not isinstance(row, dict):
        raise ValueError("it is no object")  # noqa: TRY004 - what is wrong is the bundle, for one handler
    cell, part, runs, text = (row.get(key) for key in ("cell", "part", "runs", "text"))
    if not isinstance(cell, str) or not isinstance(part, str) or not isinstance(text, list):
        raise ValueError("it has no cell, part or text")  # noqa: TRY004 - as above
    if not isinstance(runs, int) or isinstance(runs, bool) or runs < 2:  # noqa: PLR2004 - nothing is learned from one
        raise ValueError("nothing is learned from one run")
    for pair in text:
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(each, str) for each in pair)):  # noqa: PLR2004 - a kind and a text
            raise ValueError("its text is not made of pairs")
        if pair[0] == "hole" and pair[1] not in HOLES:
            raise ValueError(f"there is no hole of the kind `{pair[1][:20]}`")
    return Mask(cell, part, runs, Template(tuple(Token(kind, token) for kind, token in text)))
