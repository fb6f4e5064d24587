"""Python for the lines that only IPython understands, inside code that a magic is given as text.

What a cell says itself comes here as IPython has transformed it; the body of a ``%%time`` comes as it was
written.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["as_python"]

_SPECIAL = re.compile(r"^\s*(?:[%!?]|[\w.,\[\]'\"() ]+=\s*[%!])|\?\s*$", re.MULTILINE)
_LINE = re.compile(r"^(\s*)((?:[\w.,\[\]'\"() ]+=\s*)?)(%|!!?)(.*)$")
_HELP = re.compile(r"^(\s*)(?:\?{1,2}\s*([%\w.*]+)|([%\w.*]+)\s*\?{1,2})\s*$")


def as_python(body: str) -> str:
    """Return the text with its magics, shell lines and questions as the calls that IPython makes of them."""
    if not _SPECIAL.search(body) or _compiles(body):
        return body
    if body.lstrip().startswith("%%"):
        first, _, rest = body.lstrip().partition("\n")
        name, _, line = first[2:].partition(" ")
        return f"get_ipython().run_cell_magic({name!r}, {line!r}, {rest!r})\n"
    return "\n".join(map(_line, _joined(body))) + "\n"


def _compiles(body: str) -> bool:
    try:
        ast.parse(body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _joined(body: str) -> Iterator[str]:
    """Yield the lines; a magic or shell line goes on after a backslash, and empty ones take the place of the rest."""
    lines = iter(body.split("\n"))
    for line in lines:
        whole, more = line, 0
        while whole.endswith("\\") and _LINE.match(whole):
            whole = f"{whole[:-1]} {next(lines, '')}"
            more += 1
        yield whole
        yield from [""] * more


def _line(line: str) -> str:
    found = _LINE.match(line)
    if found is None:
        asked = _HELP.match(line)
        if asked is None:
            return line
        return f"{asked[1]}get_ipython().run_line_magic('pinfo', {(asked[2] or asked[3])!r})"
    indent, target, sign, rest = found.groups()
    if sign == "%":
        name, _, argument = rest.strip().partition(" ")
        return f"{indent}{target}get_ipython().run_line_magic({name!r}, {argument.strip()!r})"
    how = "getoutput" if target or sign == "!!" else "system"
    return f"{indent}{target}get_ipython().{how}({rest.strip()!r})"
