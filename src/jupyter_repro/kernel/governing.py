"""What a session governs: its seed, its strictness, and which run they were set in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.errors import BadWord
from jupyter_repro.records import SeedPlan, Setting
from jupyter_repro.rng.derive import derive
from jupyter_repro.rng.governor import Streams
from jupyter_repro.rng.named import NAMED

from .leaking import Leaking, entropy_with
from .op_watching import OpWatching
from .own_streams import OwnStreams

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.determinism.apply import Switches
    from jupyter_repro.records import EntropyMode
    from jupyter_repro.replay.ledger import Ledger
    from jupyter_repro.replay.open_run import OpenRun

    from .requests import Govern

__all__ = ["Governing"]


class Governing:
    """Puts the words of ``%repro`` in force, and gives back what they changed.

    Args:
        ledger: Learns which states the streams have before the first cell.
        exempt: Returns why a finding's code is allowed in the cell that runs now, or nothing.
    """

    def __init__(self, ledger: Ledger, exempt: Callable[[str], str]) -> None:
        self.plan: SeedPlan | None = None
        self.streams = Streams()
        self._switches: Switches | None = None
        """None until a strictness is asked for."""
        self._chosen: dict[str, str] = {}
        """Values of switches by word, which hold whatever the strictness."""
        self.leaking = Leaking(exempt)
        self._cells = OwnStreams()
        self._workers = True
        self.ops = OpWatching()
        self._ledger = ledger
        self._reseeded = False
        self._seed_at_first_cell = False
        self._drew_first: frozenset[str] = frozenset()

    @property
    def strict(self) -> bool:
        """Whether nondeterminism is forbidden, not only reported."""
        return self.plan is not None and self.plan.strictness == "strict"

    def put(self, wish: Govern, *, running: OpenRun | None, from_configuration: bool) -> None:
        """Put a wish in force; what it does not name stays as it is.

        Args:
            wish: The seed and strictness asked for.
            running: The cell run that asks, if one does.
            from_configuration: It holds from before the first cell, also in a fresh kernel.
        """
        if wish.workers is not None:
            self._workers = wish.workers
            self._hook_workers(on=self.plan is not None and self.plan.seed is not None)
        if not wish.asks:
            return
        from jupyter_repro.rng.swept import swept

        old = self.plan or SeedPlan()
        plan = SeedPlan(
            seed=old.seed if wish.seed is None else swept(wish.seed),
            strictness=wish.strictness or old.strictness,
            entropy=entropy_with(old, wish),
            per_cell=old.per_cell if wish.per_cell is None else wish.per_cell,
        )
        if plan.per_cell and plan.seed is None:
            raise BadWord("`per_cell` needs a seed", remedy="write `%repro seed=42 per_cell`")
        drew_first = self._drawn_in(running)
        if plan.entropy != old.entropy or wish.seed is not None or plan.per_cell != old.per_cell:
            self.leaking.begin(plan.entropy, plan.seed)
        self._chosen |= wish.switches
        if wish.strictness is not None or wish.switches:
            if self._switches is None:
                from jupyter_repro.determinism.apply import Switches

                self._switches = Switches()
            self.ops.begin(plan.strictness)
            self._switches.begin(plan.strictness, self._chosen)
        if plan.seed is not None and (wish.seed is not None or plan.per_cell != old.per_cell):
            self._drew_first = drew_first
            NAMED.per_cell = plan.per_cell
            self.streams.begin(plan.seed)
            self._hook_workers(on=True)
            if plan.per_cell and running is not None:
                self._begin_cell(plan.seed, plan.entropy)
            if from_configuration:
                self._seed_at_first_cell = True
                self._ledger.seeded_before_cells(self.base_digests())
            else:
                self._reseeded = True
        self.plan = plan

    def _begin_cell(self, seed: int, entropy: EntropyMode) -> None:
        self._cells.begin(self.streams, self._cells.place)
        if entropy == "derive":
            self.leaking.begin(entropy, derive(seed, "cell", self._cells.place))

    def give_back(self) -> None:
        """Give back every RNG state and every switch, bit for bit."""
        self.plan = None
        self._reseeded = False
        NAMED.per_cell = False
        self._cells.forget()
        self._hook_workers(on=False)
        self.streams.end()
        self.ops.end()
        self._chosen.clear()
        if self._switches is not None:
            self._switches.end()
        self.leaking.end()
        self._ledger.unseeded()

    def settings(self) -> tuple[Setting, ...]:
        """Return what was asked for and what is in force."""
        switches = () if self._switches is None else self._switches.settings()
        cells = self._cells.settings() if self.plan is not None and self.plan.per_cell else ()
        leaking = self.leaking.settings()
        return (*self.streams.settings(), *self._worker_settings(), *cells, *switches, *leaking)

    def states(self) -> dict[str, str | None]:
        """Return the digest of every stream's state now."""
        return {**self.streams.digests(), **self.leaking.state()}

    def base_digests(self) -> dict[str, str]:
        """Return the digest that each stream had right after it was seeded."""
        return {**self.streams.base_digests(), **self.leaking.base()}

    def _hook_workers(self, *, on: bool) -> None:
        from jupyter_repro.rng.workers import WORKERS

        WORKERS.use(self, on=on and self._workers)

    def _worker_settings(self) -> tuple[Setting, ...]:
        if self.plan is None or self.plan.seed is None:
            return ()
        from jupyter_repro.rng.workers import WORKERS

        return WORKERS.settings(self.plan.seed)

    # -- cell runs ----------------------------------------------------------------------------------

    def enter(self, place: str) -> None:
        """A cell begins that no other is in: give it streams of its own, if it is to have them.

        Args:
            place: What names the cell in every run of the notebook.
        """
        self._cells.place = place
        self.streams.take_asked()  # what was asked for between cells is no cell's
        if self.plan is None or self.plan.seed is None:
            return
        self.streams.enter(place)
        if self.plan.per_cell:
            self._begin_cell(self.plan.seed, self.plan.entropy)

    def states_before(self) -> dict[str, str | None]:
        """Return the streams that a cell run that begins hangs on, with their states."""
        return self._cells.note(self.states())

    def states_after(self, run: OpenRun) -> tuple[dict[str, str | None], frozenset[str]]:
        """Return the streams that a run that ends hung on, and those that it looked at without moving them."""
        states, asked = self.states(), self.streams.take_asked()
        if self._reseeded:
            return states, asked
        return self._cells.left(run.before.rng, states, asked)

    def settle(self, *, running: bool) -> None:
        """A program that seeded between cells did what a configuration does: it holds from the start."""
        if self._seed_at_first_cell and self.plan is not None and self.plan.seed is not None:
            # the front end's first questions may have drawn since (IPython's tip of the day does)
            self._seed_at_first_cell = False
            self.streams.begin(self.plan.seed)
            self.leaking.begin(self.plan.entropy, self.plan.seed)
            self._ledger.seeded_before_cells(self.base_digests())
        if self._reseeded and not running:
            self._reseeded, self._drew_first = False, frozenset()
            self._ledger.seeded_before_cells(self.base_digests())

    def take_seeding(self) -> tuple[bool, frozenset[str]]:
        """Tell whether the run that ends seeded, and which streams it had drawn from before; once."""
        found = self._reseeded, self._drew_first
        self._reseeded, self._drew_first = False, frozenset()
        return found

    def _drawn_in(self, running: OpenRun | None) -> frozenset[str]:
        """Return the streams that the running cell drew from before it reached ``%repro seed=...``."""
        if running is None:
            return frozenset()
        before = running.before.rng
        states = self.states()
        found = {stream for stream, state in states.items() if before.get(stream) not in (None, state)}
        if self._cells.moved(states) or NAMED.asked:
            found.add(NAMED.name)
        return frozenset(found)
