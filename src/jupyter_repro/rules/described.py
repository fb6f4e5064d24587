"""What a rule says of itself: its docstring, taken apart."""

from __future__ import annotations

import inspect
import re
from typing import Any

import msgspec

from jupyter_repro.records import Severity  # noqa: TC001 - msgspec resolves the field types at run time

__all__ = ["Described", "described"]

_SECTION = re.compile(r"\*\*(Why is this bad\?|Example|Remedy)\*\*:?\s*")
_FILES = "In files: "


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """One code, in words."""

    code: str
    severity: Severity
    what: str
    """One sentence without the code."""
    more: str = ""
    why: str = ""
    example: str = ""
    remedy: str = ""
    in_files: str = ""
    """What is seen of it in files; empty if nothing is."""
    on: bool = True
    """Whether it is asked if nothing is said."""
    looks_at: tuple[str, ...] = ()
    """``kernel``, ``file``, ``export``."""
    package: str = ""
    """Whose it is, if not ours."""


def described(rule: Any, *, looks_at: tuple[str, ...], package: str = "") -> Described:
    """Return what a rule's docstring says.

    Args:
        rule: Ours or a package's, with `code` and a docstring.
        looks_at: Where it looks.
        package: Whose it is.
    """
    text = re.sub(r"``(.+?)``", r"`\1`", inspect.cleandoc(rule.__doc__ or ""), flags=re.DOTALL)
    head, *parts = _SECTION.split(text)
    sections = {name: _flat(body) for name, body in zip(parts[::2], parts[1::2], strict=True)}
    first, _, more = head.partition("\n\n")
    what = re.sub(r"^[A-Z]+[0-9]{3}(?: to [A-Z]+[0-9]{3})?: ", "", _flat(first))
    in_files = f"{what.removeprefix(_FILES)} {_flat(more)}".strip() if what.startswith(_FILES) else ""
    if "file" in looks_at and not in_files:
        in_files = what
    return Described(
        code=rule.code,
        severity=getattr(rule, "severity", "warning"),
        what="" if what.startswith(_FILES) else what,
        more="" if what.startswith(_FILES) else _flat(more),
        why=sections.get("Why is this bad?", ""),
        example=sections.get("Example", ""),
        remedy=sections.get("Remedy", ""),
        in_files=in_files,
        on=getattr(rule, "on", True),
        looks_at=looks_at,
        package=package,
    )


def _flat(text: str) -> str:
    return " ".join(text.split())
