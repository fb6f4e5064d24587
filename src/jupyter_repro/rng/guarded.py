"""The one place where a seeder's exception becomes a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["attempt", "reason_of"]

P = ParamSpec("P")
T = TypeVar("T")


def attempt(call: Callable[P, T], *args: P.args, **keywords: P.kwargs) -> tuple[T | None, str]:
    """Return (result, "") or (None, why it failed).

    Seeders come from other packages too and reach into libraries whose errors nobody lists.
    """
    try:
        return call(*args, **keywords), ""
    except Exception as error:  # noqa: BLE001 - a plug-in and its library may raise anything
        return None, reason_of(error)


def reason_of(error: BaseException) -> str:
    """Return the exception as one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
