"""Which checkpoints stay."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import msgspec

from jupyter_repro.errors import BadWord

from .folder import remove_folder
from .reading import find

if TYPE_CHECKING:
    from pathlib import Path

    from .reading import Found

__all__ = ["Keep", "retain", "what_goes"]


class Keep(msgspec.Struct, frozen=True, kw_only=True):
    """What stays when a checkpoint has been saved; what none of these wants is removed.

    Args:
        last: So many of the newest.
        best: The best ones by this metric.
        mode: Whether a better metric is smaller or larger.
        most_best: How many of the best.
        every: Those whose step this number divides.
    """

    last: int = 1
    best: str = ""
    mode: Literal["min", "max"] = "min"
    most_best: int = 1
    every: int = 0

    def __post_init__(self) -> None:
        if self.last < 1 or self.every < 0 or self.most_best < 1 or self.mode not in ("min", "max"):
            raise BadWord(
                f"`{self}` keeps no last checkpoint, or is no rule",
                remedy='write, say, `Keep(last=3, best="val_loss", mode="min", every=1000)`',
            )


def retain(saved: Path, keep: Keep) -> tuple[Path, ...]:
    """Remove what does not stay beside a new checkpoint, and return it; only its own run is touched."""
    beside = find(saved.parent)
    run = next((each.manifest.run for each in beside if each.path == saved and each.manifest), None)
    mine = [
        each
        for each in beside
        if each.manifest is not None and each.manifest.run == run and each.path.parent == saved.parent
    ]
    going = tuple(path for path in what_goes(mine, keep) if path != saved)
    for path in going:
        remove_folder(path)
    return going


def what_goes(found: list[Found], keep: Keep) -> tuple[Path, ...]:
    """Return the checkpoints that no rule wants."""
    known = [(each.path, each.manifest) for each in found if each.manifest is not None]
    by_age = sorted(known, key=lambda each: (each[1].step or 0, each[1].saved))
    stay = {path for path, _ in by_age[-keep.last :]}
    if keep.best:
        sign = 1 if keep.mode == "min" else -1
        # a number that is none is no better than any other
        scored = [
            (sign * held.numbers[keep.best], path)
            for path, held in by_age
            if not math.isnan(held.numbers.get(keep.best, math.nan))
        ]
        stay |= {path for _, path in sorted(scored, key=lambda each: each[0])[: keep.most_best]}
    if keep.every:
        stay |= {path for path, held in by_age if held.step is not None and held.step % keep.every == 0}
    return tuple(path for path, _ in by_age if path not in stay)
