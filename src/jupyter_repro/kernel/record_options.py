"""The words of ``%repro`` about records of runs, as data. Pure: no IPython, no printing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord

from .requests import Note, ShowDrift, ShowRuns
from .tokens import unknown_word

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["drift_request", "note_request", "runs_request"]


def drift_request(rest: Sequence[str]) -> ShowDrift:
    """Return what ``%repro drift`` asks for."""
    flags = {"verbose": "verbose", "-v": "verbose", "json": "json", "--json": "json"}
    runs = [word for word in rest if word not in flags]
    if len(runs) > 1:
        raise BadWord(
            "`drift` compares with one run", remedy="write `%repro drift RUN`; `%repro runs` names them"
        )
    return ShowDrift(run="".join(runs), **{flags[word]: True for word in rest if word in flags})


def note_request(line: str) -> Note:
    """Take the text as it stands: it is prose, in quotes or not."""
    text = line.strip()[len("note") :].strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].strip()
    if not text:
        raise BadWord("`note` needs a text", remedy='write `%repro note "why"`; `%repro snapshot` needs none')
    return Note(text)


def runs_request(rest: Sequence[str]) -> ShowRuns:
    """Return what ``%repro runs`` asks for."""
    found: dict[str, Any] = {}
    for word in rest:
        if word.isascii() and word.isdecimal() and int(word):
            found["limit"] = int(word)
        elif word == "all":
            found["everywhere"] = True
        elif word in ("json", "--json"):
            found["json"] = True
        else:
            raise unknown_word(word, ("all", "json"))
    return ShowRuns(**found)
