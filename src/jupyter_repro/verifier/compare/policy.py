"""How one cell is compared, as its author says in tags.

``repro-rtol=1e-3`` and ``repro-atol=1e-6`` set its tolerance, ``repro-cpu`` and ``repro-gpu`` take a profile's.
``repro-volatile``: its outputs have the same kinds, and may hold anything. ``repro-ignore``: they are not looked at.
"""

from __future__ import annotations

import dataclasses
import difflib
from typing import TYPE_CHECKING, Any

from .tolerance import PROFILES, Tolerance

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BadTag", "Policy", "policy_of", "tag_faults"]

_PREFIX = "repro-"
_WORDS = ("repro-ignore", "repro-volatile", *(f"repro-{name}" for name in PROFILES))
_NUMBERS = ("repro-rtol", "repro-atol")
_OTHERS = ("repro-smoke",)
"""Tags that say nothing of comparing."""


class BadTag(ValueError):
    """A tag that begins with ``repro-`` and is not understood."""


@dataclasses.dataclass(frozen=True)
class Policy:
    """How one cell is compared."""

    tolerance: Tolerance
    ignored: bool = False
    volatile: bool = False
    note: str = ""
    """What the author asked for that lets more pass than usual."""


def policy_of(cell: Mapping[str, Any], tolerance: Tolerance) -> Policy:
    """Return the policy in a cell's tags; ``tolerance`` is that of the notebook.

    Raises:
        BadTag: A tag is wrong; the message says which, and what was probably meant.
    """
    asked: dict[str, float] = {}
    words = set()
    for tag in _tags(cell):
        name, given, value = tag.partition("=")
        if name in _NUMBERS:
            asked[name.removeprefix(_PREFIX)] = _number(name, value)
        elif given or name not in (*_WORDS, *_OTHERS):
            raise BadTag(_unknown(tag, name))
        else:
            words.add(name)
    profiles = [PROFILES[name] for name in PROFILES if f"repro-{name}" in words]
    if len(profiles) > 1:
        raise BadTag("the tags `repro-cpu` and `repro-gpu` contradict each other")
    found = dataclasses.replace(profiles[0] if profiles else tolerance, **asked)
    wider = found.rtol > tolerance.rtol or found.atol > tolerance.atol
    note = f"the author's tags widen the tolerance to rtol {found.rtol:g}, atol {found.atol:g}"
    return Policy(found, "repro-ignore" in words, "repro-volatile" in words, note if wider else "")


def tag_faults(notebook: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the tags of a notebook's code cells, one sentence each."""
    faults = []
    number = 0
    for cell in notebook.get("cells", ()):
        if cell.get("cell_type") != "code" or not "".join(cell.get("source", "")).strip():
            continue
        number += 1
        try:
            policy_of(cell, Tolerance())
        except BadTag as fault:
            faults.append(f"cell {number}: {fault}")
    return faults


def _tags(cell: Mapping[str, Any]) -> list[str]:
    tags = cell.get("metadata", {}).get("tags", ())
    return [tag for tag in tags if isinstance(tag, str) and tag.startswith(_PREFIX)]


def _number(name: str, value: str) -> float:
    try:
        found = float(value)
    except ValueError:
        found = -1.0
    if not 0 <= found < 1:
        raise BadTag(f"`{name}={value}` has no number from 0 to below 1; write, say, `{name}=1e-3`")
    return found


def _unknown(tag: str, name: str) -> str:
    known = (*_WORDS, *_NUMBERS, *_OTHERS)
    near = difflib.get_close_matches(name, known, n=1)
    if near and near[0] in _NUMBERS:
        return f"unknown tag `{tag}`; did you mean `{near[0]}=1e-3`?"
    if name in known:
        return f"the tag `{name}` takes no value, and `{tag}` has one"
    if near:
        return f"unknown tag `{tag}`; did you mean `{near[0]}`?"
    return f"unknown tag `{tag}`; there are {', '.join(f'`{word}`' for word in known)}"
