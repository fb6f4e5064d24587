"""Which cells are not run a second time unless the user says so."""

from __future__ import annotations

import ast
import os
from typing import TYPE_CHECKING

from jupyter_repro.entropy.source_rules import tree_of

if TYPE_CHECKING:
    from jupyter_repro.inputs.opened import Opened
    from jupyter_repro.replay.names import Names

__all__ = ["effect_of", "refusal"]

_ASKS = frozenset(("getpass", "input"))
_EFFECTS = {"network": "it used the network", "subprocess": "it started another program"}


def refusal(body: str, names: Names) -> str:
    """Return why the source alone tells that a second run would do harm; empty if it does not."""
    if not names.compiles:
        return ""
    tree = tree_of(body)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _ASKS:
            return f"`{node.func.id}` would ask you again"
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
