"""Where the source of a cell evaluates without gradients, and with which modules in which mode."""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING, NamedTuple

from .calls import called_name, spelled
from .source_rules import tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Evaluation", "evaluations"]

_NO_GRADIENTS = frozenset(("no_grad", "inference_mode"))
_DROPOUTS = frozenset(
    ("alpha_dropout", "dropout", "dropout1d", "dropout2d", "dropout3d", "feature_alpha_dropout")
)
_OWN_STREAM = "fork_rng"
_HARMLESS = frozenset(("display", "id", "isinstance", "len", "print", "repr", "str", "type"))
_HANDED_ON = "handed on"


class Evaluation(NamedTuple):
    """A call that matters."""

    line: int
    what: str
    kind: str
    """``module``: a name called without gradients; ``dropout``, ``gumbel``: a function that draws."""
    mode: str = ""
    """The mode that the cell itself last gave the module above the line: ``train``, ``eval``; else empty."""
    unsure: bool = False
    """The cell changes the mode below the line, or hands the module to something that may."""


class _Inside(NamedTuple):
    """What surrounds a statement."""

    without_gradients: bool = False
    own_stream: bool = False


@functools.lru_cache(maxsize=256)
def evaluations(source: str) -> tuple[Evaluation, ...]:
    """Return what a cell calls without gradients by name, and what it calls that draws while it does.

    A function's body counts if the cell calls the function; names that are its own are passed over.
    """
    tree = tree_of(source)
    if tree is None:
        return ()
    called = {called_name(node) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    modes = [
        (node.lineno, ast.unparse(node.func.value), _mode(node))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("eval", "train")
    ]
    modes += [
        (node.lineno, ast.unparse(each), _HANDED_ON)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called_name(node) not in _HARMLESS
        for each in (*node.args, *(keyword.value for keyword in node.keywords))
        if isinstance(each, (ast.Name, ast.Attribute))
    ]
    return tuple(dict.fromkeys(_visit(tree, _Inside(), called, modes, frozenset())))


def _visit(
    node: ast.AST,
    inside: _Inside,
    called: set[str],
    modes: list[tuple[int, str, str]],
    own: frozenset[str],
) -> Iterator[Evaluation]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        if node.name not in called:
            return
        own |= {each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
        inside = _entered(inside, node.decorator_list)
        for statement in node.body:
            yield from _visit(statement, inside, called, modes, own)
        return
    if isinstance(node, (ast.With, ast.AsyncWith)):
        inside = _entered(inside, [item.context_expr for item in node.items])
        for statement in node.body:
            yield from _visit(statement, inside, called, modes, own)
        return
    if isinstance(node, ast.Call):
        yield from _call(node, inside, modes, own)
    for child in ast.iter_child_nodes(node):
        yield from _visit(child, inside, called, modes, own)


def _entered(inside: _Inside, around: list[ast.expr]) -> _Inside:
    names = {
        called_name(each) if isinstance(each, ast.Call) else ast.unparse(each).rpartition(".")[2]
        for each in around
    }
    off = any(ast.unparse(each).endswith("set_grad_enabled(False)") for each in around)
    return _Inside(
        inside.without_gradients or off or bool(names & _NO_GRADIENTS),
        inside.own_stream or _OWN_STREAM in names,
    )


def _call(
    node: ast.Call, inside: _Inside, modes: list[tuple[int, str, str]], own: frozenset[str]
) -> Iterator[Evaluation]:
    name = called_name(node)
    if inside.own_stream:
        return
    if name == "gumbel_softmax":
        yield Evaluation(node.lineno, spelled(node), "gumbel")
    if not inside.without_gradients:
        return
    if name in _DROPOUTS:
        if not any(each.arg == "training" and not _is_true(each.value) for each in node.keywords):
            yield Evaluation(node.lineno, spelled(node), "dropout")
        return
    full = ast.unparse(node.func) if isinstance(node.func, (ast.Name, ast.Attribute)) else ""
    if not full or not all(part.isidentifier() for part in full.split(".")) or full.split(".")[0] in own:
        return
    said = [(line, mode) for line, module, mode in modes if module == full]
    handed_on = any(mode == _HANDED_ON for _, mode in said)
    above = [mode for line, mode in said if line <= node.lineno]
    mode = above[-1] if above else ""
    yield Evaluation(node.lineno, full, "module", mode, handed_on or (not above and bool(said)))


def _mode(call: ast.Call) -> str:
    """Return ``train`` or ``eval``; ``?`` where the argument does not tell."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "eval":
        return "eval"
    arguments = [*call.args, *(each.value for each in call.keywords)]
    if not arguments:
        return "train"
    if isinstance(arguments[0], ast.Constant):
        return "train" if arguments[0].value else "eval"
    return "?"


def _is_true(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Constant) and expression.value is True
