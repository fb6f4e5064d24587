"""NumPy arrays that share memory, copied so that their copies share memory too."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["copied_together"]


def copied_together(arrays: list[Any]) -> dict[int, Any]:
    """Return the copies of those arrays that share memory with another one of them, by the original's identity.

    Arrays that share none, and those of Python objects, are left to ``copy.deepcopy``.
    """
    groups: dict[int, list[Any]] = {}
    for array in arrays:
        groups.setdefault(id(_owner(array)), []).append(array)
    found: dict[int, Any] = {}
    for group in groups.values():
        owner = _owner(group[0])
        if len(group) > 1 and not owner.dtype.hasobject and _is_one_piece(owner):
            found.update(_copied(owner, group))
    return found


def _owner(array: Any) -> Any:
    """Return the array whose memory it is."""
    numpy = sys.modules["numpy"]
    while type(array.base) is numpy.ndarray:
        array = array.base
    return array


def _is_one_piece(owner: Any) -> bool:
    return owner.base is None and (owner.flags.c_contiguous or owner.flags.f_contiguous)


def _copied(owner: Any, group: list[Any]) -> dict[int, Any]:
    numpy = sys.modules["numpy"]
    twin = owner.copy(order="K")
    flat = twin.ravel(order="K").view(numpy.uint8)
    start = owner.__array_interface__["data"][0]
    found = {}
    for array in group:
        if array is owner:
            found[id(array)] = twin
            continue
        offset = array.__array_interface__["data"][0] - start
        view = numpy.ndarray(array.shape, array.dtype, buffer=flat, offset=offset, strides=array.strides)
        view.flags.writeable = array.flags.writeable
        found[id(array)] = view
    return found
