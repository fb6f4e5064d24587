"""What a source may read, bind and change in place, by its text alone.

Names are the global names of the cell. One pass over the syntax tree keeps what is surely bound so far; a
read of a name that is not surely bound yet is a read of what an earlier cell left (an upward-exposed read,
Aho, Lam, Sethi, Ullman, "Compilers", 2006, section 9.2).
"""

from __future__ import annotations

import ast
import collections
import functools
import warnings
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from .outside import star_names
from .scan import Scan
from .unrepeatable import Called  # noqa: TC001 - part of a record

if TYPE_CHECKING:
    from .scope import Found

__all__ = ["Names", "Stars", "analyse", "analyse_here"]


class Defined(NamedTuple):
    """A function or class by its text."""

    name: str
    changes: frozenset[str]
    """Globals that a use may change."""
    uses: frozenset[str]
    """Globals that it may read or call."""
    calls: frozenset[str]
    """Of these, what it calls by name."""


class Names(msgspec.Struct, frozen=True):
    """The names of one source."""

    reads: frozenset[str] = frozenset()
    """May be read before the source has surely bound them."""
    writes: frozenset[str] = frozenset()
    """Bound surely or possibly."""
    maybe_writes: frozenset[str] = frozenset()
    """Of these, bound only under a condition, in a loop, in a ``try``, or by a function that may be called."""
    deletes: frozenset[str] = frozenset()
    mutates: frozenset[str] = frozenset()
    """Surely changed in place: ``x[0] = 1``, ``x.a = 1``, ``del x[0]``."""
    may_mutate: frozenset[str] = frozenset()
    """Perhaps changed in place: a method was called on them, or they were passed to a call."""
    iterates: frozenset[str] = frozenset()
    """Read item by item, which uses up an iterator."""
    calls: frozenset[str] = frozenset()
    """Names that are called, or whose attributes are."""
    has_calls: bool = False
    """Something is called that might draw random numbers."""
    branching: bool = False
    """Under a condition or in a loop, so that other inputs may call it more often or never."""
    conditional: bool = False
    """Something stands under a condition or in a loop, be it only an operator or an attribute."""
    repeats: bool = False
    """``%timeit`` runs some of it as often as time allows."""
    rng_state: bool = False
    """Reads the state of a generator, or puts one back, without a trace."""
    opaque: tuple[str, ...] = ()
    """Why the source cannot be seen through, in words; empty if it can."""
    unrepeatable: tuple[str, ...] = ()
    """What gives something else each time, in words: clocks, the system's entropy."""
    called: frozenset[Called] = frozenset()
    """Calls of which the objects in the namespace tell whether they give something else each time."""
    stars: tuple[str, ...] = ()
    """Modules of which all names are bound, known or not."""
    imports: frozenset[tuple[str, str]] = frozenset()
    """Names bound by imports, with the full name of the module or of what is taken from it."""
    imported: frozenset[tuple[str, str]] = frozenset()
    """Of these, names that are surely bound, and by one import only, with the full name of what they are."""
    asked: frozenset[str] = frozenset()
    """Paths, as expressions, of which it asks whether something is there."""
    ensured: frozenset[str] = frozenset()
    """Paths, as expressions, at which it makes a folder if there is none."""
    history: frozenset[str] = frozenset()
    """``_``, ``Out`` and the like: what they mean depends on the order of runs."""
    later_history: frozenset[str] = frozenset()
    """Of these, what its functions read, whenever they are called."""
    past: frozenset[str] | None = frozenset()
    """The resources behind them, see :mod:`.history_uses`; None: the text does not tell."""
    shows: Literal["surely", "perhaps", "nothing"] = "nothing"
    """Whether its last statement is an expression whose value the shell keeps as ``_``; what a call returns may be None."""
    functions: tuple[Defined, ...] = ()
    """Functions and classes that it defines."""
    compiles: bool = True


_MAYBE_NONE = (ast.Call, ast.Await, ast.Name, ast.Attribute, ast.Subscript)

