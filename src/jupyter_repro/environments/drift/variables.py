"""Environment variables that bear on results."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from jupyter_repro.records.drift import Difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Environment

__all__ = ["variables"]

_MAY = (
    "LANG",
    "LC_",
    "TZ",
    "MPLBACKEND",
    "SOURCE_DATE_EPOCH",
    "PYTHONUTF8",
    "PYTHONOPTIMIZE",
    "CUDA_LAUNCH_BLOCKING",
)
_TOLD_ELSEWHERE = "PYTHONHASHSEED"
"""What the interpreter says of itself is the truth of it."""
_INLINE = "module://matplotlib_inline.backend_inline"
"""Each IPython kernel sets it for itself: a terminal has none, and draws no other figure for it."""


def variables(record: Environment, now: Environment) -> Iterator[Difference]:
    """Yield the allow-listed variables that have another value."""
    for name in sorted({*record.variables, *now.variables} - {_TOLD_ELSEWHERE}):
        before, after = record.variables.get(name), now.variables.get(name)
        if before == after or _INLINE in (before, after):
            continue
        may = name.startswith(_MAY)
        yield Difference(
            what=name,
            before=_shown(before),
            now=_shown(after),
            rank="may change results" if may else "can change numbers",
            reason="dates, the order of sorted text or what is drawn may hang on it"
            if may
            else "libraries choose their algorithms, devices or threads by it",
            restore=f"unset {name}" if before is None else f"export {name}={shlex.quote(before)}",
            instead="libraries read it when they start: set it, then start the kernel anew",
        )


def _shown(value: str | None) -> str:
    return "" if value is None else value or "(empty)"
