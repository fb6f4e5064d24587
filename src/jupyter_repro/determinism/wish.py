"""What one owner asks of the switches."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - a field's type, read at run time by tools
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.records import Strictness  # noqa: TC001 - a field's type

if TYPE_CHECKING:
    from .switch import Switch

__all__ = ["KEEP", "NOTHING", "Wish"]

KEEP = "keep"
"""Asks that a switch be left as it is."""


class Wish(msgspec.Struct, frozen=True):
    """A strictness, and choices by word that hold whatever the strictness."""

    strictness: Strictness = "off"
    chosen: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Word of ``%repro`` -> value, or :data:`KEEP`."""

    def value_of(self, switch: Switch) -> str:
        """Return the value in words that is asked for, :data:`KEEP`, or nothing."""
        return self.chosen.get(switch.chosen_by) or switch.wanted.get(self.strictness, "")

    def words_for(self, switch: Switch) -> str:
        """Return the words of ``%repro`` that ask for it."""
        chosen = self.chosen.get(switch.chosen_by)
        return f"{switch.chosen_by}={chosen}" if chosen else self.strictness


NOTHING = Wish()
