"""``# repro: allow RP102 because the order is the lesson``: what the author of a cell has allowed in it."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import msgspec

from .codes import matches

if TYPE_CHECKING:
    from jupyter_repro.records import Finding

__all__ = ["allowance", "as_allowed", "reason_of"]

_COMMENT = re.compile(
    r"#\s*repro:\s*allow\s+([A-Z]{2,8}[0-9x]{3}(?:\s*,\s*[A-Z]{2,8}[0-9x]{3})*)\s+because\s+(\S[^\n]*)",
    re.IGNORECASE,
)


def allowance(source: str, code: str) -> str:
    """Return why a finding of this code is allowed in a cell, an empty string if it is not.

    ``RP1xx`` allows every code of its family; without a reason nothing is allowed.
    """
    return next((why for pattern, why in _allowances(source) if matches(pattern, code)), "")


def as_allowed(finding: Finding, source: str, *, otherwise: str = "") -> Finding:
    """Return the finding as the author's comment leaves it: still there, as an information with the reason.

    Args:
        finding: What was found; an error is never allowed.
        source: The cell.
        otherwise: Why the project allows it, where the cell does not; empty if it does not either.
    """
    why = allowance(source, finding.code) or otherwise
    if not why or finding.severity == "error":
        return finding
    return msgspec.structs.replace(
        finding, severity="info", message=f"{finding.message} (allowed here: {why})"
    )


def reason_of(finding: Finding) -> tuple[str, str]:
    """Return the message of a finding without the reason for which it is allowed, and that reason, or nothing."""
    message, mark, rest = finding.message.partition(" (allowed here: ")
    return (message, rest.removesuffix(")")) if mark else (finding.message, "")


@functools.lru_cache(maxsize=4096)
def _allowances(source: str) -> tuple[tuple[str, str], ...]:
    if "repro:" not in source:
        return ()
    return tuple(
        (code.strip(), why.strip()) for codes, why in _COMMENT.findall(source) for code in codes.split(",")
    )
