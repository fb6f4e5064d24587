"""What one owner asked for, what it saw, and what becomes of a draw under it."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003 - a field's type, read at run time by tools
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from jupyter_repro.errors import UngovernedEntropy
from jupyter_repro.frames import asked_by, place_of
from jupyter_repro.records import EntropyMode, Leak, LeakKind

from .calls import call_in, spelled
from .derive import Derived  # noqa: TC001 - a field's type

if TYPE_CHECKING:
    from types import FrameType

    from jupyter_repro.frames import Place

    from .protocol import Judge

__all__ = ["CODES", "Draw", "Layer", "leak_at"]

_LIMIT = 1000
"""Different lines kept between two takes."""

CODES: dict[LeakKind, str] = {
    "unseeded generator": "RP203",
    "reseeded": "RP204",
    "clock seed": "RP204",
    "system entropy": "RP205",
    "unsorted listing": "RP206",
    "threads that draw": "RP207",
    "set order": "RP208",
}


class Draw(NamedTuple):
    """A draw that a guard asks about."""

    kind: LeakKind
    what: str
    """What is called, where the source does not tell."""
    bits: int | None
    """How many bits are wanted; None where nothing may stand in."""
    judge: Judge


class Layer(msgspec.Struct, eq=False):
    """One owner's mode, and the leaks under it by their lines."""

    mode: EntropyMode
    derived: Derived | None = None
    exempt: Callable[[str], str] | None = None
    """Returns why a code is allowed where it happens now, or nothing."""
    leaks: dict[tuple[Any, ...], tuple[Leak, list[int]]] = msgspec.field(default_factory=dict)
    missed: int = 0
    """Draws that could not be looked at."""
    hear: Callable[[Leak], None] | None = None
    """Told of each leak as well."""

    def look(self, draw: Draw, frame: FrameType) -> int | UngovernedEntropy | None:
        """Count the draw if it is a leak; return the number to use instead, or the error to raise."""
        site = asked_by(frame)
        if site is None or (draw.kind == "system entropy" and site.via):
            return None
        call = call_in(site.asker)
        says = draw.judge(call, site.asker)
        if says is False:
            return None
        derived = self.derived if draw.bits is not None else None
        if site.importing:
            # a generator that a library keeps: whether it is ever drawn from cannot be seen
            return None if derived is None else derived.bits_for(site.via, draw.bits or 0)
        value = None if derived is None else derived.next_bits(draw.bits or 0)
        what = spelled(call) if call is not None and not site.via else draw.what
        kind: LeakKind = "reseeded" if _reseeds(what, draw.kind) else draw.kind
        place = place_of(site)
        self.add(leak_at(kind, what, place, derived=value is not None, certain=says is True))
        if self.mode == "raise" and draw.bits is not None and says is True and not self._allowed(kind):
            return _forbidden(what, place, CODES[kind])
        return value

    def add(self, leak: Leak) -> None:
        """Count a leak at its line."""
        if self.hear is not None:
            self.hear(leak)
        key = (leak.kind, leak.what, leak.file, leak.line, leak.source, leak.derived, leak.via)
        if len(self.leaks) < _LIMIT or key in self.leaks:
            self.leaks.setdefault(key, (leak, [0]))[1][0] += leak.count
        else:
            self.missed += 1

    def take(self) -> tuple[Leak, ...]:
        """Return the leaks since the last take, each with its count."""
        found, self.leaks = self.leaks, {}
        return tuple(msgspec.structs.replace(leak, count=count[0]) for leak, count in found.values())

    def _allowed(self, kind: LeakKind) -> bool:
        return self.exempt is not None and bool(self.exempt(CODES[kind]))


def leak_at(kind: LeakKind, what: str, place: Place, *, derived: bool = False, certain: bool = True) -> Leak:
    """Return the leak of this kind at a line."""
    return Leak(
        kind=kind,
        what=what,
        derived=derived,
        certain=certain,
        via=place.via,
        file=place.file,
        line=place.line,
        text=place.text,
        source=place.source,
    )


def _reseeds(what: str, kind: LeakKind) -> bool:
    return kind == "unseeded generator" and what.partition("(")[0].rpartition(".")[2] == "seed"


def _forbidden(what: str, place: Place, code: str) -> UngovernedEntropy:
    if place.via:
        message = (
            f"{place.via} draws from the system's entropy on behalf of line {place.line} (`{place.text}`)"
        )
    else:
        message = f"`{what}` in line {place.line} draws from the system's entropy"
    return UngovernedEntropy(
        f"{message}, and `entropy=raise` forbids it",
        remedy="give it a seed, use `entropy=derive`, or write "
        f"`# repro: allow {code} because ...` into the cell",
    )
