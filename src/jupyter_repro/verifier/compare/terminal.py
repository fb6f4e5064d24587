r"""What a terminal would show of a stream: ``\r``, ``\b`` and colours applied."""

from __future__ import annotations

import re

__all__ = ["rendered"]

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


def rendered(text: str) -> str:
    r"""Return the text without escape sequences, later parts of a line written over earlier ones."""
    plain = _ANSI.sub("", text).replace("\r\n", "\n")
    if "\r" not in plain and "\b" not in plain:
        return plain
    return "\n".join(_line(line) for line in plain.split("\n"))


def _line(line: str) -> str:
    shown: list[str] = []
    place = 0
    for character in line:
        if character == "\r":
            place = 0
        elif character == "\b":
            place = max(0, place - 1)
        else:
            shown[place : place + 1] = [character]
            place += 1
    return "".join(shown)
