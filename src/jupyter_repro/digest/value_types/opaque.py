"""Values that no digest can tell, each with its reason."""

from __future__ import annotations

import gc
import itertools
import weakref
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside
from jupyter_repro.digest.raw_types import dict_of, is_python_made, module_of, mro_of, qualname_of

if TYPE_CHECKING:
    from jupyter_repro.digest.digester import Digester

__all__ = ["feed"]

_ITERATOR = "an iterator: what is left of it cannot be seen"
_FILE = "an open file: its position and content lie outside"
_LOCK = "a lock: who holds it is no content"
_SOCKET = "a socket: what it says next lies outside"
_THREAD = "a thread: it goes on by itself"
_PROCESS = "a process: it goes on by itself"
_DATABASE = "a database connection: its content lies outside"
_TASK = "a task: what is left of it cannot be seen"
_MODULES = {
    "socket": _SOCKET, "_socket": _SOCKET, "ssl": _SOCKET, "_ssl": _SOCKET, "select": _SOCKET,
    "sqlite3": _DATABASE, "_sqlite3": _DATABASE, "dbm": _DATABASE, "_dbm": _DATABASE, "_gdbm": _DATABASE,
    "_asyncio": _TASK,
}  # fmt: skip
_TYPES = {
    ("_io", "FileIO"): _FILE,
    ("_io", "_IOBase"): _FILE,
    ("tempfile", "_TemporaryFileWrapper"): _FILE,
    ("mmap", "mmap"): _FILE,
    ("posix", "ScandirIterator"): _ITERATOR,
    ("_thread", "lock"): _LOCK,
    ("_thread", "RLock"): _LOCK,
    ("threading", "Condition"): _LOCK,
    ("threading", "Event"): _LOCK,
    ("threading", "Semaphore"): _LOCK,
    ("threading", "Barrier"): _LOCK,
    ("threading", "Thread"): _THREAD,
    ("_thread", "_local"): "values of a thread",
    ("queue", "Queue"): _LOCK,
    ("_queue", "SimpleQueue"): _LOCK,
    ("multiprocessing.process", "BaseProcess"): _PROCESS,
    ("multiprocessing.pool", "Pool"): _PROCESS,
    ("multiprocessing.synchronize", "SemLock"): _LOCK,
    ("concurrent.futures._base", "Executor"): _THREAD,
    ("concurrent.futures._base", "Future"): _TASK,
    ("subprocess", "Popen"): _PROCESS,
    ("asyncio.futures", "Future"): _TASK,
    ("asyncio.events", "AbstractEventLoop"): "an event loop: it goes on by itself",
    ("builtins", "coroutine"): _TASK,
    ("builtins", "generator"): _ITERATOR,
    ("builtins", "async_generator"): _ITERATOR,
    ("builtins", "frame"): "a frame of a running program",
    ("builtins", "traceback"): "a traceback: it tells where, not what",
    ("builtins", "PyCapsule"): "memory of another library",
    ("random", "SystemRandom"): "a generator that draws from the system's entropy",
    ("sqlalchemy.engine.base", "Engine"): _DATABASE,
    ("sqlalchemy.engine.base", "Connection"): _DATABASE,
    ("sqlalchemy.orm.session", "Session"): _DATABASE,
    ("_cffi_backend", "CData"): "memory of another library",
    ("_ctypes", "_CData"): "memory of another library",
}


def feed(digester: Digester, value: Any) -> bool:
    """Refuse a value that is opaque by its nature, with the reason; tell the others apart.

    Raises:
        NotLookedInside: It is one.
    """
    kind = type(value)
    if kind is itertools.count:
        _count(digester, value)
        return True
    if any(kind is each for each in weakref.ProxyTypes):
        raise NotLookedInside("a weak proxy: what it stands for answers for it")
    if kind is object:
        raise NotLookedInside("a bare object, known by nothing but its identity")
    lineage = mro_of(kind)[:-1]
    for each in lineage:
        module = module_of(each)
        reason = _MODULES.get(module) or _TYPES.get((module, qualname_of(each)))
        if reason is not None:
            raise NotLookedInside(reason)
    if any(not is_python_made(each) and "__next__" in dict_of(each) for each in lineage):
        raise NotLookedInside(_ITERATOR)
    return False


def _count(digester: Digester, value: Any) -> None:
    """A counter over plain numbers spells its next value and step."""
    if any(type(part) not in (int, float, type) for part in gc.get_referents(value)):
        raise NotLookedInside(_ITERATOR)
    digester.text("count", repr(value))
