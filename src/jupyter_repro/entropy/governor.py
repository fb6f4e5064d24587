"""One owner's word on entropy: what it asked for, what was seen, and giving it back."""

from __future__ import annotations

import copy
import functools
from typing import TYPE_CHECKING

from jupyter_repro.errors import BadWord
from jupyter_repro.records import Setting

from .derive import Derived
from .layer import Layer
from .process import PROCESS, ProcessGuards

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records import EntropyMode, Leak

__all__ = ["STREAM", "Entropy"]

STREAM = "entropy"
"""The name of the stream of derived numbers among the RNG streams."""


class Entropy:
    """Watches, for one owner, the draws that no seed governs.

    Several owners may be active in one process; the one that began last decides. Nothing is patched before
    :meth:`begin`, and the last :meth:`end` gives everything back.

    Args:
        exempt: Returns why a finding's code is allowed in the cell that runs now, or nothing.
        rank: Returns the global rank of this process; each rank derives numbers of its own.
        shares: The owner that began before is told of each leak too.
    """

    def __init__(
        self,
        process: ProcessGuards = PROCESS,
        *,
        exempt: Callable[[str], str] | None = None,
        rank: Callable[[], int] = int,
        shares: bool = False,
    ) -> None:
        self._process, self._rank = process, rank
        self._layer = Layer("off", exempt=exempt)
        if shares:
            self._layer.hear = functools.partial(process.tell_below, self._layer)

    @property
    def mode(self) -> EntropyMode:
        """What becomes of a draw now."""
        return self._layer.mode

    def begin(self, mode: EntropyMode, seed: int | None) -> None:
        """Ask for a mode instead of the one asked for before; ``derive`` begins anew with another seed.

        Raises:
            BadWord: ``derive`` without a seed.
        """
        if mode == "derive" and seed is None:
            raise BadWord(
                "`entropy=derive` needs a seed to derive from", remedy="write `%repro seed=42 entropy=derive`"
            )
        self._layer.mode = mode
        self._layer.derived = Derived(seed, self._rank) if mode == "derive" and seed is not None else None
        if mode == "off":
            self._process.pop(self._layer)
        else:
            self._process.push(self._layer)

    def twin(self) -> Entropy:
        """Return an owner of the same mode that derives from where this one stands; it is put on with :meth:`resume`.

        What leaks meanwhile is its own, and this one's derived numbers do not move.
        """
        other = Entropy(self._process, exempt=self._layer.exempt, rank=self._rank)
        other._layer.mode = self._layer.mode
        other._layer.derived = copy.deepcopy(self._layer.derived)
        return other

    def resume(self) -> None:
        """Put the mode in force as it stands."""
        if self.mode != "off":
            self._process.push(self._layer)

    def settings(self) -> tuple[Setting, ...]:
        """Say for each guard whether it is in place; empty for ``off``."""
        if self.mode == "off":
            return ()
        rank = self._rank() if self.mode == "derive" else 0
        return self._process.settings(self.mode, f", rank {rank}" if rank else "")

    def take(self) -> tuple[Leak, ...]:
        """Return the leaks since the last take."""
        return self._layer.take()

    def missed(self) -> int:
        """Return how many draws could not be looked at since the last call."""
        found, self._layer.missed = self._layer.missed, 0
        return found

    def state(self) -> dict[str, str]:
        """Return the digest of where the derived stream stands; empty unless numbers are derived."""
        return {} if self._layer.derived is None else {STREAM: self._layer.derived.state()}

    def base(self) -> dict[str, str]:
        """Return the digest that the derived stream had at its beginning."""
        derived = self._layer.derived
        return {} if derived is None else {STREAM: Derived(derived.seed, self._rank).state()}

    def end(self) -> tuple[Setting, ...]:
        """Give everything back if no other owner goes on; return what could not be."""
        self._layer.mode, self._layer.derived = "off", None
        return tuple(
            Setting(
                name=f"entropy.{name}",
                requested="as before",
                effective="",
                effect="not in force",
                verified_by="not verified: giving it back failed",
                note=f"{reason}; restart the kernel",
            )
            for name, reason in self._process.pop(self._layer).items()
        )
