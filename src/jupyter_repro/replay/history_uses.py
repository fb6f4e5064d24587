"""What a source reads of the shell's numbered inputs and results, where its text tells.

``_3`` and ``Out[3]`` are the result of the third cell run, ``In[-2]`` and ``_i`` the text of the one before. Each of them is a
resource of its own, so that a cell hangs on no more of the history than it asks for.
"""

from __future__ import annotations

import ast
import re

__all__ = ["CHANGED", "COUNT", "INPUTS", "OUTPUTS", "PREFIXES", "SHOWN", "history_uses"]

INPUTS = "history:inputs"
"""The texts of all cells run."""
OUTPUTS = "history:outputs"
"""All results, with their numbers."""
SHOWN = "history:shown"
"""How many results there are."""
COUNT = "history:count"
"""How many cells were run."""
CHANGED = "changes outputs"
"""No resource: the source takes results away, or puts others in their place."""

PREFIXES = ("history:", "result:")

_FORMER = {"_i": 1, "_ii": 2, "_iii": 3}
_NUMBERED = re.compile(r"^_(?P<input>i?)(?P<number>\d+)$")
_INPUTS = frozenset(("In", "_ih"))
_OUTPUTS = frozenset(("Out", "_oh"))
_TAKERS = frozenset(("dict", "list", "print", "repr", "sorted", "str", "tuple"))
"""They read all of what they are given, and keep nothing of it but its parts."""
_VIEWS = frozenset(("items", "keys", "values"))


def history_uses(tree: ast.Module, history: frozenset[str]) -> frozenset[str] | None:
    """Return the resources of the history that a source reads; None: its text does not tell.

    Args:
        tree: The source in plain Python.
        history: Names of the history that it reads before it has bound them, see :class:`.names.Names`.
    """
    above = {id(part): node for node in ast.walk(tree) for part in ast.iter_child_nodes(node)}
    met: set[str] = set()
    used: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "execution_count":
            name = node.attr
            resource: str | None = COUNT
        elif isinstance(node, ast.Name) and node.id in history:
            name, resource = node.id, _use_of(node, above)
        else:
            continue
        if resource is None or not isinstance(node.ctx, ast.Load):
            return None
        met.add(name)
        used.add(resource)
    return frozenset(used) - {""} if met == history else None


def _use_of(node: ast.Name, above: dict[int, ast.AST]) -> str | None:
    """Return the resource behind one occurrence of a name; empty: it is known without asking."""
    name = node.id
    if name in _FORMER:
        return f"history:before{_FORMER[name]}"
    if name.strip("_") == "":
        return f"result:{name}"
    numbered = _NUMBERED.match(name)
    if numbered:
        return f"history:input{numbered['number']}" if numbered["input"] else f"result:_{numbered['number']}"
    holder = above[id(node)]
    if name in _INPUTS:
        return _of_inputs(node, holder)
    return _of_outputs(node, holder, above) if name in _OUTPUTS else None


def _of_inputs(node: ast.Name, holder: ast.AST) -> str | None:
    if isinstance(holder, ast.Subscript) and holder.value is node:
        place = _number(holder.slice)
        if place is None or not isinstance(holder.ctx, ast.Load):
            return None
        if place == -1:
            return ""
        return f"history:before{-place - 1}" if place < 0 else f"history:input{place}"
    if _is_given_to(holder, node, {"len"}):
        return COUNT
    return INPUTS if _reads_all(holder, node) else None


def _of_outputs(node: ast.Name, holder: ast.AST, above: dict[int, ast.AST]) -> str | None:
    if isinstance(holder, ast.Subscript) and holder.value is node:
        if not isinstance(holder.ctx, ast.Load):
            return CHANGED
        number = _number(holder.slice)
        return f"result:Out[{number}]" if number is not None and number >= 0 else None
    if isinstance(holder, ast.Attribute):
        call = above[id(holder)]
        if not (isinstance(call, ast.Call) and call.func is holder):
            return None
        if (
            holder.attr == "get"
            and call.args
            and (number := _number(call.args[0])) is not None
            and number >= 0
        ):
            return f"result:Out[{number}]"
        if call.args or call.keywords:
            return None
        return OUTPUTS if holder.attr in _VIEWS else CHANGED if holder.attr == "clear" else None
    if _is_given_to(holder, node, {"len"}):
        return SHOWN
    return OUTPUTS if _reads_all(holder, node) else None


def _number(place: ast.expr) -> int | None:
    try:
        value = ast.literal_eval(place)
    except (ValueError, TypeError):
        return None
    return value if type(value) is int else None


def _is_given_to(holder: ast.AST, node: ast.Name, functions: set[str] | frozenset[str]) -> bool:
    return (
        isinstance(holder, ast.Call)
        and isinstance(holder.func, ast.Name)
        and holder.func.id in functions
        and holder.args[:1] == [node]
    )


def _reads_all(holder: ast.AST, node: ast.Name) -> bool:
    return isinstance(holder, ast.Expr) or _is_given_to(holder, node, _TAKERS)
