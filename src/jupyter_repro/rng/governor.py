"""One owner's seed: what it asked for, what is in force, and giving it back."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from jupyter_repro.records import Setting

from .derive import derive
from .forks import forks_setting
from .guarded import attempt
from .named import NAMED
from .process import FORKS, PROCESS, Layer, ProcessStreams, Seeded
from .registry import find_seeders
from .seeds import check_seed

if TYPE_CHECKING:
    from .protocol import Seeder

__all__ = ["Streams"]


class Streams:
    """Seeds every RNG stream for one owner: those of loaded libraries now, others at their import.

    Several owners may be active in one process. The streams are the process's, so the one that began last
    decides; the last one to end gives back what the first one found. A scope is an owner that gives back
    what it found when it ends, whoever else is active.
    """

    def __init__(self, process: ProcessStreams = PROCESS, *, scope: bool = False) -> None:
        self._process = process
        self._layer = Layer(seed=0, scope=scope)
        self._active = False
        self._stood: set[str] = set()
        """Libraries whose streams have stood where (seed, cell) puts them."""
        self._broken: tuple[Setting, ...] = ()

    @property
    def seed(self) -> int | None:
        """The seed in use; None before :meth:`begin` and after :meth:`end`."""
        return self._layer.seed if self._active else None

    def observe(self, *, on: bool) -> None:
        """Note from now on the state in which libraries are imported; nothing is seeded."""
        self._process.observe(self, on=on)

    def arrivals(self) -> dict[str, str]:
        """Return the digest that each stream had when its import ended, where that was seen."""
        return dict(self._process.arrived)

    def take_asked(self) -> frozenset[str]:
        """Return the streams that were looked at without being moved since the last call."""
        asked, NAMED.asked = NAMED.asked, False
        return frozenset((NAMED.name,)) if asked else frozenset()

    def begin(self, seed: int) -> tuple[Setting, ...]:
        """Seed everything and return the settings; again with another seed seeds anew.

        Raises:
            BadWord: The seed is not a whole number from 0 to 2**128 - 1.
        """
        checked = check_seed(seed)
        seeders, self._broken = find_seeders()
        if not self._active:
            self._layer = Layer(seed=checked, scope=self._layer.scope)
        self._layer.seed, self._layer.own = checked, None
        self._stood.clear()
        self._active = True
        self._process.push(self._layer, seeders)
        return self.settings()

    def enter(self, place: str) -> None:
        """Note that a cell begins: its forked children are told by its name.

        Args:
            place: What names the cell in every run of the notebook.
        """
        FORKS.enter(place)

    def begin_cell(self, place: str) -> bool:
        """Seed every stream from (seed, place); return whether each stood where it should, the first time."""
        if not self._active:
            return False
        own = derive(self._layer.seed, "cell", place)
        self._process.reseed(own)
        for each in self._process.seeders:
            if each is NAMED or each.name in self._stood or not each.loaded():
                continue
            if attempt(each.digests)[0] != attempt(each.expected, own)[0]:
                return False
            self._stood.add(each.name)
        return True

    def end(self) -> tuple[Setting, ...]:
        """Give every stream back, bit for bit, if no other owner goes on; return what could not be."""
        self._active = False
        return tuple(
            Setting(
                name=f"seed.{name}",
                requested="as before",
                effective="",
                effect="not in force",
                verified_by="not verified: giving it back failed",
                note=f"{reason}; restart the kernel",
            )
            for name, reason in self._process.pop(self._layer).items()
        )

    def settings(self) -> tuple[Setting, ...]:
        """Say for each stream whether the seed is in force; empty while not active."""
        if not self._active:
            return ()
        later = [each for each in self._process.seeders if self._comes_later(each)]
        rows = [row for each in self._process.seeders if each not in later for row in self._rows(each)]
        forks = forks_setting(FORKS, self._layer.seed, possible=hasattr(os, "fork"))
        return (*rows, *self._later(later), *self._broken, forks)

    def digests(self) -> dict[str, str | None]:
        """Return the state digest of each stream now, None for a library that is not loaded.

        Works without :meth:`begin` too. Takes no lock and draws nothing.
        """
        there, absent = self._process.present()
        found: dict[str, str | None] = dict.fromkeys(absent)
        for seeder in there:
            digests = attempt(seeder.digests)[0]
            if digests is None:
                found[seeder.name] = None
                continue
            found.update(digests)
            seeded = self._process.seeded(seeder.name)
            if seeded is not None and not digests.keys() <= seeded.base.keys():
                # A device has started since; torch gave it the seed that was waiting for it.
                expected = attempt(seeder.expected, seeded.seed)[0] or {}
                seeded.base.update({**expected, **seeded.base})
        return found

    def base_digests(self) -> dict[str, str]:
        """Return the digest that each stream had right after it got this owner's seed.

        A device that started later is there once :meth:`digests` has seen it; a stream that another owner
        took over has the digest that it would have had.
        """
        found: dict[str, str] = {}
        if self._active:
            for seeder, seeded in self._process.all_seeded():
                mine = seeded.seed == self._layer.seed
                found.update(seeded.base if mine else attempt(seeder.expected, self._layer.seed)[0] or {})
        return found

    def _rows(self, seeder: Seeder) -> tuple[Setting, ...]:
        seeded = self._process.seeded(seeder.name)
        if seeded is None:
            return (self._unseeded(seeder),)
        if seeded.seed != self._layer.seed:
            return (self._taken_over(seeder, seeded),)
        if any(row.effect == "waiting" for row in seeded.settings):
            again, _ = attempt(seeder.settings, self._layer.seed)
            now = {row.name: row for row in again or ()}
            seeded.settings = tuple(
                now.get(row.name, row) if row.effect == "waiting" else row for row in seeded.settings
            )
        return seeded.settings

    def _comes_later(self, seeder: Seeder) -> bool:
        """Whether nobody has begun to import the library, and few notebooks would."""
        rare = seeder.modules and seeder.name not in ("numpy", "torch")
        begun = self._process.failure(seeder.name) or any(each in sys.modules for each in seeder.modules)
        return bool(rare and not begun)

    def _later(self, seeders: list[Seeder]) -> tuple[Setting, ...]:
        """Name in one row all libraries that are not imported."""
        if not seeders:
            return ()
        names = ", ".join(sorted(seeder.name for seeder in seeders))
        return (
            Setting(
                name="seed.others",
                requested=str(self._layer.seed),
                effective="",
                effect="waiting",
                verified_by=f"not verified: not imported ({names})",
                note="each is seeded the moment it is imported",
            ),
        )

    def _unseeded(self, seeder: Seeder) -> Setting:
        failure = self._process.failure(seeder.name)
        if failure:
            effect, why, note = "not in force", "seeding it failed", f"{failure}; restart the kernel"
        elif seeder.loaded():
            why = "it was imported where it could not be seen"
            effect, note = "not in force", f"{why}; seed again with `%repro seed={self._layer.seed}`"
        elif any(module in sys.modules for module in seeder.modules):
            effect, why, note = "waiting", "it is being imported", "it is seeded when its import ends"
        else:
            effect, why = "waiting", "it is not imported"
            note = "it is seeded the moment it is imported"
        return Setting(
            name=f"seed.{seeder.name}",
            requested=str(self._layer.seed),
            effective="",
            effect=effect,  # type: ignore[arg-type] # one of the words above
            verified_by=f"not verified: {why}",
            note=note,
        )

    def _taken_over(self, seeder: Seeder, seeded: Seeded) -> Setting:
        return Setting(
            name=f"seed.{seeder.name}",
            requested=str(self._layer.seed),
            effective=str(seeded.seed),
            effect="not in force",
            verified_by="the seed that was put in last",
            note="another session in this process seeded it later; give each notebook its own kernel",
        )
