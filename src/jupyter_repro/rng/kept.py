"""Where every RNG stream stands, to be put back later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .guarded import attempt
from .process import PROCESS, ProcessStreams

if TYPE_CHECKING:
    from .protocol import RngState, Seeder

__all__ = ["KeptStreams"]


class KeptStreams:
    """The state of every stream at one moment.

    Args:
        process: The streams.
    """

    def __init__(self, process: ProcessStreams = PROCESS) -> None:
        self._process = process
        self.unseeded: tuple[str, ...] = ()
        """Libraries that were imported since without a seed: where they stood is not known."""
        self._kept = {seeder: attempt(seeder.capture) for seeder in process.seeders if seeder.loaded()}

    def put_back(self) -> tuple[str, ...]:
        """Put every stream back, bit for bit; return those that cannot be, with the reason.

        A library that was imported since is put where its import under the seed left it.
        """
        failed = [_put_back(seeder, kept) for seeder, kept in self._kept.items()]
        new = [each for each in self._process.seeders if each not in self._kept and each.loaded()]
        top = self._process.top
        for seeder in new:
            seeded = self._process.seeded(seeder.name)
            if seeded is not None:
                attempt(seeder.seed, seeded.seed if top is None or top.own is None else top.own)
        self.unseeded = tuple(each.name for each in new if self._process.seeded(each.name) is None)
        return tuple(name for name in failed if name)


def _put_back(seeder: Seeder, captured: tuple[RngState | None, str]) -> str:
    state, reason = captured
    if state is not None:
        _, reason = attempt(seeder.restore, state)
    return f"{seeder.name} ({reason})" if reason else ""
