"""Magics and shell lines inside a source, as IPython's transformer writes them."""

from __future__ import annotations

import ast
import dataclasses

__all__ = ["BODY_MAGICS", "HARMLESS", "Magic", "harmless", "magic_of"]

HARMLESS = frozenset(
    (
        "autoreload", "colors", "load_ext", "lsmagic", "matplotlib", "page", "pdoc", "pinfo", "pinfo2",
        "psearch", "psource", "pwd", "reload_ext", "repro", "unload_ext", "who", "who_ls", "whos", "xmode",
    )
)  # fmt: skip
"""Line magics that no result depends on, as far as one can see from their names."""

BODY_MAGICS = frozenset(("capture", "prun", "repro", "time", "timeit"))
"""Magics that run Python code given as text."""

_CALLS = frozenset(("getoutput", "run_cell_magic", "run_line_magic", "system"))


@dataclasses.dataclass(frozen=True)
class Magic:
    """One magic or shell line."""

    kind: str
    """``run_line_magic``, ``run_cell_magic``, ``system`` or ``getoutput``."""
    name: str
    line: str
    body: str | None
    """The code it runs, where it runs code and the text is known."""

    @property
    def spelled(self) -> str:
        """As the user wrote it, roughly."""
        if self.kind in ("system", "getoutput"):
            return "a shell command"
        return f"%%{self.name}" if self.kind == "run_cell_magic" else f"%{self.name}"


def magic_of(call: ast.Call) -> Magic | None:
    """Return the magic behind ``get_ipython().run_line_magic(...)`` and the like, or None."""
    func = call.func
    if not (isinstance(func, ast.Attribute) and func.attr in _CALLS and isinstance(func.value, ast.Call)):
        return None
    shell = func.value.func
    if not (isinstance(shell, ast.Name) and shell.id == "get_ipython"):
        return None
    texts = [
        arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None
        for arg in call.args
    ]
    if func.attr in ("system", "getoutput") or not texts or texts[0] is None:
        return Magic(func.attr, "", texts[0] or "" if texts else "", None)
    name, line = texts[0], (texts[1] if len(texts) > 1 else None) or ""
    return Magic(func.attr, name, line, _body_of(func.attr, name, line, texts[2:]))


def harmless(magic: Magic) -> bool:
    """Tell whether no result depends on the line magic."""
    return magic.name in HARMLESS or (magic.name == "config" and magic.line.startswith("InlineBackend."))


_WITH_VALUE = {"timeit": "nrp", "prun": "lsTD"}
"""Options of one letter that take a value, which may stand apart."""


def _body_of(kind: str, name: str, line: str, rest: list[str | None]) -> str | None:
    """Return the code that a magic runs; None if it runs none, or the text is not known."""
    if name not in BODY_MAGICS:
        return None
    if kind == "run_line_magic":
        return _code_of_line(name, line) if name in ("prun", "time", "timeit") else None
    body = rest[0] if rest else None
    if body is None or name not in ("prun", "timeit"):
        return body
    return f"{_code_of_line(name, line)}\n{body}"  # the line of %%timeit is its setup


def _code_of_line(name: str, line: str) -> str:
    """Return the statement of ``%time f(x)`` and ``%timeit -n 3 f(x)``."""
    words = line.split(" ")
    while words and (words[0].startswith("-") or not words[0]):
        flag = words.pop(0)
        if len(flag) == 2 and flag[1] in _WITH_VALUE.get(name, "") and words:  # noqa: PLR2004 - a dash and one letter, its value apart
            words.pop(0)
    return " ".join(words)
