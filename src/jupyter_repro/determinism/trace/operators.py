"""What torch's schemas say of an operation: what it writes, whether it draws, whether it only looks."""

from __future__ import annotations

import sys
from typing import Any

import msgspec

__all__ = ["Operator", "operator_of"]

_NOTHING_WRITTEN_YET = frozenset(
    ("empty", "empty_like", "empty_permuted", "empty_quantized", "empty_strided", "new_empty", "new_empty_strided",
     "resize", "resize_", "resize_as_")
)  # fmt: skip
"""Operations whose result is whatever stood in the memory."""
_FILL_WHOLE = frozenset(
    ("bernoulli_", "cauchy_", "copy_", "exponential_", "fill_", "geometric_", "log_normal_", "normal_", "random_",
     "uniform_", "zero_")
)  # fmt: skip
"""Operations that write into their first argument without reading it."""
_ONLY_LOOK = frozenset(("_unsafe_view", "_reshape_alias", "set_"))
_BOOKKEEPING = frozenset(("alias", "detach", "lift_fresh"))
"""Operations that torch puts in by itself, in each version at other places."""
_SCRATCH = {
    "_cudnn_rnn": (3, 4),
    "_scaled_dot_product_cudnn_attention": (6, 7, 8),
    "_scaled_dot_product_efficient_attention": (2, 3),
    "_scaled_dot_product_flash_attention": (6, 7, 8),
    "cudnn_batch_norm": (3,),
    "miopen_rnn": (3, 4),
    "mkldnn_rnn_layer": (3,),
}
"""Results that are notes of the kernel to its own backward: they need not be filled, nor be the same."""
_NOT_OPERATIONS = frozenset(("profiler", "debugprims", "_debug_has_internal_overlap"))


class Operator(msgspec.Struct, frozen=True):
    """One overload of an operation."""

    name: str
    """``addmm``, or ``add.out`` where the overload is not the ordinary one."""
    counts: bool
    """It computes something, and is not the profiler's."""
    looks: bool
    """It returns another view of the same memory and reads no content."""
    draws: bool
    raw: bool
    """It returns memory that nobody has written yet."""
    scratch: tuple[int, ...]
    """Positions of results that are notes of the kernel to itself."""
    written: tuple[int | str, ...]
    """Positions and keywords of the arguments that it writes into."""
    unread: tuple[int | str, ...]
    """Those of them whose former content it does not read."""


def operator_of(func: Any) -> Operator:
    """Return what is known of an overload of torch's."""
    schema = getattr(func, "_schema", None)
    spelled = getattr(func, "_overloadname", "")
    space, _, base = str(getattr(schema, "name", func)).rpartition("::")
    name = base + ("" if spelled in ("", "default") else f".{spelled}")
    written: list[int | str] = []
    unread: list[int | str] = []
    for position, argument in enumerate(schema.arguments if schema is not None else ()):
        if argument.alias_info is None or not argument.alias_info.is_write:
            continue
        key = argument.name if argument.kwarg_only else position
        written.append(key)
        if argument.is_out or (base in _FILL_WHOLE and position == 0):
            unread.append(key)
    tag = sys.modules["torch"].Tag.nondeterministic_seeded
    return Operator(
        name=name if space in ("aten", "") else f"{space}::{name}",
        counts=space not in _NOT_OPERATIONS and base not in _BOOKKEEPING,
        looks=base in _ONLY_LOOK or (bool(getattr(func, "is_view", False)) and not written),
        draws=tag in getattr(func, "tags", ()),
        raw=base in _NOTHING_WRITTEN_YET,
        scratch=_SCRATCH.get(base, ()),
        written=tuple(written),
        unread=tuple(unread),
    )
