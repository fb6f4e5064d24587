"""A finding as the project has decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from .allowed import as_allowed

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.records import Finding

    from .configured import RuleSettings

__all__ = ["as_decided"]


def as_decided(finding: Finding, settings: RuleSettings, *, source: str, path: Path | None) -> Finding:
    """Return the finding as the project weighs it, and as a comment in its cell or the project allows it.

    Args:
        finding: What was found.
        settings: The project's.
        source: The cell, empty if the finding is of none.
        path: The notebook, as far as it is known.
    """
    weighed = settings.weighed(finding.code, finding.severity)
    if weighed != finding.severity:
        finding = msgspec.structs.replace(finding, severity=weighed)
    return as_allowed(finding, source, otherwise=settings.reason(finding.code, path))
