"""Whether a block records or checks, and where its reference lies: decided by the user, never by what is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import msgspec

from jupyter_repro.errors import BadWord

from .file import FOLDER
from .levels import check_level

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

__all__ = ["ACT", "ASKED", "LEVEL", "OUT", "PERTURB", "PLACE", "Act", "Mode", "check_mode", "decided"]

ACT = "JUPYTER_REPRO_GOLDEN"
"""``check``, ``record`` or ``replace``, for all blocks of the process."""
PLACE = "JUPYTER_REPRO_GOLDEN_FOLDER"
LEVEL = "JUPYTER_REPRO_GOLDEN_LEVEL"
OUT = "JUPYTER_REPRO_GOLDEN_OUT"
"""Set by `jupyter repro golden`: the folder that a run is written to, for the command to judge."""
PERTURB = "JUPYTER_REPRO_GOLDEN_PERTURB"
"""Set by `jupyter repro golden calibrate`: the number of the perturbation."""

Mode = Literal["check", "record", "replace"]
Act = Literal["check", "record", "replace", "calibrate"]
_ACTS = ("check", "record", "replace", "calibrate")

ASKED: dict[str, Mode] = {}
"""What a user has said of the next block of a name in this process."""


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What one block is to do."""

    act: Act
    folder: Path
    level: str
    """Empty: as the reference says, ``bitwise`` for a new one."""
    out: Path | None
    """Where the run goes if `jupyter repro golden` drives it."""
    perturb: str


def check_mode(mode: str, *, where: str) -> Mode:
    """Return the mode.

    Raises:
        BadWord: It is none.
    """
    if mode in _ACTS[:3]:
        return cast("Mode", mode)
    raise BadWord(
        f"{where} says `{mode}`",
        remedy="use `check`, `record` (a new reference) or `replace` (over the one that is there)",
    )


def decided(
    name: str,
    *,
    mode: str | None,
    level: str | None,
    folder: str | os.PathLike[str] | None,
    environ: Mapping[str, str],
) -> Decided:
    """Return what a block is to do: by its own words, else by the next best of those who may say so.

    Args:
        name: The golden run.
        mode: What the code says; None: what ``%repro golden`` said of the next block, else the environment, else ``check``.
        level: What the code says; the environment goes before it, since a command line is nearer to its user.
        folder: What the code says; None: the environment, else ``goldens`` in the working folder.
        environ: Of the process.

    Raises:
        BadWord: A word of the code or of the environment is none.
    """
    out = environ.get(OUT)
    said = environ.get(ACT, "")
    if out and said in _ACTS:
        act = cast("Act", said)
    elif mode is not None:
        act = check_mode(mode, where="`mode`")
    elif name in ASKED:
        act = ASKED.pop(name)
    else:
        act = check_mode(said or "check", where=f"the environment variable {ACT}")
    told = check_level(level) if level else ""
    told = environ.get(LEVEL) or told
    return Decided(
        act=act,
        folder=Path(folder or environ.get(PLACE) or FOLDER),
        level=check_level(told) if told else "",
        out=Path(out) if out else None,
        perturb=environ.get(PERTURB, ""),
    )
