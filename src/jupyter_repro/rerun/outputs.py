"""What a run of a cell has shown, in order, and where two runs show something else."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["DIGEST", "Output", "joined", "other_output"]

_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,16}\b")
_WARNING = re.compile(r"^[^\n]*:\d+: \w*Warning: [^\n]*\n(?:[ \t]+[^\n]*\n)?", re.MULTILINE)
"""A warning with its line: Python shows it once a place, so the second run may not."""
_TIMES = re.compile(r"^(?:CPU times: |Wall time: |[^\n]+ per loop \()[^\n]*\n?", re.MULTILINE)
"""What ``%time`` and ``%timeit`` print."""
_LONGEST = 80

DIGEST = "digest"
"""In the place of a MIME type: the content of a result, where it can be looked at without showing it."""

Kind = Literal["stdout", "stderr", "display", "result", "error"]
_SPELLED = {
    "stdout": "text printed",
    "stderr": "text on stderr",
    "display": "shown",
    "result": "the result",
    "error": "the error",
}


class Output(msgspec.Struct, frozen=True):
    """One output."""

    kind: Kind
    forms: dict[str, str]
    """Its text by MIME type."""


def joined(heard: Sequence[Output]) -> tuple[Output, ...]:
    """Return the outputs as a front end has them: text that follows text is one output, addresses are left out."""
    found: list[Output] = []
    for output in heard:
        forms = {mime: _ADDRESS.sub("at 0x", text) for mime, text in output.forms.items()}
        if found and output.kind == found[-1].kind and output.kind in ("stdout", "stderr"):
            forms = {mime: found.pop().forms[mime] + text for mime, text in forms.items()}
        found.append(Output(output.kind, forms))
    plain = [_without_noise(each) for each in found]
    return tuple(each for each in plain if each.kind not in _NOISE or any(each.forms.values()))


_NOISE = {"stdout": _TIMES, "stderr": _WARNING}


def _without_noise(output: Output) -> Output:
    noise = _NOISE.get(output.kind)
    if noise is None:
        return output
    return Output(output.kind, {mime: noise.sub("", text) for mime, text in output.forms.items()})


def other_output(first: Sequence[Output], second: Sequence[Output], values: Callable[[], str]) -> str:
    """Return which output is the first that is not the same, and what differs in it; empty if all are.

    Args:
        first: Of the first run.
        second: Of the second run.
        values: Returns what differs between the two results.
    """
    for number, (one, two) in enumerate(zip_longest(first, second), 1):
        if one == two:
            continue
        if one is None or two is None:
            extra = one or two
            assert extra is not None  # noqa: S101 - zip_longest gives at least one
            which = "first" if two is None else "second"
            return f"output {number} ({_SPELLED[extra.kind]}) is there in the {which} run only"
        if one.kind != two.kind:
            return f"output {number} is {_SPELLED[one.kind]} in the first run, {_SPELLED[two.kind]} in the second"
        by_value = DIGEST in one.forms or DIGEST in two.forms
        return f"output {number} ({_SPELLED[one.kind]}): {values() if by_value else _forms(one, two)}"
    return ""


def _forms(one: Output, two: Output) -> str:
    if one.forms.keys() != two.forms.keys():
        return (
            f"{', '.join(sorted(one.forms))} in the first run, {', '.join(sorted(two.forms))} in the second"
        )
    mimes = [
        mime
        for mime in sorted(one.forms, key=lambda mime: mime != "text/plain")
        if one.forms[mime] != two.forms[mime]
    ]
    mime = mimes[0]
    if not mime.startswith("text/"):
        return f"another {mime}"
    return _lines(one.forms[mime], two.forms[mime])


def _lines(one: str, two: str) -> str:
    for left, right in zip_longest(one.split("\n"), two.split("\n")):
        if left != right:
            return f"{_cut(left, right)} in the first run, {_cut(right, left)} in the second"
    return "other text"


def _cut(text: str | None, other: str | None) -> str:
    """Return the line around where it differs."""
    if text is None:
        return "no such line"
    if len(text) <= _LONGEST:
        return f"`{text}`"
    same = 0
    for left, right in zip(text, other or "", strict=False):
        if left != right:
            break
        same += 1
    start = max(0, same - _LONGEST // 2)
    return f"`{'...' if start else ''}{text[start : start + _LONGEST]}...`"
