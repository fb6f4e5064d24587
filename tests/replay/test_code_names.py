"""The analysis of texts against what Python compiles of them, over the standard library."""

from __future__ import annotations

import dis
import inspect
import sysconfig
import types
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.replay.names import analyse

if TYPE_CHECKING:
    from collections.abc import Iterator

LIBRARY = Path(sysconfig.get_paths()["stdlib"])
MODULES = (
    "argparse", "ast", "bdb", "calendar", "cmd", "collections/__init__", "configparser", "contextlib", "copy", "csv",
    "ctypes/__init__", "dataclasses", "datetime", "decimal", "difflib", "dis", "enum", "fractions", "functools",
    "heapq", "inspect", "ipaddress", "json/decoder", "locale", "logging/__init__", "mailbox", "optparse", "os",
    "pathlib", "pdb", "pickle", "pickletools", "platform", "random", "shutil", "socket", "statistics", "string",
    "subprocess", "tarfile", "tempfile", "textwrap", "threading", "tokenize", "traceback", "types", "typing",
    "unittest/mock", "uuid", "weakref", "zipfile",
)  # fmt: skip
OWN = frozenset(
    (
        "__annotations__", "__build_class__", "__class__", "__classcell__", "__classdict__", "__debug__", "__doc__",
        "__firstlineno__", "__module__", "__name__", "__qualname__", "__static_attributes__", "__type_params__",
        ".defaults", ".generic_base", ".kwdefaults", ".type_params", "AssertionError",
    )
)  # fmt: skip
"""Names that Python reads and binds of itself."""
LOOKED_INTO = frozenset(("eval", "exec", "globals", "id", "locals", "vars"))
"""Builtins whose calls are told by what they do."""


def sources() -> list[Path]:
    """Return the modules that this release has."""
    return [path for name in MODULES if (path := LIBRARY / f"{name}.py").is_file()]


def nested(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from nested(constant)


def compiled(source: str) -> tuple[set[str], set[str]]:
    """Return the global names that the compiled code reads, and those that it binds or deletes."""
    reads: set[str] = set()
    binds: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = compile(source, "<module>", "exec")
    for code in nested(whole):
        of_class: set[str] = set()
        in_class = code is not whole and not code.co_flags & inspect.CO_OPTIMIZED
        for instruction in dis.get_instructions(code):
            operation, name = instruction.opname, instruction.argval
            if operation == "LOAD_GLOBAL" or (
                operation in ("LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS") and name not in of_class
            ):
                reads.add(name)
            elif operation in ("STORE_GLOBAL", "DELETE_GLOBAL"):
                binds.add(name)
            elif operation in ("STORE_NAME", "DELETE_NAME"):
                (of_class if in_class else binds).add(name)
    return reads - OWN, binds - OWN


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.stem)
def test_names_are_scoped_as_the_compiler_scopes_them(path: Path) -> None:
    """No name that the code reads or binds is missing, and none is added that it never does."""
    source = path.read_text(encoding="utf-8")
    names = analyse(source)
    reads, binds = compiled(source)
    used = {name for each in names.functions for name in each.uses}
    changed = {name for each in names.functions for name in each.changes}
    assert reads - names.reads - names.writes - names.history - used - LOOKED_INTO == set()
    assert binds - names.writes - names.deletes - changed == set()
    assert names.writes - binds - OWN == set()
    if not names.opaque:
        assert names.reads - reads - OWN == set()
