"""Which variables of the environment a source reads and sets, where it names each of them."""

from __future__ import annotations

import ast
import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from .roots import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Variables", "variables_in"]

_WORD = re.compile(r"[A-Za-z_]\w*")
_SET = re.compile(r"(\w+)=[^{$]*")
_WORDS = frozenset(("environ", "environb", "getenv", "getenvb", "putenv", "unsetenv", "env", "set_env"))
_ASKS = frozenset(("os.environ.get", "os.getenv"))
_CHANGES = frozenset(("os.environ.pop", "os.environ.setdefault"))
_APART = frozenset(
    f"os.{name}"
    for name in (
        "chdir", "cpu_count", "getcwd", "getpid", "linesep", "listdir", "makedirs", "mkdir", "name", "remove", "rename",
        "rmdir", "scandir", "sep", "stat", "unlink", "walk",
        *(
            f"path.{name}"
            for name in (
                "abspath", "basename", "dirname", "exists", "getmtime", "getsize", "isabs", "isdir", "isfile", "islink",
                "join", "normpath", "realpath", "relpath", "sep", "split", "splitext",
            )
        ),
    )
)  # fmt: skip
"""They ask the environment nothing."""


class Variables(NamedTuple):
    """Resources ``env:X``."""

    read: frozenset[str]
    """Of these it asks what they are; one that is only set is not among them."""
    set: frozenset[str]


@functools.lru_cache(maxsize=4096)
def variables_in(code: str) -> Variables | None:
    """Return the variables that a source in plain Python names; None if it may read or set any.

    Only what the source itself does counts, not what it calls.
    """
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    read: set[str] = set()
    changed: set[str] = set()
    settled: set[ast.AST] = set()
    for node in ast.walk(tree):
        if node in settled:
            continue
        use = _use_of(node)
        if use is not None:
            read |= use.read
            changed |= use.set
            settled.update(_below(node))
        elif _may_use(node):
            return None
    return Variables(frozenset(read), frozenset(changed))


_NOTHING = Variables(frozenset(), frozenset())


def _use_of(node: ast.AST) -> Variables | None:
    """Return the variables that one use of ``os`` names; None if it is no such use."""
    if isinstance(node, ast.Call):
        return _use_in_call(node)
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript):
        return _named(node.target.slice, reads=True, sets=True) if _is_environ(node.target.value) else None
    if isinstance(node, ast.Subscript) and _is_environ(node.value):
        sets = not isinstance(node.ctx, ast.Load)
        return _named(node.slice, reads=not isinstance(node.ctx, ast.Store), sets=sets)
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], (ast.In, ast.NotIn)):
        return _named(node.left, reads=True) if _is_environ(node.comparators[0]) else None
    return _NOTHING if isinstance(node, ast.Attribute) and dotted(node) in _APART else None


def _use_in_call(call: ast.Call) -> Variables | None:
    called = dotted(call.func)
    if call.args and called in _ASKS | _CHANGES:
        return _named(call.args[0], reads=True, sets=called in _CHANGES)
    if isinstance(call.func, ast.Attribute) and call.func.attr == "run_line_magic" and len(call.args) > 1:
        # `%env X=text`, as IPython writes it
        found = _SET.fullmatch(_text(call.args[1])) if _text(call.args[0]) == "env" else None
        return None if found is None else Variables(frozenset(), frozenset((f"env:{found[1]}",)))
    return None


def _named(key: ast.expr, *, reads: bool, sets: bool = False) -> Variables | None:
    name = _text(key)
    one = frozenset((f"env:{name}",))
    return Variables(one if reads else frozenset(), one if sets else frozenset()) if name else None


def _is_environ(node: ast.expr) -> bool:
    return dotted(node) == "os.environ"


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and type(node.value) is str else ""


def _below(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what needs no look of its own any more: values that are compared, assigned or passed do."""
    if isinstance(node, ast.Call):
        yield from ast.walk(node.func)
        yield from node.args[:2] if _text(node.args[0]) == "env" else node.args[:1]
    elif isinstance(node, ast.Compare):
        yield from ast.walk(node.comparators[0])
    elif isinstance(node, ast.AugAssign):
        yield from ast.walk(node.target)
    elif isinstance(node, (ast.Attribute, ast.Subscript)):
        yield from ast.walk(node.value)


def _may_use(node: ast.AST) -> bool:
    """Tell whether the environment may be used here in a way that names nothing."""
    if isinstance(node, ast.Name):
        return node.id == "os" or node.id in _WORDS
    if isinstance(node, ast.Attribute):
        return node.attr in _WORDS
    if isinstance(node, ast.ImportFrom):
        return node.module == "os"
    if isinstance(node, ast.Import):
        return any(alias.name.split(".")[0] == "os" and alias.asname for alias in node.names)
    return isinstance(node, ast.Constant) and not _WORDS.isdisjoint(_WORD.findall(_text(node)))
