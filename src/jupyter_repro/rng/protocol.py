"""What a library's seeder must be able to do."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - a field's type, read at run time by tools
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import msgspec

if TYPE_CHECKING:
    from jupyter_repro.records import Setting

__all__ = ["RngState", "Seeder"]


class RngState(msgspec.Struct, frozen=True):
    """The states of a library's RNG streams, for :meth:`Seeder.restore` only.

    Attributes:
        streams: Stream name to whatever the library calls a state.
        pending: Seeds that wait for a device to start, as the library keeps them.
    """

    streams: Mapping[str, Any]
    pending: Mapping[str, Any] = msgspec.field(default_factory=dict)


@runtime_checkable
class Seeder(Protocol):
    """Seeds the global RNG streams of one library, and gives them back.

    No method imports the library, draws from its global streams, or starts a device.
    """

    name: str
    """The stream family, and the name of its first stream: ``numpy``."""
    modules: tuple[str, ...]
    """Any of these, once imported, makes the streams exist; empty: they always do."""

    def loaded(self) -> bool:
        """Whether the streams exist now."""

    def seed(self, value: int) -> None:
        """Put a whole number from 0 on into every stream, as the library's users would."""

    def capture(self) -> RngState:
        """Return the state of every stream."""

    def restore(self, state: RngState) -> None:
        """Put every stream back, bit for bit."""

    def digests(self) -> dict[str, str]:
        """Return a digest of each stream's state; cheap enough for every cell."""

    def expected(self, value: int) -> dict[str, str]:
        """Return the digest that each stream would have right after ``seed(value)``.

        Found with private generators; a stream that has none is left out.
        """

    def settings(self, value: int) -> tuple[Setting, ...]:
        """Say what ``seed(value)`` did, called right after it; ``waiting`` is asked again later."""
