"""Where a source goes through a set in the set's own order, which hangs on the hash seed of the process."""

from __future__ import annotations

import ast
import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from .calls import called_name, spelled
from .source_rules import is_number, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["SetPlan", "SetWalk", "content_of", "may_spell", "set_plan", "set_walks"]

_IN_ORDER = frozenset(
    ("Counter", "all", "any", "bool", "frozenset", "isdisjoint", "issubset", "issuperset", "len", "max", "min", "set",
     "sorted", "sum", "union", "update")
)  # fmt: skip
_KEEP_ORDER = frozenset(
    ("array", "enumerate", "format", "fromkeys", "iter", "join", "list", "map", "next", "print", "repr", "str", "tuple",
     "zip")
)  # fmt: skip
_NUMBERS = frozenset(("bool", "float", "int", "len", "ord", "round"))
"""Functions that return numbers, whose hash is the same everywhere."""
_MADE_BY = ("set", "frozenset")
_BRACES = re.compile(r"""\{((?:'[^'\n]*'|"[^"\n]*"|\[[^]\n]*]|[^:,{}'"\[])+)([,}])""")
"""A first element in braces: of a set if a comma follows before any colon, or if it is a comprehension."""
_HOMES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class SetWalk(NamedTuple):
    """A place at which a set's order counts."""

    line: int
    text: str
    home: str
    """The function or class of the cell in which it stands; empty where the cell itself does it."""


class SetPlan(NamedTuple):
    """What has to be known of a source before its walks can be told."""

    spells: bool
    """It makes sets itself."""
    walked: frozenset[str]
    """Names that it may go through."""
    filled: frozenset[str]
    """What it makes sets of, as :func:`content_of` names it."""
    homes: frozenset[str]
    """Functions and classes that it defines."""
    uses: frozenset[str]
    """Names that it reads outside of its functions and classes."""


def may_spell(source: str) -> bool:
    """Tell quickly whether a source may make sets itself; dicts and format strings alone do not."""
    if "set(" in source:
        return True
    return "{" in source and any(end == "," or " for " in element for element, end in _BRACES.findall(source))


@functools.lru_cache(maxsize=4096)
def set_plan(source: str) -> SetPlan | None:
    """Return what decides whether a source goes through sets; None if it is no Python."""
    tree = _tree(source)
    if tree is None:
        return None
    walked: set[str] = set()
    filled: set[str] = set()
    uses: set[str] = set()
    homes: set[str] = set()
    spells = False
    for top in tree.body:
        if isinstance(top, _HOMES):
            homes.add(top.name)
        for node in ast.walk(top):
            walked.update(name for each in _gone_through(node) for name in _operands(each))
            if isinstance(node, (ast.Set, ast.SetComp)):
                spells = True
            elif isinstance(node, ast.Call) and called_name(node) in _MADE_BY:
                spells = True
                filled.update(content for each in node.args if (content := content_of(each)))
            elif isinstance(node, ast.Name) and not isinstance(top, _HOMES):
                uses.add(node.id)
    return SetPlan(spells, frozenset(walked), frozenset(filled), frozenset(homes), frozenset(uses))


