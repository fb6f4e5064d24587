r"""What a notebook shows of a stream: colours taken away, ``\r``, ``\b`` and "erase line" applied.

Other escape sequences (the cursor moved up, a link) stay as they are and are compared as text.
"""

from __future__ import annotations

import re

__all__ = ["rendered"]

_COLOUR = re.compile(r"\x1b\[[0-9;:]*m")
_MOVING = re.compile(r"[\r\b]|\x1b\[[02]?K")
_PIECE = re.compile(r"\r|\x08|\x1b\[[02]?K|[^\r\x08\x1b]+|\x1b")


def rendered(text: str) -> str:
    r"""Return the text without colours, later parts of a line written over earlier ones."""
    plain = _COLOUR.sub("", text).replace("\r\n", "\n")
    if _MOVING.search(plain) is None:
        return plain
    return "\n".join(_line(line) if _MOVING.search(line) else line for line in plain.split("\n"))


def _line(line: str) -> str:
    shown: list[str] = []
    place = 0
    for piece in _PIECE.findall(line):
        if piece == "\r":
            place = 0
        elif piece == "\b":
            place = max(0, place - 1)
        elif piece == "\x1b[2K":
            shown = [" "] * place
        elif piece in ("\x1b[K", "\x1b[0K"):
            del shown[place:]
        else:
            shown[place : place + len(piece)] = piece
            place += len(piece)
    return "".join(shown)