Stars = tuple[tuple[str, frozenset[str]], ...]
"""Modules, with the names that ``from module import *`` binds."""


def analyse_here(source: str) -> Names:
    """Return the names of a source, with what star imports bind as far as their modules are imported."""
    names = analyse(source)
    if not names.stars:
        return names
    bound = ((module, star_names(module)) for module in names.stars)
    return analyse(source, tuple((module, found) for module, found in bound if found is not None))


@functools.lru_cache(maxsize=4096)
def analyse(source: str, stars: Stars = ()) -> Names:
    """Return the names of a source in plain Python, after IPython's transformations.

    A source that does not compile has no names and ``compiles`` False.

    Args:
        source: The text.
        stars: What star imports bind, where it is known; others cannot be seen through.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Names(compiles=False)
    scan = Scan(analyse=analyse, stars=stars)
    scan.module(tree)
    found = scan.found
    _ask_of_what_may_change(found, scan.bound, tree)
    return Names(
        reads=frozenset(found.reads),
        writes=frozenset(found.writes),
        maybe_writes=frozenset(found.writes - scan.bound),
        deletes=frozenset(found.deletes),
        mutates=frozenset(found.mutates),
        may_mutate=frozenset(found.may_mutate),
        iterates=frozenset(found.iterates),
        calls=frozenset(found.calls),
        has_calls=found.has_calls,
        branching=found.branching,
        conditional=found.conditional,
        repeats=found.repeats,
        rng_state=found.rng_state,
        opaque=tuple(dict.fromkeys(found.opaque)),
        unrepeatable=tuple(dict.fromkeys(found.unrepeatable)),
        called=frozenset(found.called),
        stars=tuple(dict.fromkeys(found.stars)),
        imports=frozenset(found.imports),
        imported=_only_imported(found, scan.bound),
        asked=frozenset(found.asked),
        ensured=frozenset(found.ensured),
        history=frozenset(found.history),
        later_history=frozenset(found.later_history),
        past=_past(found, tree),
        shows=_shows(tree),
        functions=tuple(
            Defined(
                name,
                frozenset(body.writes | body.deletes | body.mutates | body.may_mutate | body.iterates),
                frozenset(body.reads),
                frozenset(body.calls),
            )
            for name, bodies in scan.bodies.items()
            for body in bodies
        ),
    )


def _past(found: Found, tree: ast.Module) -> frozenset[str] | None:
    if not found.history:
        return frozenset()
    if found.later_history:
        return None
    from .history_uses import history_uses

    return history_uses(tree, frozenset(found.history))


def _shows(tree: ast.Module) -> Literal["surely", "perhaps", "nothing"]:
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        return "nothing"
    return "perhaps" if any(isinstance(node, _MAYBE_NONE) for node in ast.walk(last)) else "surely"


def _ask_of_what_may_change(found: Found, surely: set[str], tree: ast.Module) -> None:
    """A path that is not the same from the question to the end of the cell cannot be worked out there."""
    if not found.asked and not found.ensured:
        return
    stored = collections.Counter(
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    )
    moves = any(isinstance(node, ast.Attribute) and node.attr == "chdir" for node in ast.walk(tree)) or any(
        isinstance(node, ast.Constant) and node.value in ("cd", "pushd", "popd") for node in ast.walk(tree)
    )
    for path in sorted(found.asked | found.ensured):
        names = {node.id for node in ast.walk(ast.parse(path)) if isinstance(node, ast.Name)} & found.writes
        if moves or any(stored[name] > 1 or name not in surely for name in names):
            found.asked.discard(path)
            found.ensured.discard(path)
            found.unrepeatable.append(f"it asks what files are there (`{path}`)")


def _only_imported(found: Found, surely: set[str]) -> frozenset[tuple[str, str]]:
    several = collections.Counter(name for name, _ in found.imported)
    never = found.assigned | found.deletes
    return frozenset(
        (name, full)
        for name, full in found.imported
        if name in surely and name not in never and several[name] == 1
    )
