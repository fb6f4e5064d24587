"""What the source of a cell says of seeds and orders that differ from kernel to kernel."""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING, NamedTuple

from .calls import called_name, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Spot", "shifting_seeds", "tree_of", "unordered_sets"]

_SEEDING = frozenset(
    ("MT19937", "PCG64", "PCG64DXSM", "PRNGKey", "Philox", "Random", "RandomState", "SFC64", "SeedSequence",
     "default_rng", "key", "manual_seed", "manual_seed_all", "seed", "seed_everything", "set_random_seed",
     "set_seed")
)  # fmt: skip
_CLOCK = frozenset(
    ("clock_gettime", "monotonic", "monotonic_ns", "now", "perf_counter", "perf_counter_ns", "process_time",
     "time", "time_ns", "timestamp", "today", "utcnow")
)  # fmt: skip
_PROCESS = frozenset(("get_ident", "getpid", "getppid", "id"))
_SYSTEM = frozenset(("getrandom", "randbits", "token_bytes", "token_hex", "urandom", "uuid1", "uuid4"))
_SEED_WORDS = ("random_state", "seed")
_IN_ORDER = frozenset(
    ("Counter", "all", "any", "bool", "frozenset", "isdisjoint", "issubset", "issuperset", "len", "max", "min", "set",
     "sorted", "sum", "union", "update")
)  # fmt: skip
_KEEP_ORDER = frozenset(
    ("array", "enumerate", "fromkeys", "iter", "join", "list", "map", "next", "tuple", "zip")
)


class Spot(NamedTuple):
    """A place in a source."""

    line: int
    text: str
    why: str


@functools.lru_cache(maxsize=4096)
def shifting_seeds(source: str) -> tuple[Spot, ...]:
    """Return the seeds that a cell takes from the clock, from ``hash()``, the process or the system.

    A seed is followed through the names of the same cell. ``hash()`` of a number is the same everywhere and
    is not among them.
    """
    tree = tree_of(source)
    if tree is None:
        return ()
    tainted: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            why = _shifts(node.value, {})
            tainted.update(
                {target.id: why for target in node.targets if why and isinstance(target, ast.Name)}
            )
    return tuple(dict.fromkeys(_seeds(tree, tainted)))


def _seeds(tree: ast.AST, tainted: dict[str, str]) -> Iterator[Spot]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        arguments = [keyword.value for keyword in node.keywords if keyword.arg in _SEED_WORDS]
        if called_name(node) in _SEEDING:
            arguments += node.args
        why = next((found for found in (_shifts(each, tainted) for each in arguments) if found), "")
        if why:
            yield Spot(node.lineno, spelled(node), why)


def _shifts(expression: ast.expr, tainted: dict[str, str]) -> str:
    """Return what makes a value another one in each kernel, or nothing."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Name) and node.id in tainted:
            return tainted[node.id]
        if not isinstance(node, ast.Call):
            continue
        name = called_name(node)
        if name == "hash" and node.args and not _is_number(node.args[0]):
            return "hash() of a text, which differs from kernel to kernel unless PYTHONHASHSEED is fixed"
        if name in _CLOCK:
            return "the clock"
        if name in _PROCESS:
            return "what is this process's own"
        if name in _SYSTEM:
            return "the system's entropy"
    return ""


def _is_number(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Constant) and isinstance(expression.value, (int, float, complex))


@functools.lru_cache(maxsize=4096)
def unordered_sets(source: str) -> tuple[Spot, ...]:
    """Return where a cell goes through a set of texts or objects in the set's own order.

    Seen are sets that are spelled where they are used, or bound to a name in the same cell; a set of numbers
    spelled out has the same order everywhere and is passed over.
    """
    tree = tree_of(source)
    if tree is None:
        return ()
    names = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _is_set(node.value, frozenset())
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    names -= {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and not _is_set(node.value, frozenset())
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    calm = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called_name(node) in _IN_ORDER
        for argument in node.args
    }
    return tuple(dict.fromkeys(_walks(tree, frozenset(names), calm)))


def _walks(tree: ast.AST, names: frozenset[str], calm: set[int]) -> Iterator[Spot]:
    why = "the order of a set, which differs from kernel to kernel unless PYTHONHASHSEED is fixed"
    for node in ast.walk(tree):
        if isinstance(node, (ast.For, ast.AsyncFor)) and _is_set(node.iter, names):
            yield Spot(node.lineno, f"for ... in {ast.unparse(node.iter)}", why)
        elif isinstance(node, (ast.ListComp, ast.DictComp, ast.GeneratorExp)) and id(node) not in calm:
            yield from (
                Spot(node.lineno, ast.unparse(node), why)
                for part in node.generators
                if _is_set(part.iter, names)
            )
        elif (
            isinstance(node, ast.Call)
            and called_name(node) in _KEEP_ORDER
            and id(node) not in calm
            and any(_is_set(argument, names) for argument in node.args)
        ):
            yield Spot(node.lineno, spelled(node), why)


def _is_set(expression: ast.expr, names: frozenset[str]) -> bool:
    if isinstance(expression, ast.Name):
        return expression.id in names
    if isinstance(expression, ast.Set):
        return not all(_is_number(each) for each in expression.elts)
    if isinstance(expression, ast.SetComp):
        return True
    if isinstance(expression, ast.BinOp) and isinstance(
        expression.op, (ast.BitAnd, ast.BitOr, ast.Sub, ast.BitXor)
    ):
        return _is_set(expression.left, names) or _is_set(expression.right, names)
    return (
        isinstance(expression, ast.Call)
        and called_name(expression) in ("set", "frozenset")
        and bool(expression.args)
        and not _is_range(expression.args[0])
    )


def _is_range(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Call) and called_name(expression) == "range"


def tree_of(source: str) -> ast.Module | None:
    """Return the tree, magics and shell lines left out at their places; None if it is no Python even so."""
    plain = "\n".join(map(_without_magic, source.split("\n")))
    try:
        return ast.parse(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _without_magic(line: str) -> str:
    rest = line.lstrip()
    if rest.startswith("%%"):
        return ""
    return f"{line[: len(line) - len(rest)]}pass" if rest.startswith(("%", "!", "?")) else line
