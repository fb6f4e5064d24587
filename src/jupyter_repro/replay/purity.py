"""Builtins that neither keep nor change their arguments, and draw no random numbers."""

from __future__ import annotations

__all__ = ["CONSUMING_CALLS", "DRAINING_CALLS", "FUNCTION_FIRST", "PURE_CALLS"]

CONSUMING_CALLS = frozenset(
    (
        "all", "any", "bytearray", "bytes", "dict", "enumerate", "filter", "frozenset", "iter", "list", "map", "max", "min", "next",
        "reversed", "set", "sorted", "sum", "tuple", "zip",
    )
)  # fmt: skip
"""They read their arguments to the end: an iterator is used up by them."""

DRAINING_CALLS = frozenset(("enumerate", "filter", "iter", "list", "map", "next", "tuple", "zip"))
"""Of these, the ones that people give loaders and generators, which may draw as they go on."""

FUNCTION_FIRST = frozenset(("filter", "map"))
"""They call their first argument."""

PURE_CALLS = CONSUMING_CALLS | frozenset(
    (
        "abs", "ascii", "bin", "bool", "callable", "chr", "complex", "display", "divmod",
        "float", "format", "hash", "hex", "id", "int", "isinstance", "issubclass", "len", "memoryview", "object",
        "oct", "ord", "pow", "print", "range", "repr", "round", "slice", "str", "super", "type",
    )
)  # fmt: skip
