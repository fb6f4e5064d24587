"""Objects that ``copy.deepcopy`` would share or copy in part, copied whole."""

from __future__ import annotations

import copy
import functools
import types
import weakref
from typing import TYPE_CHECKING, Any

from .arrays import copied_together
from .reach import Apart

if TYPE_CHECKING:
    from .reach import Reached

__all__ = ["add_gradients", "copy_specially"]


def copy_specially(found: Reached, memo: dict[int, Any]) -> list[Apart]:
    """Put copies of such objects into the memory of what was copied; return those that could not be.

    Args:
        found: What the names lead to.
        memo: As ``copy.deepcopy`` keeps it.
    """
    memo.update(copied_together(found.arrays))
    memo.update({id(each): _with_empty_cache(each) for each in found.cached})
    twins = [object.__new__(type(each)) for each in found.optimizers]
    memo.update({id(each): twin for each, twin in zip(found.optimizers, twins, strict=True)})
    apart = []
    for name, value in found.bound:
        try:
            memo[id(value)] = _bound_anew(value, memo)
        except Exception as error:  # noqa: BLE001, PERF203 - the user's classes and libraries may raise anything
            memo[id(value)] = value
            why = f"it belongs to what cannot be copied: {type(error).__name__}"
            apart.append(Apart(name, why, value=value, moves=True))
    for each, twin in zip(found.optimizers, twins, strict=True):
        _fill_optimizer(each, twin, memo)
    return apart


def add_gradients(found: Reached, memo: dict[int, Any]) -> None:
    """Give the copies of parameters the gradients that torch leaves out, once they are copied."""
    for each in found.gradients:
        twin = memo.get(id(each))
        if twin is not None and twin is not each and twin.grad is None:
            twin.grad = copy.deepcopy(each.grad, memo)


def _with_empty_cache(function: Any) -> Any:
    """Return the function under a cache of its own: what is in the other one cannot be read."""
    made = functools.lru_cache(**function.cache_parameters())(function.__wrapped__)
    made.__dict__.update(function.__dict__)
    return made


def _bound_anew(value: Any, memo: dict[int, Any]) -> Any:
    """Return the same method of, or reference to, the copy of what it belongs to."""
    if type(value) is weakref.ref:
        return weakref.ref(copy.deepcopy(value(), memo))
    return getattr(copy.deepcopy(value.__self__, memo), value.__name__)


def _fill_optimizer(former: Any, twin: Any, memo: dict[int, Any]) -> None:
    """Copy every attribute: torch's own way to copy leaves out what a scheduler has put on an optimizer."""
    for name, value in vars(former).items():
        if type(value) is types.FunctionType:
            twin.__dict__[name] = _wrapped_anew(value, former, twin)
        else:
            twin.__dict__[name] = copy.deepcopy(value, memo)


def _wrapped_anew(function: Any, former: Any, twin: Any) -> Any:
    """Return a function that a scheduler has wrapped around ``step``, with the copy in the place of the original."""
    cells = tuple(
        types.CellType(weakref.ref(twin)) if _leads_to(cell, former) else cell
        for cell in function.__closure__ or ()
    )
    made = types.FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__, cells or None
    )
    made.__kwdefaults__ = function.__kwdefaults__
    made.__dict__.update(function.__dict__)
    return made


def _leads_to(cell: Any, value: Any) -> bool:
    held = cell.cell_contents
    return isinstance(held, weakref.ref) and held() is value
