"""Operations without a deterministic algorithm, counted with their lines while torch warns of them."""

from __future__ import annotations

import contextlib
import re
import sys
import warnings
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.frames import asked_by, place_of
from jupyter_repro.records import OpUse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_repro.frames import Place

__all__ = ["OpWatch", "allowed_ops", "op_in"]

_ALERTS = (
    r"(?P<op>.+?) does not have a deterministic implementation, but you set",
    r"(?P<attention>Memory Efficient attention) defaults to a non-deterministic algorithm",
    r"Deterministic behavior was enabled [\s\S]* (?P<library>CuBLAS)",
)
_PATTERN = "(?#jupyter_repro)" + "|".join(_ALERTS)
"""Its first characters tell the watch over process settings that the filter is ours."""
_ALERT = re.compile(_PATTERN)

_BETWEEN = frozenset(("contextlib", "functools", "warnings"))

_PERMISSION = re.compile(
    r"#\s*repro:\s*allow\s+RP302\s+(?P<ops>[\w.]+(?:\s*,\s*[\w.]+)*)\s+because\s+(?P<why>\S[^\n]*)",
    re.IGNORECASE,
)


def op_in(message: str) -> str:
    """Return the operation that a warning or error of torch is about, empty if it is about something else."""
    found = _ALERT.match(message)
    return "" if found is None else str(next(group for group in found.groups() if group))


def allowed_ops(source: str) -> dict[str, str]:
    """Return the operations that ``# repro: allow RP302 put_ because ...`` allows in a cell, with the reasons."""
    if "repro:" not in source:
        return {}
    return {
        op.strip(): found["why"].strip()
        for found in _PERMISSION.finditer(source)
        for op in found["ops"].split(",")
    }


class OpWatch:
    """Stands in for ``warnings.showwarning`` while torch warns; costs nothing while no such operation runs.

    What the user would see stays: the first warning of each operation at each line.
    """

    def __init__(self) -> None:
        self._former: Any = None
        self._ours: Any = None
        self._filter: Any = None
        self._seen: dict[tuple[str, str, int, str], tuple[OpUse, list[int]]] = {}
        self._allowed: Mapping[str, str] = {}
        self._forbids = False

    @property
    def active(self) -> bool:
        """Whether it stands in."""
        return self._ours is not None

    def start(self, *, forbids: bool = False, allowed: Mapping[str, str] | None = None) -> None:
        """Begin to count.

        Args:
            forbids: Raise for operations that are not allowed.
            allowed: Reasons by operation.
        """
        self._forbids, self._allowed = forbids, allowed or {}
        if self.active:
            return
        self._former, self._ours = warnings.showwarning, self._shown
        warnings.showwarning = self._ours
        warnings.filterwarnings("always", message=_PATTERN, category=UserWarning)

    def stop(self) -> None:
        """Give back what was there; what others have put over it since is left, and ours only hands on."""
        if not self.active:
            return
        if warnings.showwarning is self._ours:
            warnings.showwarning = self._former
        filters: list[Any] = warnings.filters  # type: ignore[assignment]  # a list, typed as a sequence
        filters[:] = [entry for entry in filters if getattr(entry[1], "pattern", "") != _PATTERN]
        self._ours = None

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Within the block, what runs is not counted."""
        seen, self._seen = self._seen, {}
        try:
            yield
        finally:
            self._seen = seen

    def take(self) -> tuple[OpUse, ...]:
        """Return what ran since the last take."""
        found, self._seen = self._seen, {}
        return tuple(msgspec.structs.replace(use, count=count[0]) for use, count in found.values())

    def _shown(self, message: Any, *where: Any, **more: Any) -> None:
        """Count what torch warns of and hand on the rest, as ``warnings.showwarning`` is called."""
        op = op_in(str(message)) if self.active else ""
        first = True
        if op:
            first = self._counted(op)
            if self._forbids and not self._reason(op):
                raise RuntimeError(str(message))
        if first and not (op and self._reason(op)):
            self._former(message, *where, **more)

    def _reason(self, op: str) -> str:
        return self._allowed.get(op.split(maxsplit=1)[0], "")

    def _counted(self, op: str) -> bool:
        """Count the operation at the user's line; return whether it is the first time."""
        try:
            site = asked_by(sys._getframe(2), through=_BETWEEN)  # noqa: SLF001 - the only way to see who asks
            place = None if site is None else place_of(site)
            use = _use(op, place, self._reason(op))
            known = self._seen.setdefault((op, use.file, use.line, use.source), (use, [0]))
            known[1][0] += 1
        except Exception:  # noqa: BLE001 - what fails here would break the user's own operation
            self._seen.setdefault((op, "", 0, ""), (OpUse(op=op), [0]))[1][0] += 1
            return True
        return known[1][0] == 1


def _use(op: str, place: Place | None, allowed: str) -> OpUse:
    if place is None:
        return OpUse(op=op, allowed=allowed)
    return OpUse(
        op=op, file=place.file, line=place.line, text=place.text, source=place.source, allowed=allowed
    )
