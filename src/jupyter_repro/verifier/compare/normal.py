"""Parts of a text that name a place in memory or a process, or the speed of a progress bar, and never a result.

An address is such a part only inside a ``<... at 0x...>`` as Python represents objects: ``jump at 0x401000``
is a result. Patterns start only where no earlier try could have come by, so hostile text takes linear time.
"""

from __future__ import annotations

import re

__all__ = ["normalised"]

_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,16}(?![0-9a-zA-Z_])")
_FAR = 300
"""Characters before and after an address in which the brackets of its object are looked for."""

_KERNEL_PATHS = (
    re.compile(r"(?<![\w.+-])(?:/[\w.+-]+)*/ipykernel_[0-9]+/[0-9]+\.py"),
    re.compile(r"(?<![\w\\])[A-Za-z]:\\[\w.+~\\-]*\\ipykernel_[0-9]+\\[0-9]+\.py"),
    re.compile(r"<ipython-input-[0-9]+-[0-9a-f]+>"),
)


_RATE = re.compile(
    r"\[(?:[0-9]{1,4}:)?[0-9]{1,2}:[0-9]{2}<(?:(?:[0-9]{1,4}:)?[0-9]{1,2}:[0-9]{2}|\?), *"
    r"(?:[0-9.]{1,12}|\?) ?(?:[A-Za-z]{0,12}/s|s/[A-Za-z]{1,12})(?=[,\]])"
)
"""``[00:01<00:00, 38.2it/s``: what tqdm writes behind the count, up to what the user adds."""


def normalised(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text with such parts replaced, and the names of the rules that replaced something."""
    used = []
    plain = _ADDRESS.sub(_without_address, text)
    if plain != text:
        used.append("memory addresses")
    count = 0
    for pattern in _KERNEL_PATHS:
        plain, more = pattern.subn("ipykernel/cell.py", plain)
        count += more
    if count:
        used.append("the kernel's temporary paths")
    plain, count = _RATE.subn("[times and rate", plain)
    if count:
        used.append("the speed of a progress bar")
    return plain, tuple(used)


def _without_address(match: re.Match[str]) -> str:
    return "at 0x" if _opened(match) and _closed(match) else match[0]


def _opened(match: re.Match[str]) -> bool:
    """Tell whether a ``<`` that begins a name is open before the address, in its line."""
    text, depth = match.string, 0
    for place in range(match.start() - 1, max(-1, match.start() - _FAR), -1):
        if text[place] == "\n":
            return False
        if text[place] == ">":
            depth += 1
        elif text[place] == "<":
            if depth == 0:
                return text[place + 1].isalpha() or text[place + 1] == "_"
            depth -= 1
    return False


def _closed(match: re.Match[str]) -> bool:
    """Tell whether the object ends in its line, or was cut off there by whoever printed it."""
    rest = match.string[match.end() : match.end() + _FAR].split("\n", 1)[0]
    return ">" in rest or rest.startswith(("...", "\u2026"))
