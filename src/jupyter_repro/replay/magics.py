"""Magics and shell lines inside a source, as IPython's transformer writes them."""

from __future__ import annotations

import ast
import re
import string
from typing import TYPE_CHECKING

import msgspec

from .ipython_lines import as_python
from .magic_table import Row, row_named
from .swept import sweeps, swept_function

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Magic", "magic_of", "names_in_line", "row_of"]

_SHELL_CALLS = {"getoutput": "sx", "system": "system"}
_CALLS = frozenset(("getoutput", "run_cell", "run_cell_magic", "run_line_magic", "system"))


class Magic(msgspec.Struct, frozen=True):
    """One magic or shell line."""

    kind: str
    """``run_line_magic``, ``run_cell_magic``, ``run_cell``, ``system`` or ``getoutput``."""
    name: str
    """Empty where it is not known."""
    line: str
    body: str | None
    """The code it runs, where it runs code and the text is known."""
    binds: tuple[str, ...] = ()
    reads: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    """Of these, what it calls, be it elsewhere."""

    @property
    def spelled(self) -> str:
        """As the user wrote it, roughly."""
        if self.kind in _SHELL_CALLS:
            return "!"
        return f"%%{self.name}" if self.kind == "run_cell_magic" else f"%{self.name}"


def magic_of(call: ast.Call) -> Magic | None:
    """Return the magic behind ``get_ipython().run_line_magic(...)`` and the like, or None."""
    func = call.func
    if not (isinstance(func, ast.Attribute) and func.attr in _CALLS and isinstance(func.value, ast.Call)):
        return None
    shell = func.value.func
    if not (isinstance(shell, ast.Name) and shell.id == "get_ipython"):
        return None
    texts = [_text_of(argument) for argument in call.args]
    if func.attr in _SHELL_CALLS:
        return Magic(func.attr, _SHELL_CALLS[func.attr], (texts[0] if texts else None) or "", None)
    if not texts or texts[0] is None:
        return Magic(func.attr, "", "", None)
    if func.attr == "run_cell":
        return Magic(func.attr, "run_cell", "", as_python(texts[0]))
    name, line = texts[0], (texts[1] if len(texts) > 1 else None) or ""
    return _read_options(func.attr, name, line, texts[2] if len(texts) > 2 else None)  # noqa: PLR2004 - name, line, body


def _text_of(argument: ast.expr) -> str | None:
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def row_of(magic: Magic) -> Row:
    """Return what is known of the magic."""
    return row_named(magic.name, cell=magic.kind == "run_cell_magic", line=magic.line)


def _read_options(kind: str, name: str, line: str, body: str | None) -> Magic:
    words = line.split()
    if sweeps(name, line):
        function = _identifiers([swept_function(line)]) if kind == "run_line_magic" else frozenset[str]()
        return Magic(kind, name, line, None, (), function, function)
    if kind == "run_cell_magic":
        bound = _bound_by_cell(name, words)
        return Magic(kind, name, line, _body_of_cell(name, line, body), bound)
    code = as_python(_code_of_line(name, line)) if name in ("prun", "time", "timeit") else None
    if name in ("xdel", "pinfo", "pinfo2", "pdef", "psource", "pfile"):
        return Magic(kind, name, line, code, (), _identifiers(words[-1:]))
    if name == "macro" and words:
        plain = [word for word in words if not word.startswith("-")]
        return Magic(kind, name, line, code, tuple(sorted(_identifiers(plain[:1]))))
    if name == "store" and words and not words[0].startswith("-"):
        return Magic(kind, name, line, code, (), _identifiers(words))
    if name == "repro" and words[:1] == ["checkpoint"]:
        values = [word.partition("=")[2] for word in words if "=" in word]
        return Magic(kind, name, line, code, (), _identifiers(values))
    if name == "sc":
        return Magic(
            kind, name, line, code, tuple(sorted(_identifiers([line.partition("=")[0].split(" ")[-1]])))
        )
    return Magic(kind, name, line, code)


def _identifiers(words: list[str]) -> frozenset[str]:
    return frozenset(
        top for word in words if (top := word.rstrip("?").partition(".")[0].partition("[")[0]).isidentifier()
    )


def _bound_by_cell(name: str, words: list[str]) -> tuple[str, ...]:
    """Return what ``%%capture out`` and ``%%bash --out text`` bind."""
    if name == "capture":
        return tuple(word for word in words if not word.startswith("-"))[:1]
    if row_named(name, cell=True, line="").kind != "shell":
        return ()
    found = [
        value or following
        for word, following in zip(words, [*words[1:], ""], strict=False)
        for flag, _, value in [word.partition("=")]
        if flag in ("--out", "--err", "--proc")
    ]
    return tuple(word for word in found if word.isidentifier())


def _body_of_cell(name: str, line: str, body: str | None) -> str | None:
    """Return the code that a cell magic runs in the notebook's names; None if it runs none."""
    if body is None or row_named(name, cell=True, line=line).kind != "code":
        return None
    body = as_python(body)
    if name in ("prun", "timeit", "debug"):
        return f"{_code_of_line(name, line)}\n{body}"  # the line of %%timeit is its setup
    return body


_WITH_VALUE = {"timeit": "nrpv", "prun": "lsTD", "debug": "b"}
"""Options of one letter that take a value, which may stand apart."""


def _code_of_line(name: str, line: str) -> str:
    """Return the statement of ``%time f(x)`` and ``%timeit -n 3 f(x)``."""
    words = line.split(" ")
    while words and (words[0].startswith("-") or not words[0]):
        flag = words.pop(0)
        if len(flag) == 2 and flag[1] in _WITH_VALUE.get(name, "") and words:  # noqa: PLR2004 - a dash and one letter, its value apart
            words.pop(0)
    return " ".join(words)


# -- variables in the line of a magic -------------------------------------------------------------------

_DOLLAR = re.compile(r"(?<![\\$])\$(\w+)")


def names_in_line(magic: Magic) -> Iterator[str]:
    """Yield the expressions that IPython puts into the line: ``{x + 1}`` and ``$x``."""
    if row_of(magic).kind == "code":
        return
    try:
        yield from (
            field
            for _, field, _, _ in string.Formatter().parse(magic.line)
            if field and _is_expression(field)
        )
    except ValueError:
        return  # IPython leaves a line alone whose braces do not pair
    yield from (name for name in _DOLLAR.findall(magic.line) if name.isidentifier())


def _is_expression(text: str) -> bool:
    try:
        compile(text.strip(), "<line>", "eval")
    except (SyntaxError, ValueError):
        return False
    return True
