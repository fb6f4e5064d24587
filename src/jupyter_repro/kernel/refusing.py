"""Which cells are not run a second time unless the user says so."""

from __future__ import annotations

import ast
import os
import re
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.entropy.source_rules import tree_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_repro.inputs.opened import Opened

__all__ = ["effect_of", "refusal"]

_ASKS = frozenset(("getpass", "input"))
_OURS = re.compile(r"^\s*%repro\b", re.MULTILINE)
_EFFECTS = {"network": "it used the network", "subprocess": "it started another program"}


def refusal(body: str, values: Iterable[Any]) -> str:
    """Return why a second run would do harm, as far as that is known before the first; empty if it would not.

    Args:
        body: The source of the cell.
        values: What the names stand for that it may read.
    """
    if _OURS.search(body):
        return "it has a line of `%repro`"
    tree = tree_of(body)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _ASKS:
            return f"`{node.func.id}` would ask you again"
    helpers, pyplot = (sys.modules.get(f"matplotlib.{name}") for name in ("_pylab_helpers", "pyplot"))
    if helpers is not None and helpers.Gcf.figs and any(value is pyplot for value in values):
        return "figures are open, and a second run would draw on them"
    return ""


def effect_of(opened: Opened) -> str:
    """Return what a first run did outside the kernel; empty if nothing was seen."""
    for effect in opened.effects:
        if effect in _EFFECTS:
            return _EFFECTS[effect]
    changed = (*opened.written, *opened.folders)
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        return f"it wrote `{os.path.relpath(changed[0])}`{more}"
    return ""
