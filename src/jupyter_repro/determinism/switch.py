"""A determinism switch as a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping  # noqa: TC003 - types of fields, read at run time by tools
from typing import Any

import msgspec

from jupyter_repro.records import Strictness  # noqa: TC001 - a field's type

__all__ = ["LEVELS", "Switch"]

LEVELS: tuple[Strictness, ...] = ("off", "warn", "strict")
"""From the loosest to the strictest."""


def _never() -> str:
    return ""


def _no_other(_wanted: str, _value: str) -> bool:
    return False


class Switch(msgspec.Struct, frozen=True, kw_only=True):
    """A setting that forbids nondeterministic algorithms or fixes an order.

    No function imports a library or starts a device.

    Attributes:
        name: ``torch.cudnn.benchmark``.
        why: What goes wrong without it, one sentence.
        cost: What it costs, one phrase.
        wanted: The value in words that each strictness asks for; one that is not named asks for nothing.
        read: Returns the value in force, in words.
        verified_by: How ``read`` knows.
        put: Sets the value in words; not called where ``absent`` or ``late`` gives a reason.
        capture: Returns the present value for ``restore``.
        restore: Gives a captured value back, bit for bit.
        module: The library that must be imported first; empty: none.
        absent: Returns why the switch does not exist here, or nothing.
        late: Returns why setting it now would have no effect, or nothing; asked once, before the first ``put``.
        late_remedy: What to do then.
        accepts: Whether, of (wanted, value) in words, the value serves as well as the wanted one.
        notes: What the user should know of a wanted value although it is in force.
        chosen_by: The word of ``%repro`` that asks for a value whatever the strictness; empty: none.
    """

    name: str
    why: str
    cost: str
    wanted: Mapping[Strictness, str]
    read: Callable[[], str]
    verified_by: str
    put: Callable[[str], None]
    capture: Callable[[], Any]
    restore: Callable[[Any], None]
    module: str = ""
    absent: Callable[[], str] = _never
    late: Callable[[], str] = _never
    late_remedy: str = "restart the kernel and begin with `%repro`"
    accepts: Callable[[str, str], bool] = _no_other
    notes: Mapping[str, str] = msgspec.field(default_factory=dict)
    chosen_by: str = ""

    def serves(self, wanted: str, value: str) -> bool:
        """Whether the value in words is what was asked for, or as good."""
        return value == wanted or self.accepts(wanted, value)
