"""Every code, in words: ours and those of installed packages."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import BadWord

from .bundle_codes import BUNDLE_CODES
from .codes import matches
from .described import Described, described
from .engine import RULES
from .files.engine import RULES as FILE_RULES
from .plugins import plugin_rules
from .verdicts import VERDICT_RULES, CellVerdicts

if TYPE_CHECKING:
    from .configured import RuleSettings

__all__ = ["catalog", "check_patterns", "explained", "our_codes"]


@functools.cache
def our_codes() -> tuple[Described, ...]:
    """Return our own, by code; one that several rules find is said once."""
    in_kernel = [*VERDICT_RULES, *(rule for rule in RULES if not isinstance(rule, CellVerdicts))]
    found: dict[str, Described] = {}
    for looks_at, rules in (("kernel", in_kernel), ("export", BUNDLE_CODES), ("file", FILE_RULES)):
        for rule in rules:
            one = described(rule, looks_at=getattr(rule, "looks_at", (looks_at,)))
            found[one.code] = _joined(found[one.code], one) if one.code in found else one
    return tuple(found[code] for code in sorted(found))


def catalog() -> tuple[Described, ...]:
    """Return ours, then those of installed packages."""
    others = []
    for rule in plugin_rules().rules:
        sees = (("kernel", "check"), ("file", "check_file"))
        looks_at = tuple(where for where, name in sees if hasattr(rule, name))
        package = type(rule).__module__.partition(".")[0]
        others.append(described(rule, looks_at=looks_at, package=package))
    return (*our_codes(), *sorted(others, key=lambda one: one.code))


def explained(code: str) -> Described:
    """Return what one code says.

    Raises:
        BadWord: There is no such code; the remedy guesses.
    """
    known = {one.code: one for one in catalog()}
    if code.upper() not in known:
        raise BadWord(f"there is no rule `{code}`", remedy=_guess(code, list(known)))
    return known[code.upper()]


def check_patterns(settings: RuleSettings) -> None:
    """Check that every code and family that is named is one.

    Raises:
        BadWord: One names no rule.
    """
    known = [one.code for one in catalog()]
    for pattern in settings.patterns():
        if not any(matches(pattern, code) for code in known):
            raise BadWord(f"`{pattern}` names no rule", remedy=_guess(pattern, known))


def _guess(code: str, known: list[str]) -> str:
    import difflib

    close = difflib.get_close_matches(code.upper(), known, n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else "`jupyter repro rules` lists all"


def _joined(one: Described, other: Described) -> Described:
    """Join what two rules say of the same code."""
    return msgspec.structs.replace(
        one,
        more=" ".join(filter(None, (one.more, other.what and f"Also: {other.what}"))),
        in_files=one.in_files or other.in_files,
        looks_at=tuple(dict.fromkeys((*one.looks_at, *other.looks_at))),
    )
