"""Which process settings a cell's results may hang on, and which ones its source may set.

A setting has names that hint at it: its library, its functions. A cell is sensitive to it if its source, the
functions that it reaches, or the types of the values that it reads carry one of them.
"""

from __future__ import annotations

import ast
import functools
import re
from typing import TYPE_CHECKING, Any

from .roots import dotted
from .variables import variables_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

__all__ = [
    "ENVIRONMENT",
    "by_name",
    "holders_of",
    "is_among",
    "may_set",
    "roots_of",
    "sensitive_to",
    "set_outright",
    "shows_results",
    "words_of",
]

ENVIRONMENT = "env"
"""The key of the hints for variables of the environment, which have no name before they are set."""

_WORD = re.compile(r"[A-Za-z_]\w*")
_IMPORT = re.compile(r"^[ \t]*(?:import\b|from\s+[\w.]+\s+import\b)[^\n(;]*(?:\([^()]*\))?", re.MULTILINE)
_SETS = re.compile(
    r"^(re)?set|^rc|^(ch|push|pop)d$|^(chdir|cd|env|environb?|path|options|style|rcParams|addsitedir|tzset)$"
    r"|_env$|filter|putenv|unsetenv|^use_|_(theme|palette|context|options?)$|errstate|printoptions|backends"
)
_OUTRIGHT = re.compile(
    r"""^[ \t]*os\.environ\[(?P<quote>['"])(?P<assigned>\w+)(?P=quote)\][ \t]*=(?!=)"""
    r"""|^[ \t]*get_ipython\(\)\.run_line_magic\('env', '(?P<magic>\w+)=[^'\\{$]*'\)""",
    re.MULTILINE,
)
"""A variable of the environment is set, whatever it was before."""
_PRECISION = re.compile(r"run_line_magic\('precision', '[\w%.]+'\)")
_OF_PRECISION = frozenset(("setting:ipython.display", "setting:numpy.printoptions"))
_ALWAYS = frozenset(("setting:warnings.filters",))
"""Whatever is called may warn."""
_BY_FILES = frozenset(("setting:cwd",))
_BY_RESULTS = frozenset(("setting:ipython.display",))
_SHOWS_OTHERWISE = re.compile(
    r"run_line_magic\('(?:precision|pprint|config', 'InteractiveShell|config', 'PlainText)"
)


@functools.lru_cache(maxsize=4096)
def words_of(source: str) -> frozenset[str]:
    """Return every word of a source that could be a name, those in strings and magics as well.

    What is only imported is not used yet, and is left out; so is what is only set outright.
    """
    return frozenset(_WORD.findall(_PRECISION.sub("", _OUTRIGHT.sub("", _IMPORT.sub("", source)))))


@functools.lru_cache(maxsize=4096)
def set_outright(code: str) -> frozenset[str]:
    """Return the settings that a source in plain Python sets without asking what they were."""
    found = {f"env:{each['assigned'] or each['magic']}" for each in _OUTRIGHT.finditer(code)}
    return frozenset(found | _OF_PRECISION if _PRECISION.search(code) else found)


def roots_of(values: Iterable[Any]) -> frozenset[str]:
    """Return the top-level packages that define the types of the values, or are the values."""
    found = set()
    for value in values:
        kind = type(value)
        module = type.__getattribute__(kind, "__module__")
        if kind.__name__ == "module":
            module = getattr(value, "__name__", "")
        if type(module) is str:
            found.add(module.partition(".")[0])
    return frozenset(found)


def holders_of(resource: str) -> tuple[str, ...]:
    """Return the modules in which the setting is kept: assigning to it there changes no other module state."""
    if resource == ENVIRONMENT or resource.startswith("env:") or resource == "setting:cwd":
        return ("os",)
    return (resource.partition(":")[2].partition(".")[0],)


def sensitive_to(
    hints: Mapping[str, frozenset[str]],
    words: frozenset[str],
    *,
    calls: bool,
    files: bool,
    results: bool,
) -> tuple[str, ...]:
    """Return the settings that a cell run may hang on.

    Args:
        hints: Setting -> names that hint at it.
        words: The words of the cell, of what it reaches, and of the types that it reads.
        calls: Something is called.
        files: Files were opened.
        results: A result may be shown.
    """
    found = [resource for resource, names in hints.items() if not names.isdisjoint(words)]
    if calls:
        found.extend(_ALWAYS & hints.keys())
    if files:
        found.extend(_BY_FILES & hints.keys())
    if results:
        found.extend(_BY_RESULTS & hints.keys())
    return tuple(sorted(set(found)))


@functools.lru_cache(maxsize=4096)
def shows_results(code: str) -> bool:
    """Tell whether an expression stands by itself in a source in plain Python: the shell may show its value."""
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(isinstance(each, ast.Expr) and not _shows_nothing(each.value) for each in body)


def _shows_nothing(value: ast.expr) -> bool:
    """Tell whether the expression is a call of ``print`` or of a magic, which show what they want."""
    if not isinstance(value, ast.Call):
        return False
    name = value.func.attr if isinstance(value.func, ast.Attribute) else dotted(value.func)
    return name in {"print", "display", "run_line_magic"}


def is_among(resource: str, hinted: Collection[str]) -> bool:
    """Tell whether a setting is hinted at, be it by name or as one of all variables of the environment."""
    if resource in hinted:
        return True
    if resource == ENVIRONMENT:
        return any(each.startswith("env:") for each in hinted)
    return resource.startswith("env:") and ENVIRONMENT in hinted


def by_name(
    sensitive: tuple[str, ...], hints: Mapping[str, frozenset[str]], code: str, elsewhere: frozenset[str]
) -> tuple[str, ...]:
    """Put single variables in the place of the whole environment, where the source names those that it reads.

    Args:
        sensitive: What :func:`sensitive_to` returned.
        hints: Setting -> names that hint at it.
        code: The source in plain Python.
        elsewhere: The words of what it reaches, and of the types that it reads.
    """
    if ENVIRONMENT not in sensitive or not hints[ENVIRONMENT].isdisjoint(elsewhere):
        return sensitive
    named = variables_in(code)
    if named is None:
        return sensitive
    return tuple(sorted({*sensitive, *named.read} - {ENVIRONMENT}))


def may_set(hints: Mapping[str, frozenset[str]], source: str, code: str) -> tuple[str, ...]:
    """Return the settings that a source names together with something that sets them.

    Args:
        hints: Setting -> names that hint at it.
        source: The source.
        code: The same in plain Python.
    """
    found = _named_with_a_setter(hints, source)
    if _SHOWS_OTHERWISE.search(code):
        found = tuple(sorted({*found, *(_BY_RESULTS & hints.keys())}))
    named = variables_in(code) if ENVIRONMENT in found else None
    return found if named is None else tuple(sorted({*found, *named.set} - {ENVIRONMENT}))


def _named_with_a_setter(hints: Mapping[str, frozenset[str]], source: str) -> tuple[str, ...]:
    words = _WORD.findall(_IMPORT.sub("", source))
    return tuple(
        sorted(
            resource
            for resource, names in hints.items()
            if any(name in words for name in names if _SETS.search(name))
        )
    )
