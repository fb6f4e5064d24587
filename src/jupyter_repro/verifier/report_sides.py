"""Both sides of a cell that differs, beside each other: texts with what differs marked, figures with it in red."""

from __future__ import annotations

import base64
import binascii
import difflib
from html import escape
from typing import TYPE_CHECKING, Any

from .difference_image import difference_image

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["sides"]

_MOST = 20_000
_MOST_LINES = 400
_SIGNATURES = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff"}


def sides(pair: Mapping[str, Any]) -> str:
    """Return the markup of one pair of outputs."""
    was, now = pair["reference"], pair["fresh"]
    if pair["kind"] == "image":
        mime = pair.get("mime", "image/png")
        shown = [("the author", _figure(was, mime)), ("here", _figure(now, mime))]
        both = mime == "image/png" and isinstance(was, str) and isinstance(now, str)
        if both and (over := difference_image(was, now)):
            shown.append(("what differs, in red", _figure(over, mime)))
    else:
        before, after = _marked(was, now)
        shown = [("the author", before), ("here", after)]
    columns = "".join(f"<div><h3>{name}</h3>{markup}</div>" for name, markup in shown)
    return f'<div class="sides">{columns}</div>'


def _figure(value: Any, mime: str) -> str:
    if value is None:
        return "<pre>(no output)</pre>"
    text = str(value)
    if mime == "image/svg+xml":
        # as an image it runs no script and loads nothing
        data = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
        return f'<img alt="figure" src="data:image/svg+xml;base64,{data}">'
    if mime in _SIGNATURES and _is_base64(text, _SIGNATURES[mime]):
        return f'<img alt="figure" src="data:{mime};base64,{escape(text.strip())}">'
    return f"<pre>{escape(_cut(text))}</pre>"


def _is_base64(text: str, begins: bytes) -> bool:
    try:
        return base64.b64decode(text, validate=False).startswith(begins)
    except (binascii.Error, ValueError):
        return False


def _marked(was: Any, now: Any) -> tuple[str, str]:
    if was is None or now is None:
        return tuple("<pre>(no output)</pre>" if each is None else f"<pre>{escape(_cut(str(each)))}</pre>"
                     for each in (was, now))  # type: ignore[return-value]  # two of two  # fmt: skip
    before, after = _cut(str(was)), _cut(str(now))
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > _MOST_LINES:
        return f"<pre>{escape(before)}</pre>", f"<pre>{escape(after)}</pre>"
    left: list[str] = []
    right: list[str] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            left += map(escape, old[a:b])
            right += map(escape, new[c:d])
        elif tag == "replace" and b - a == d - c:
            pairs = [_in_line(one, other) for one, other in zip(old[a:b], new[c:d], strict=True)]
            left += [pair[0] for pair in pairs]
            right += [pair[1] for pair in pairs]
        else:
            left += [f"<mark>{escape(line) or ' '}</mark>" for line in old[a:b]]
            right += [f"<mark>{escape(line) or ' '}</mark>" for line in new[c:d]]
    return "<pre>" + "\n".join(left) + "</pre>", "<pre>" + "\n".join(right) + "</pre>"


def _in_line(was: str, now: str) -> tuple[str, str]:
    """Mark the words in which two lines differ."""
    old, new = list(_words(was)), list(_words(now))
    left: list[str] = []
    right: list[str] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        one, other = escape("".join(old[a:b])), escape("".join(new[c:d]))
        left.append(one if tag == "equal" or not one else f"<mark>{one}</mark>")
        right.append(other if tag == "equal" or not other else f"<mark>{other}</mark>")
    return "".join(left), "".join(right)


def _words(line: str) -> Iterator[str]:
    """Yield a line in pieces: words with their dots, so that a number is one piece, and everything between."""
    piece = ""
    for character in line:
        belongs = character.isalnum() or character in "._"
        if piece and (not belongs or not (piece[-1].isalnum() or piece[-1] in "._")):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else text[:_MOST] + "\n[cut]"
