"""What speaks against an export, as a front end shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .jobs import Refusal
from .limits import capped

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["refusals"]

_MOST = 50


def refusals(against: Iterable[tuple[str, str, str]]) -> tuple[Refusal, ...]:
    """Return code, message and remedy of findings as rows that can be answered for.

    Args:
        against: As :attr:`~jupyter_repro.errors.ExportRefused.against` has them.
    """
    from jupyter_repro.bundle.refusals import REFUSING

    return tuple(
        Refusal(code=code, kind=REFUSING[code], message=capped(message), remedy=capped(remedy))
        for code, message, remedy in list(dict.fromkeys(against))[:_MOST]
        if code in REFUSING
    )
