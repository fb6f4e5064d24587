"""Threads and tasks of the notebook that go on after the cell that started them."""

from __future__ import annotations

import operator
import sys
import threading
import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["lingering"]

_HOME = "__main__"
_strangers: dict[int, list[weakref.ref[threading.Thread]]] = {}
"""The threads that were there at the last look, if none was of this namespace: a thread keeps what it runs."""


def lingering(namespace: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what code of the notebook runs on beside the cells: what it changes has no cell to be read from.

    Threads of libraries (pools, progress bars, the kernel's own) are not the notebook's unless they were
    made to run one of its functions.
    """
    found = []
    if _has_threads(namespace):
        found.append("a thread of the notebook's runs on beside it")
    if _has_tasks(namespace):
        found.append("an asynchronous task of the notebook's runs on beside it")
    return tuple(found)


def _has_threads(namespace: Mapping[str, Any]) -> bool:
    threads = threading.enumerate()
    known = [each() for each in _strangers.get(id(namespace), ())]
    if len(threads) == len(known) and all(map(operator.is_, threads, known)):
        return False
    _strangers.clear()  # of the one namespace that nearly every kernel has
    if any(_is_the_notebooks(thread, namespace) for thread in threads):
        return True
    _strangers[id(namespace)] = [*map(weakref.ref, threads)]
    return False


def _is_the_notebooks(thread: threading.Thread, namespace: Mapping[str, Any]) -> bool:
    kind = type(thread)
    if type.__getattribute__(kind, "__module__") == _HOME:
        return True
    held = object.__getattribute__(thread, "__dict__")
    target, function = held.get("_target"), held.get("function")
    return (target is not None and _is_of(target, namespace)) or (
        function is not None and _is_of(function, namespace)
    )


def _is_of(target: object, namespace: Mapping[str, Any]) -> bool:
    function = getattr(target, "__func__", target) if type(target).__name__ == "method" else target
    return (
        getattr(function, "__globals__", None) is namespace
        if type(function).__name__ == "function"
        else False
    )


def _has_tasks(namespace: Mapping[str, Any]) -> bool:
    asyncio: Any = sys.modules.get("asyncio")
    if asyncio is None or not hasattr(asyncio, "all_tasks") or asyncio._get_running_loop() is None:  # noqa: SLF001 - asyncio exports it; the other one raises
        return False
    try:
        tasks = asyncio.all_tasks()
    except RuntimeError:  # a task came while they were listed
        return False
    current = asyncio.current_task()
    for task in tasks:
        frame = getattr(task.get_coro(), "cr_frame", None)
        if task is not current and frame is not None and frame.f_globals is namespace:
            return True
    return False
