"""The words of a magic line. Pure: no IPython."""

from __future__ import annotations

import re

from jupyter_repro.errors import BadWord

__all__ = ["tokens"]

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
