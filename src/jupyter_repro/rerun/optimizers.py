"""torch's optimizers, copied whole: their own way to copy leaves out what a scheduler has put on them."""

from __future__ import annotations

import copy
import types
import weakref
from typing import Any

__all__ = ["copy_optimizers"]


def copy_optimizers(optimizers: list[Any], memo: dict[int, Any]) -> None:
    """Put a copy of each optimizer into the memory of what was copied.

    Args:
        optimizers: The originals.
        memo: As ``copy.deepcopy`` keeps it; parameters are copied once, for the models too.
    """
    twins = [object.__new__(type(each)) for each in optimizers]
    memo.update({id(each): twin for each, twin in zip(optimizers, twins, strict=True)})
    for each, twin in zip(optimizers, twins, strict=True):
        for name, value in vars(each).items():
            if type(value) is types.FunctionType:
                twin.__dict__[name] = _bound_anew(value, each, twin)
            else:
                twin.__dict__[name] = copy.deepcopy(value, memo)


def _bound_anew(function: Any, former: Any, twin: Any) -> Any:
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
