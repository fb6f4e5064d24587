"""What a button beside a finding does, where a button can do its remedy."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from jupyter_repro.rules.verdicts import CODES

from .facts import Fix

if TYPE_CHECKING:
    from jupyter_repro.records import Finding, Plan

__all__ = ["fix_of"]

_OF_VERDICTS = frozenset(code for code, _ in CODES.values())
_NO_SEED = "RP202"
_SETTING = "RP301"
_HASH_SEED = "RP208"
_FILES = re.compile(r"`%repro data (track|accept) ([^`]+)`")


def fix_of(finding: Finding, plan: Plan) -> Fix | None:
    """Return what brings the remedy of a finding about; None: it is for the author to do.

    Args:
        finding: As the rules found it.
        plan: The way to a reproduced document at this moment.
    """
    if finding.code in _OF_VERDICTS:
        if plan.kind == "nothing":
            return None
        return Fix(act="run plan" if plan.kind == "run cells" else "restart")
    if finding.code == _NO_SEED:
        return Fix(act="seed")
    if finding.code == _HASH_SEED or "PYTHONHASHSEED" in finding.message:
        return Fix(act="restart with hash seed")
    if finding.code == _SETTING:
        return Fix(act="restart")
    files = _FILES.search(finding.remedy)
    if files is not None:
        return Fix(act="track" if files[1] == "track" else "accept", paths=_paths(files[2]))
    return None


def _paths(words: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(words))
    except ValueError:
        return (words,)
