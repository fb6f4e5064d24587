"""Asks other libraries, whose insides may be otherwise than we know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from jupyter_repro.records import Missing

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["asked"]

_Answer = TypeVar("_Answer")


def asked(ask: Callable[[], _Answer]) -> _Answer | Missing:
    """Return the answer, or why there is none: a library of another version must not keep all else from being told."""
    try:
        return ask()
    except Exception as error:  # noqa: BLE001 - other people's insides may raise anything
        return Missing(f"it could not be asked: {type(error).__name__}: {' '.join(str(error).split())[:200]}")
