"""What compiled code reads, binds and calls by name, with the functions inside it."""

from __future__ import annotations

import dis
import types
import weakref
from typing import TYPE_CHECKING

import msgspec

from .outside import READ_BY_NAME, REFLECTION, STATE_ATTRIBUTES
from .unrepeatable import Called, is_telling

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CodeNames", "names_of"]


class CodeNames(msgspec.Struct, frozen=True):
    """The names of one code object."""

    reads: frozenset[str]
    binds: frozenset[str]
    calls: bool
    """It calls something."""
    branching: bool
    """It calls something, and has a condition or loop."""
    rng_state: bool
    opaque: tuple[str, ...]
    called: tuple[Called, ...]
    """Calls of which the objects behind the names tell whether they give something else each time."""


_known: weakref.WeakKeyDictionary[types.CodeType, CodeNames] = weakref.WeakKeyDictionary()


def names_of(code: types.CodeType) -> CodeNames:
    """Return what a function with this code may use; remembered as long as the code lives."""
    found = _known.get(code)
    if found is None:
        found = _known[code] = _look_into(code)
    return found


class _Reader:
    """Goes through the instructions of a code object and of those inside it."""

    def __init__(self) -> None:
        self.reads: set[str] = set()
        self.binds: set[str] = set()
        self.attributes: set[str] = set()
        self.called: dict[Called, None] = {}
        self.imports_main = False
        self.jumps = False
        self.calls = False

    def read(self, code: types.CodeType) -> None:
        """Take in one code object."""
        dotted, none = "", False
        for instruction in dis.get_instructions(code):
            name = instruction.opname
            if name in _LOADS:
                dotted = instruction.argval
                self.reads.add(dotted)
            elif name in _ATTRIBUTES:
                self.attributes.add(instruction.argval)
                dotted = f"{dotted}.{instruction.argval}"
            elif name == "IMPORT_NAME" and instruction.argval == "__main__":
                self.imports_main = True
            elif name in ("STORE_GLOBAL", "DELETE_GLOBAL"):
                self.binds.add(instruction.argval)
            elif dotted and name in ("LOAD_CONST", "KW_NAMES") and instruction.argval in (None, ("seed",)):
                none = True  # perhaps `seed(None)`
            elif name not in _BETWEEN:
                self._use(dotted, instruction, none=none)
                dotted, none = "", False
                self.jumps = self.jumps or "JUMP" in name or name == "FOR_ITER"
                self.calls = self.calls or name.startswith(_RUNNING)

    def _use(self, dotted: str, instruction: dis.Instruction, *, none: bool) -> None:
        if not is_telling(dotted) and dotted != "id":
            return
        arguments = 1
        if instruction.opname.startswith(("CALL", "PRECALL")) and instruction.opname != "CALL_FUNCTION_EX":
            arguments = int(instruction.arg or 0)
        self.called[Called(dotted, arguments, none)] = None


_LOADS = frozenset(("LOAD_FROM_DICT_OR_GLOBALS", "LOAD_GLOBAL", "LOAD_NAME"))
_ATTRIBUTES = frozenset(("LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR"))
_BETWEEN = frozenset(("CACHE", "EXTENDED_ARG", "NOP", "PUSH_NULL", "RESUME"))
_RUNNING = ("BINARY_", "CALL", "FOR_ITER", "INPLACE_", "SEND", "YIELD_FROM")
"""Beginnings of instructions that may run code of the objects they work on."""


def _look_into(code: types.CodeType) -> CodeNames:
    reader = _Reader()
    constants: set[object] = set()
    for part in _nested(code):
        reader.read(part)
        constants |= {constant for constant in part.co_consts if type(constant) is str}
    return CodeNames(
        reads=frozenset(reader.reads),
        binds=frozenset(reader.binds),
        calls=reader.calls,
        branching=reader.jumps and reader.calls,
        rng_state=bool(reader.attributes & STATE_ATTRIBUTES),
        opaque=tuple(_hidden(reader, constants)),
        called=tuple(reader.called),
    )


def _hidden(reader: _Reader, constants: set[object]) -> Iterator[str]:
    """Yield the ways in which the code reaches names that it does not spell."""
    # in a function, `locals()` holds only what is local
    for name in sorted(reader.reads & READ_BY_NAME - {"locals"}):
        yield f"`{name}`"
    for name in sorted(reader.attributes & REFLECTION):
        yield f"`{name}`"
    if reader.imports_main or ("__main__" in constants and "__name__" not in reader.reads):
        yield "`__main__`"
    if "__name__" in reader.reads and "modules" in reader.attributes:
        yield "`sys.modules` by a computed name"
    if "get_ipython" in reader.reads and "__class__" not in reader.attributes:
        yield "`get_ipython()`"


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if type(constant) is types.CodeType:
            yield from _nested(constant)
