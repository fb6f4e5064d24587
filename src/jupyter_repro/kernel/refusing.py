"""Which cells are not run a second time unless the user says so."""

from __future__ import annotations

import ast
import os
import re
import sys
import tempfile
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.entropy.source_rules import tree_of

from .lingering import lingering

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from jupyter_repro.inputs.opened import Opened

__all__ = ["effect_of", "refusal"]

_ASKS = frozenset(("breakpoint", "getpass", "input", "set_trace"))
_OURS = re.compile(r"^\s*%repro\b", re.MULTILINE)
_EFFECTS = {"network": "it used the network", "subprocess": "it started another program"}
_TRACKERS = frozenset(("aim", "clearml", "comet_ml", "mlflow", "neptune", "swanlab", "trackio", "wandb"))
"""Their connections are open long before, so that no event tells of what is sent."""


def refusal(body: str, values: Collection[Any], namespace: Mapping[str, Any]) -> str:
    """Return why a second run would do harm, as far as that is known before the first; empty if it would not.

    Args:
        body: The source of the cell.
        values: What the names stand for that it may read.
        namespace: The user's names.
    """
    if _OURS.search(body):
        return "it has a line of `%repro`"
    asks = _asks(body)
    if asks:
        return f"`{asks}` would ask you again"
    modules = [value.__name__ for value in values if isinstance(value, types.ModuleType)]
    for name in modules:
        if name.partition(".")[0] in _TRACKERS:
            return f"`{name}` would log it again"
    helpers = sys.modules.get("matplotlib._pylab_helpers")
    if helpers is not None and helpers.Gcf.figs and "matplotlib.pyplot" in modules:
        return "figures are open, and a second run would draw on them"
    return next(iter(lingering(namespace)), "")


def _asks(body: str) -> str:
    """Return the function that waits for the user, empty if none is called."""
    tree = tree_of(body)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name in _ASKS:
                return name
    return ""


def effect_of(opened: Opened, namespace: Mapping[str, Any], home: Path) -> str:
    """Return what a first run did outside the kernel or left running in it; empty if nothing was seen.

    Args:
        opened: What it opened.
        namespace: The user's names.
        home: The notebook's folder.
    """
    for effect in opened.effects:
        if effect in _EFFECTS:
            return _EFFECTS[effect]
    changed = [path for path in (*opened.written, *opened.folders) if not _is_cache(Path(path), home)]
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        return f"it wrote `{os.path.relpath(changed[0])}`{more}"
    return next(iter(lingering(namespace)), "")


def _is_cache(path: Path, home: Path) -> bool:
    """Whether a library keeps something for itself there, which a second run only finds again."""
    places = [Path(tempfile.gettempdir()), Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")]
    return not path.is_relative_to(home) and any(path.is_relative_to(place) for place in places)
