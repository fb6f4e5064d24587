"""How closely a run has to follow its reference."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jupyter_repro.errors import BadWord, GoldenRefused

from .identity import EARLY, changes

if TYPE_CHECKING:
    from jupyter_repro.records.golden import Golden

__all__ = ["LEVELS", "check_level", "early_refusal", "judged_by", "rtol_of"]

LEVELS = ("bitwise", "envelope", "auto", "rtol=")


def check_level(level: str) -> str:
    """Return the level.

    Raises:
        BadWord: It is none.
    """
    if level in LEVELS[:3] or rtol_of(level) is not None:
        return level
    raise BadWord(
        f"`{level}` is no level of a golden run",
        remedy="use `bitwise`, `envelope`, `auto` (bitwise on the same identity, else envelope) or, for example, `rtol=1e-5`",
    )


def rtol_of(level: str) -> float | None:
    """Return the number of ``rtol=1e-5``; None for another level."""
    if not level.startswith("rtol="):
        return None
    try:
        value = float(level.removeprefix("rtol="))
    except ValueError:
        return None
    return value if 0.0 < value < 1.0 and math.isfinite(value) else None


def judged_by(reference: Golden, level: str, now: dict[str, str]) -> str:
    """Return what a run is judged by: a level that is not ``auto`` and that can be told here.

    Raises:
        GoldenRefused: Bits are to be compared and the identity differs, or there is no tolerance.
    """
    differing = changes(reference.identity, now)
    if level == "auto":
        level = "envelope" if differing else "bitwise"
    if level == "bitwise" and differing:
        raise _refusal(reference, differing)
    if level == "envelope":
        _check_calibrated(reference)
    return level


def early_refusal(reference: Golden, level: str, now: dict[str, str]) -> None:
    """Refuse before a long run what would be refused after it.

    Raises:
        GoldenRefused: As :func:`judged_by`, by the facts that no code of a run changes.
    """
    differing = changes(reference.identity, now, only=EARLY)
    if level == "bitwise" and differing:
        raise _refusal(reference, differing)
    if level == "envelope" or (level == "auto" and differing):
        _check_calibrated(reference)


def _refusal(reference: Golden, differing: tuple[tuple[str, str, str], ...]) -> GoldenRefused:
    told = "; ".join(f"{name}: {was} in the reference, {now} here" for name, was, now in differing)
    return GoldenRefused(
        f"bits of `{reference.name}` cannot be compared here: {told}",
        remedy=_remedy(reference, {name for name, _, _ in differing}),
    )


def _remedy(reference: Golden, names: set[str]) -> str:
    known = {
        "threads": "give torch the same number of threads (`%repro threads=N`, `torch.set_num_threads(N)`)",
        "torch": "install the torch of the reference",
        "NumPy": "install the NumPy of the reference",
    }
    ways = [way for name, way in known.items() if names == {name}]
    tolerant = "use `level='envelope'`" + (
        "" if reference.calibration else ", after `jupyter repro golden calibrate` where it was recorded"
    )
    return "; or ".join([*ways, tolerant, "record a reference of its own here under another name"])


def _check_calibrated(reference: Golden) -> None:
    if reference.calibration is None:
        raise GoldenRefused(
            f"`{reference.name}` has no tolerances: it is not calibrated",
            remedy="run `jupyter repro golden calibrate` with what recorded it, or give one yourself: `level='rtol=1e-5'`",
        )
    if not any(step.tolerance for step in reference.steps):
        raise GoldenRefused(
            f"`{reference.name}` is chaotic: no tolerance is meaningful",
            remedy="compare bits on the same identity (`level='bitwise'`), or make training calmer: a lower learning rate, "
            "fewer steps",
        )
