"""The words of a magic line. Pure: no IPython."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_repro.errors import BadWord

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["tokens", "unknown_word"]

_TOKEN = re.compile(r"""\s*(?:,\s*)*("[^"]*"|'[^']*'|[^\s,="']+|=)""")


def tokens(line: str) -> list[str]:
    """Split a magic line into words: ``seed = 42, strict  # note`` gives ``seed=42`` and ``strict``.

    Raises:
        BadWord: A quote is not closed.
    """
    parts: list[str] = []
    rest = line
    while rest.strip(" \t,"):
        if rest.lstrip(" \t,").startswith("#"):
            break
        match = _TOKEN.match(rest)
        if match is None:
            raise BadWord(f"a quote is not closed in `{line.strip()}`", remedy="close it")
        part, rest = match.group(1), rest[match.end() :]
        joined = parts and (part == "=" or parts[-1].endswith("="))
        if joined and parts:
            parts[-1] += part.strip("\"'")
        else:
            parts.append(part.strip("\"'"))
    return parts


def unknown_word(word: str, known: Sequence[str]) -> BadWord:
    """Say that a word is not known, with a guess at what was meant."""
    import difflib

    key = word.partition("=")[0]
    spelled = [k.rstrip("=") for k in known]
    close = difflib.get_close_matches(key.lower(), spelled, n=1, cutoff=0.5)
    guess = f"did you mean `{close[0]}`?" if close else f"known words: {', '.join(dict.fromkeys(spelled))}"
    return BadWord(f"unknown word `{word}`", remedy=guess)
