"""What ``%repro sweep`` depends on: a function with all that it uses, or the notebook as it is saved."""

from __future__ import annotations

import re

__all__ = ["sweeps", "swept_function"]

_WORD = re.compile(r"""[A-Za-z_]+\s*=\s*(?:"[^"]*"|'[^']*'|\S+)|(\S+)""")
_OTHER = frozenset(("fresh", "notebook", "sweep"))


def sweeps(name: str, line: str) -> bool:
    """Return whether a magic begins a sweep."""
    return name == "repro" and line.split(None, 1)[:1] == ["sweep"]


def swept_function(line: str) -> str:
    """Return the name of the function that the words after ``%repro`` sweep; empty if they sweep no function or do not spell it."""
    alone = [
        match[1]
        for match in _WORD.finditer(re.sub(r"\s#\s.*$", "", line))
        if match[1] and match[1] not in _OTHER
    ]
    return alone[0] if len(alone) == 1 and alone[0].isidentifier() else ""
