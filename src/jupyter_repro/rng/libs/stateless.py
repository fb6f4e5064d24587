"""A library whose numbers hang on no state of its own."""

from __future__ import annotations

from jupyter_repro.rng.protocol import RngState

__all__ = ["Stateless"]


class Stateless:
    """The part of a seeder that has nothing to seed and nothing to put back; it only says why."""

    def seed(self, value: int) -> None:
        """Do nothing: there is no state."""

    def capture(self) -> RngState:
        """Return nothing: there is no state."""
        return RngState(streams={})

    def restore(self, state: RngState) -> None:
        """Do nothing: there is no state."""

    def digests(self) -> dict[str, str]:
        """Return nothing: there is no state."""
        return {}

    def expected(self, value: int) -> dict[str, str]:  # noqa: ARG002 - the protocol has it
        """Return nothing: there is no state."""
        return {}
