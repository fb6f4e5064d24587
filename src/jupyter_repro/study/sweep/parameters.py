"""Parameters of a notebook, as papermill has them: a cell tagged ``parameters`` assigns them, and lines after it replace them."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SEED_NAMES", "assigned", "literal", "with_parameters"]

_TAG, _INJECTED = "parameters", "injected-parameters"
SEED_NAMES = ("seed", "SEED", "random_seed", "RANDOM_SEED", "random_state", "RANDOM_STATE")
"""Parameters that are taken for the seed if nobody names another."""


def assigned(node: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the cell tagged ``parameters`` assigns, and a later injected one; values that are no literals are None."""
    found: dict[str, Any] = {}
    for cell in node["cells"]:
        if cell["cell_type"] == "code" and _tags(cell) & {_TAG, _INJECTED}:
            found |= _literals(cell["source"])
    return found


def with_parameters(node: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the notebook in which these parameters hold.

    Raises:
        BadWord: It has no cell tagged ``parameters``, that cell assigns no such name, or a value has no literal.
    """
    fresh: dict[str, Any] = copy.deepcopy(dict(node))
    if not values:
        return fresh
    known = assigned(node)
    if not any(_tags(cell) & {_TAG, _INJECTED} for cell in fresh["cells"]):
        raise BadWord(
            "the notebook has no cell tagged `parameters`",
            remedy="put the assignments into a cell of their own and tag it `parameters` (property inspector of JupyterLab)",
        )
    for name in values:
        if name not in known:
            raise BadWord(
                f"the cell tagged `parameters` assigns no `{name}`",
                remedy=f"assign it there, or take one of {', '.join(f'`{each}`' for each in known) or 'none'}",
            )
    lines = [f"{name} = {_spelled(name, value)}" for name, value in values.items()]
    last = [cell for cell in fresh["cells"] if _tags(cell) & {_TAG, _INJECTED}][-1]
    last["source"] = "\n".join([last["source"].rstrip("\n"), *lines])
    return fresh


def literal(text: str) -> Any:
    """Return what a word of the command line means: a Python literal, else the text itself."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def _spelled(name: str, value: Any) -> str:
    text = repr(value)
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError) as error:
        raise BadWord(
            f"`{name}` is a {type(value).__name__}, which cannot be written into a cell",
            remedy="give a number, a text, or a list or dict of those",
        ) from error
    return text


def _literals(source: str) -> dict[str, Any]:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return {}
    found: dict[str, Any] = {}
    for each in body:
        targets = (
            each.targets
            if isinstance(each, ast.Assign)
            else [each.target]
            if isinstance(each, ast.AnnAssign)
            else []
        )
        value = each.value if isinstance(each, (ast.Assign, ast.AnnAssign)) else None
        for target in targets:
            if isinstance(target, ast.Name) and value is not None:
                found[target.id] = _value(value)
    return found


def _value(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _tags(cell: Mapping[str, Any]) -> set[str]:
    return set(map(str, cell.get("metadata", {}).get("tags", ())))
