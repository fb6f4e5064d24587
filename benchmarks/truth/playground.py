"""A folder and fresh processes for one session after the other."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from truth import peer
from truth.score import scores
from truth.world import fill
from truth.zygote import Died, Zygote

if TYPE_CHECKING:
    from truth.jobs import Judged
    from truth.program import Program
    from truth.score import CellScore
    from truth.stage import Seen

__all__ = ["Outcome", "Playground"]

_ALWAYS = ("IPython.core.interactiveshell", "jupyter_repro.kernel.extension", "jupyter_repro.kernel.verdict")
_LIBRARIES = ("numpy", "pandas")
HASH_SEED = 1


@dataclasses.dataclass(frozen=True)
class Outcome:
    """One session with everything known of it."""

    program: Program
    judged: Judged | None
    real: dict[str, Seen]
    cells: tuple[CellScore, ...]
    failure: str = ""
    """Why there is no answer: a crash or a time-out of the session's process or of the oracle's."""


class Playground:
    """Plays sessions and asks the oracle, in processes that have seen nothing before.

    The session and the oracle differ in where memory lies, as two kernels do. Both have one hash seed, as a
    governed kernel has.
    """

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="truth-"))
        self.folder = self.root / "home" / "work"
        self._zygotes: dict[tuple[str, bool], Zygote] = {}
        self._peers: Zygote | None = None

    def zygote(self, role: str, *, bare: bool) -> Zygote:
        """Return the server of such processes, one for the sessions and another one for the oracle."""
        key = (role, bare)
        if key not in self._zygotes:
            self._zygotes[key] = Zygote(_ALWAYS if bare else (*_ALWAYS, *_LIBRARIES), HASH_SEED)
        return self._zygotes[key]

    def peers(self) -> Zygote:
        """Return the server of processes for the peer."""
        if self._peers is None:
            self._peers = Zygote(peer.LIBRARIES, HASH_SEED, peer.interpreter(self.root))
        return self._peers

    def fresh(self) -> str:
        """Empty the folder, and put the first files in."""
        shutil.rmtree(self.root / "home", ignore_errors=True)
        self.folder.mkdir(parents=True)
        fill(str(self.folder))
        return str(self.folder)

    def play(self, program: Program) -> Outcome:
        """Play a session, then run its final document afresh in the folder as the session left it."""
        folder = self.fresh()
        try:
            judged: Judged = self.zygote("session", bare=program.bare).call("session", program, folder)
        except Died as death:
            return Outcome(program, None, {}, (), f"session: {death}")
        kept = self.copy_of_folder()
        try:
            real: dict[str, Seen] = self.zygote("oracle", bare=program.bare).call("run_all", program, folder)
        except Died as death:
            return Outcome(program, judged, {}, (), f"oracle: {death}")
        finally:
            self.put_back(kept)
        cells = tuple(scores(program, judged.seen, real, judged.verdicts))
        return Outcome(program, judged, real, cells, "; ".join(judged.faults))

    def copy_of_folder(self) -> Path:
        """Return a copy of the folder as it is now."""
        kept = self.root / "left"
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(self.folder, kept)
        return kept

    def put_back(self, kept: Path) -> None:
        """Let the folder be the kept one again."""
        shutil.rmtree(self.folder, ignore_errors=True)
        kept.rename(self.folder)

    def close(self) -> None:
        """End the processes and remove the folder."""
        for zygote in (*self._zygotes.values(), *((self._peers,) if self._peers else ())):
            zygote.close()
        shutil.rmtree(self.root, ignore_errors=True)
