"""What leaks into cell runs: draws that no seed governs, under the session's word on entropy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.inputs.audit import listen, unlisten
from jupyter_repro.records import Leak  # noqa: TC001 - a field's type

from .set_orders import SetOrders

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_repro.entropy.governor import Entropy
    from jupyter_repro.entropy.listings import ListingWatch
    from jupyter_repro.records import EntropyMode, SeedPlan, Setting
    from jupyter_repro.replay.open_run import OpenRun

    from .requests import Govern

__all__ = ["Leaked", "Leaking", "entropy_with"]


class Leaked(msgspec.Struct, frozen=True):
    """What leaked into a run."""

    leaks: tuple[Leak, ...] = ()
    effects: tuple[str, ...] = ()
    """Why the run may go otherwise next time."""
    derives: bool = False
    """Throughout the run, whatever was unseeded drew numbers derived from the seed."""


_NOTHING = Leaked()


class Leaking:
    """Watches entropy from the first seed on; before, and where it is off, it costs nothing.

    Args:
        exempt: Returns why a finding's code is allowed in the cell that runs now, or nothing.
    """

    def __init__(self, exempt: Callable[[str], str]) -> None:
        self._entropy: Entropy | None = None
        self._exempt = exempt
        self._listings: ListingWatch | None = None
        self._derived_all_along = False
        self._scoped: list[Leak] = []
        self._scope_derives = False
        self._sets = SetOrders()

    def begin(self, mode: EntropyMode, seed: int | None) -> None:
        """Put a mode in force, or begin to derive anew from a seed.

        Raises:
            BadWord: ``derive`` without a seed.
        """
        if self._entropy is None:
            if mode == "off":
                return
            from jupyter_repro.entropy.governor import Entropy
            from jupyter_repro.rng.rank import rank_number

            self._entropy = Entropy(exempt=self._exempt, rank=rank_number)
        self._derived_all_along = False
        self._entropy.begin(mode, seed)
        self._watch_listings(on=mode != "off")

    def end(self) -> None:
        """Give everything back."""
        if self._entropy is not None:
            self._entropy.end()
            self._watch_listings(on=False)

    def _watch_listings(self, *, on: bool) -> None:
        if on and self._listings is None:
            from jupyter_repro.entropy.listings import ListingWatch

            self._listings = ListingWatch()
            listen(self._listings)
        elif not on and self._listings is not None:
            unlisten(self._listings)
            self._listings = None

    def settings(self) -> tuple[Setting, ...]:
        """Return what is in force."""
        return () if self._entropy is None else self._entropy.settings()

    def state(self) -> dict[str, str]:
        """Return the digest of the stream of derived numbers, if there is one."""
        return {} if self._entropy is None else self._entropy.state()

    def base(self) -> dict[str, str]:
        """Return the digest that it had at its beginning."""
        return {} if self._entropy is None else self._entropy.base()

    def begin_run(self) -> None:
        """What leaks from now on belongs to the run that begins."""
        self._derived_all_along = self._entropy is not None and self._entropy.mode == "derive"

    def take(self, run: OpenRun, namespace: Mapping[str, Any]) -> Leaked:
        """Return what leaked into the run that ends."""
        effects: list[str] = []
        walks: tuple[Leak, ...] = ()
        try:
            walks = self._sets.of(run, namespace)
        except Exception:  # noqa: BLE001 - the record of the run is worth more than what it says of sets
            effects.append("whether it goes through sets could not be looked at")
        if self._entropy is None and not (self._scoped or self._scope_derives or walks or effects):
            return _NOTHING
        leaks, derives = [*self._scoped, *walks], self._scope_derives
        self._scoped, self._scope_derives = [], False
        if self._entropy is not None:
            leaks += self._entropy.take()
            if self._entropy.missed():
                effects.append("a draw in it could not be looked at")
            derives = derives or (
                self._derived_all_along
                and self._entropy.mode == "derive"
                and all(row.effect != "not in force" for row in self._entropy.settings())
            )
        effects += [effect for leak in leaks for effect in _effects_of(leak)]
        return Leaked(tuple(leaks), tuple(dict.fromkeys(effects)), derives)

    def twin(self) -> Entropy | None:
        """Return an owner that stands where the session's does, None where the session does not watch."""
        return None if self._entropy is None or self._entropy.mode == "off" else self._entropy.twin()

    def add(self, leaks: tuple[Leak, ...], *, derives: bool) -> None:
        """Take what leaked into a scope that is all of the run as the run's own."""
        self._scoped += leaks
        self._scope_derives = derives


def entropy_with(old: SeedPlan, wish: Govern) -> EntropyMode:
    """Return the mode after a wish: the first seed brings the report, unless another was asked for."""
    if wish.entropy is not None:
        return wish.entropy
    return "report" if old.seed is None and wish.seed is not None and old.entropy == "off" else old.entropy


def _effects_of(leak: Leak) -> tuple[str, ...]:
    """Return why a run into which this leaked may go otherwise next time; empty if it would not."""
    if leak.derived or leak.kind == "unsorted listing":
        # of the files that are there, the source says already that it asks
        return ()
    if leak.kind == "set order":
        return (
            f"it goes through a set, in an order that this kernel alone has (`{leak.what}`, line {leak.line})",
        )
    if leak.kind == "threads that draw":
        return (leak.what,)
    if leak.kind == "clock seed":
        return (f"it takes a seed from the clock (`{leak.what}`, line {leak.line})",)
    by = f" through {leak.via}" if leak.via else ""
    sure = "" if leak.certain else ", unless it is given a seed"
    return (f"it draws from the system's entropy{by} (`{leak.what}`, line {leak.line}){sure}",)
