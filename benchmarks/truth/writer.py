"""Writes random cells whose names exist when the cells run in the order of writing."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from truth.families import FAMILIES

if TYPE_CHECKING:
    import random

    from truth.family import Family

__all__ = ["CORE", "Text", "Writer"]

CORE = ("scalars", "containers", "aliases")
_PLACE = re.compile(r"\{\{|\}\}|\{(\w+)\}")
_FREE = frozenset(("new", "small", "any"))


@dataclasses.dataclass(frozen=True)
class Text:
    """The source of a cell, and the families that its statements are of."""

    source: str
    families: frozenset[str]


class Writer:
    """Fills the patterns of some families.

    Args:
        rng: Chooses everything.
        focus: The families beside :data:`CORE`.
    """

    def __init__(self, rng: random.Random, focus: tuple[str, ...]) -> None:
        self.rng = rng
        self.families = [FAMILIES[name] for name in (*CORE, *focus)]
        self.focus = [FAMILIES[name] for name in focus]
        self.kinds: dict[str, tuple[str, ...]] = {}
        for family in self.families:
            self.kinds.update(family.kinds)
        self.known: dict[str, list[str]] = {kind: [] for kind in self.kinds}

    def notebook(self, length: int) -> list[Text]:
        """Return the cells of a notebook: imports, one value of every kind, then random cells."""
        cells = []
        imports = dict.fromkeys(
            line for family in self.families for line in family.imports.split("\n") if line
        )
        if imports:
            names = frozenset(family.name for family in self.families if family.imports)
            cells.append(Text("\n".join(imports), names))
        firsts = [(self._first(kind, family), family) for family in self.families for kind in family.first]
        while firsts:
            take = self.rng.randint(1, 3)
            names = frozenset(family.name for _, family in firsts[:take])
            cells.append(Text("\n".join(text for text, _ in firsts[:take]), names))
            firsts = firsts[take:]
        return cells + [self.cell() for _ in range(length)]

    def cell(self) -> Text:
        """Return one cell of one to three statements, perhaps with a display."""
        lines, names = [], set()
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            family = self._family()
            if family.whole and self.rng.random() < 0.12:
                return Text(self._fill(self._choice(family.whole)), frozenset((family.name,)))
            names.add(family.name)
            lines.append(self._statement(family))
        if self.rng.random() < 0.6:
            family = self._family()
            names.add(family.name)
            lines.append(self._fill(self._choice(family.shows)))
        wraps = [(wrap, family) for family in self.focus for wrap in family.wraps]
        if wraps and self.rng.random() < 0.08:
            wrap, family = self.rng.choice(wraps)
            lines.insert(0, wrap)
            names.add(family.name)
        return Text("\n".join(line for line in lines if line), frozenset(names))

    def _family(self) -> Family:
        if self.focus and self.rng.random() < 0.6:
            return self.rng.choice(self.focus)
        return self.rng.choice(self.families)

    def _statement(self, family: Family) -> str:
        made = [kind for kind in family.makes if kind in self.kinds]
        if family.changes and (not made or self.rng.random() < 0.5):
            return self._fill(self._choice(family.changes))
        kind = self.rng.choice(made)
        return self._make(kind, self._choice(family.makes[kind]))

    def _first(self, kind: str, family: Family) -> str:
        return self._make(kind, family.first[kind])

    def _make(self, kind: str, pattern: str) -> str:
        new = self.rng.choice(self.kinds[kind])
        text = self._fill(pattern, new)
        if new not in self.known[kind]:
            self.known[kind].append(new)
        return text

    def _choice(self, patterns: tuple[str, ...]) -> str:
        usable = [pattern for pattern in patterns if _wanted(pattern) <= self.kinds.keys()]
        return self.rng.choice(usable) if usable else "pass"

    def _fill(self, pattern: str, new: str = "") -> str:
        return _PLACE.sub(lambda m: m[0][0] if m[1] is None else self._word(m[1], new), pattern)

    def _word(self, word: str, new: str) -> str:
        if word == "new":
            return new
        if word == "small":
            return str(self.rng.randint(0, 4))
        if word == "any":
            return self.rng.choice([name for names in self.known.values() for name in names] or ["a"])
        return self.rng.choice(self.known[word] or list(self.kinds[word]))


def _wanted(pattern: str) -> set[str]:
    return {found for found in _PLACE.findall(pattern) if found} - _FREE
