"""The words of ``%repro`` about records of runs and proofs, as data. Pure: no IPython, no printing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord

from .requests import Note, Prove, ShowDrift, ShowRuns, ShowTrackers
from .tokens import unknown_word

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["drift_request", "note_request", "prove_request", "runs_request", "trackers_request"]

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(s|m|h)?")
_SECONDS = {None: 1, "s": 1, "m": 60, "h": 3600}


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


def trackers_request(rest: Sequence[str]) -> ShowTrackers:
    """Return what ``%repro trackers`` asks for."""
    for word in rest:
        if word not in ("json", "--json"):
            raise unknown_word(word, ("json",))
    return ShowTrackers(json=bool(rest))


def prove_request(rest: Sequence[str]) -> Prove:
    """Return what ``%repro prove`` asks for."""
    found: dict[str, Any] = {}
    for word in rest:
        key, equals, value = word.partition("=")
        if word in ("wait", "cancel"):
            found["act"] = word
        elif key == "allow" and value:
            found["allowed"] = (*found.get("allowed", ()), value)
        elif key == "profile" and value in ("cpu", "gpu"):
            found["profile"] = value
        elif key == "timeout" and equals:
            found["cell_timeout_s"] = _seconds(word, value)
        elif key == "idle" and equals:
            found["act"] = "idle"
            found["idle_s"] = None if value == "off" else _seconds(word, value)
        else:
            raise unknown_word(
                word, ("wait", "cancel", "allow=", "profile=cpu", "profile=gpu", "timeout=", "idle=")
            )
    return Prove(**found)


def _seconds(word: str, value: str) -> float:
    told = _DURATION.fullmatch(value)
    seconds = float(told[1]) * _SECONDS[told[2]] if told else 0.0
    if not seconds:
        raise BadWord(f"`{word}` is no duration", remedy="write, for example, `30s`, `10m` or `1h`")
    return seconds
