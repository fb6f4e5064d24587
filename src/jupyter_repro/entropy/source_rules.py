"""What the source of a cell says of seeds that differ from kernel to kernel."""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING, NamedTuple

from .calls import called_name, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Spot", "is_number", "shifting_seeds", "tree_of"]

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
        if name == "hash" and node.args and not is_number(node.args[0]):
            return "hash() of a text, which differs from kernel to kernel unless PYTHONHASHSEED is fixed"
        if name in _CLOCK:
            return "the clock"
        if name in _PROCESS:
            return "what is this process's own"
        if name in _SYSTEM:
            return "the system's entropy"
    return ""


def is_number(expression: ast.expr) -> bool:
    """Tell whether an expression is a number that is written out."""
    return isinstance(expression, ast.Constant) and isinstance(expression.value, (int, float, complex))


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
