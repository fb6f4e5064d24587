"""Parts of a text that name a place in memory or a process, and never a result."""

from __future__ import annotations

import re

__all__ = ["normalised"]

_RULES = (
    ("memory addresses", re.compile(r"\b(at|object at|id=) ?0x[0-9a-fA-F]{6,16}\b"), r"\1 0x"),
    ("memory addresses", re.compile(r"(?<=<)([\w.]+ )at 0x[0-9a-fA-F]{6,16}"), r"\1at 0x"),
    (
        "the kernel's temporary paths",
        re.compile(r"(?:/[\w.+-]+)*/ipykernel_[0-9]+/[0-9]+\.py"),
        "ipykernel/cell.py",
    ),
    (
        "the kernel's temporary paths",
        re.compile(r"[A-Za-z]:\\[^\s\"']*\\ipykernel_[0-9]+\\[0-9]+\.py"),
        "ipykernel/cell.py",
    ),
    ("the kernel's temporary paths", re.compile(r"<ipython-input-[0-9]+-[0-9a-f]+>"), "ipykernel/cell.py"),
)


def normalised(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text with such parts replaced, and the names of the rules that replaced something."""
    used = []
    for name, pattern, replacement in _RULES:
        text, count = pattern.subn(replacement, text)
        if count:
            used.append(name)
    return text, tuple(dict.fromkeys(used))