def set_walks(source: str, kinds: Mapping[str, bool]) -> tuple[SetWalk, ...]:
    """Return where a source goes through a set whose order may be another one in each kernel.

    Seen are sets that are spelled where they are used, bound to a name in the same source, or known by their
    values. A set of numbers that is spelled out has the same order everywhere and is passed over.

    Args:
        source: The cell.
        kinds: Of names and columns that are known: True for a set whose order hangs on the hash seed, False for
            a set or sequence of numbers alone.
    """
    tree = _tree(source)
    if tree is None:
        return ()
    bound = [
        (target.id, _is_set(node.value, {}))
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    others = {name for name, is_set in bound if not is_set}
    known = {name: True for name, is_set in bound if is_set and name not in others} | dict(kinds)
    found: dict[SetWalk, None] = {}
    for top in tree.body:
        home = top.name if isinstance(top, _HOMES) else ""
        for line, text in _walks(top, known):
            found[SetWalk(line, text, home)] = None
    return tuple(found)


@functools.lru_cache(maxsize=8)
def _tree(source: str) -> ast.Module | None:
    return tree_of(source)


def _walks(top: ast.stmt, known: Mapping[str, bool]) -> Iterator[tuple[int, str]]:
    calm = {
        id(argument)
        for node in ast.walk(top)
        if isinstance(node, ast.Call) and called_name(node) in _IN_ORDER
        for argument in node.args
    }
    for node in ast.walk(top):
        if id(node) not in calm and any(_is_set(each, known) for each in _gone_through(node)):
            if isinstance(node, (ast.For, ast.AsyncFor)):
                yield node.lineno, f"for ... in {ast.unparse(node.iter)}"
            elif isinstance(node, ast.Call):
                yield node.lineno, spelled(node)
            elif isinstance(node, ast.expr):
                yield node.lineno, ast.unparse(node)


def _gone_through(node: ast.AST) -> list[ast.expr]:
    """Return what a node goes through in the order that it finds."""
    if isinstance(node, (ast.For, ast.AsyncFor)):
        return [node.iter]
    if isinstance(node, (ast.ListComp, ast.DictComp, ast.GeneratorExp)):
        return [part.iter for part in node.generators]
    if isinstance(node, (ast.Starred, ast.FormattedValue)):
        return [node.value]
    if not isinstance(node, ast.Call):
        return []
    if called_name(node) in _KEEP_ORDER:
        return node.args
    pops = isinstance(node.func, ast.Attribute) and node.func.attr == "pop" and not node.args
    return [node.func.value] if pops and isinstance(node.func, ast.Attribute) else []


def _operands(expression: ast.expr) -> Iterator[str]:
    if isinstance(expression, ast.Name):
        yield expression.id
    elif isinstance(expression, ast.BinOp):
        yield from _operands(expression.left)
        yield from _operands(expression.right)


def _is_set(expression: ast.expr, known: Mapping[str, bool]) -> bool:
    if isinstance(expression, ast.Name):
        return known.get(expression.id, False)
    if isinstance(expression, ast.Set):
        return not all(map(_is_number, expression.elts))
    if isinstance(expression, ast.SetComp):
        return not _is_number(expression.elt)
    if isinstance(expression, ast.BinOp) and isinstance(
        expression.op, (ast.BitAnd, ast.BitOr, ast.Sub, ast.BitXor)
    ):
        return _is_set(expression.left, known) or _is_set(expression.right, known)
    return (
        isinstance(expression, ast.Call)
        and called_name(expression) in _MADE_BY
        and bool(expression.args)
        and not _of_numbers(expression.args[0], known)
    )


def _of_numbers(expression: ast.expr, known: Mapping[str, bool]) -> bool:
    if isinstance(expression, (ast.List, ast.Tuple)):
        return all(map(_is_number, expression.elts))
    if isinstance(expression, (ast.GeneratorExp, ast.ListComp)):
        return _is_number(expression.elt)
    if isinstance(expression, ast.Call) and called_name(expression) == "map" and expression.args:
        return isinstance(expression.args[0], ast.Name) and expression.args[0].id in _NUMBERS
    if isinstance(expression, ast.Call):
        return called_name(expression) == "range"
    return known.get(content_of(expression)) is False


def content_of(expression: ast.expr) -> str:
    """Return how ``kinds`` names a sequence: ``words``, and ``frame.year`` for ``frame["year"]`` too."""
    if isinstance(expression, ast.Name):
        return expression.id
    if isinstance(expression, ast.Attribute) and isinstance(expression.value, ast.Name):
        return f"{expression.value.id}.{expression.attr}"
    if (
        isinstance(expression, ast.Subscript)
        and isinstance(expression.value, ast.Name)
        and isinstance(expression.slice, ast.Constant)
        and isinstance(expression.slice.value, str)
    ):
        return f"{expression.value.id}.{expression.slice.value}"
    return ""


def _is_number(expression: ast.expr) -> bool:
    if isinstance(expression, ast.BinOp):
        return _is_number(expression.left) and _is_number(expression.right)
    return is_number(expression) or (isinstance(expression, ast.Call) and called_name(expression) in _NUMBERS)
