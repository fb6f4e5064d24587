"""JSON with one byte sequence for one value."""

from __future__ import annotations

import json
import os
from typing import Any

import msgspec

__all__ = ["dumps", "to_builtins"]


def _plain(value: Any) -> Any:
    """Spell a path as text; nothing else that is no JSON is accepted."""
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"{type(value).__name__} is no JSON")


_ENCODER = msgspec.json.Encoder(order="deterministic", enc_hook=_plain)


def to_builtins(value: Any) -> Any:
    """Return a record as plain dicts, lists and atoms, as its JSON would read."""
    return msgspec.to_builtins(value, order="deterministic", enc_hook=_plain)


def dumps(value: Any, *, indent: int | None = None) -> bytes:
    r"""Return UTF-8 JSON with sorted keys, ending in ``\n``.

    Args:
        value: A msgspec record or plain JSON data.
        indent: Spaces a level for people to read; None writes one line.
    """
    try:
        raw = _ENCODER.encode(value)
    except UnicodeEncodeError:
        # a lone surrogate, as in a file name that is not UTF-8: escaped, as JSON allows
        plain = to_builtins(value)
        raw = json.dumps(plain, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    if indent is not None:
        raw = msgspec.json.format(raw, indent=indent)
    return raw + b"\n"
