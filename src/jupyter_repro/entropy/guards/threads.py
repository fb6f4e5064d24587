"""Threads that draw from the same generator at the same time: the scheduler decides who gets which number."""

from __future__ import annotations

import concurrent.futures.thread as pools
import functools
import sys
import threading
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.entropy.calls import code_of
from jupyter_repro.frames import asked_by, place_of
from jupyter_repro.patches import Patches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import CodeType

    from jupyter_repro.entropy.protocol import Ask
    from jupyter_repro.frames import Place

__all__ = ["ThreadGuard"]

_DRAWS = frozenset(
    ("bernoulli", "choice", "choices", "dropout", "exponential", "gauss", "getrandbits", "integers", "multinomial",
     "normal", "permutation", "poisson", "rand", "randint", "randn", "randn_like", "random", "random_sample",
     "randperm", "randrange", "rand_like", "sample", "shuffle", "standard_normal", "uniform")
)  # fmt: skip
_DEPTH = 3
"""Calls followed from a thread's function in search of a draw."""
_ENOUGH = 256
"""Tasks of one function looked at; looking costs a tenth of a millisecond."""


class _Task(msgspec.Struct, eq=False):
    """One call in a thread, from its beginning to its end."""

    beside: list[_Task]
    """Other tasks that ran at the same time."""
    drew: frozenset[str] = frozenset()


class ThreadGuard:
    """Compares the global streams at both ends of what the user's threads and thread pools call."""

    name = "threads"
    module = ""
    note = "threads that a library starts in C, and pools of multiprocessing, are not seen"
    governs = False

    def __init__(self) -> None:
        self._patches = Patches()
        self._lock = threading.Lock()
        self._running: list[_Task] = []
        self._looked: dict[CodeType, int] = {}
        self._ask: Ask | None = None

    def put_on(self, ask: Ask) -> None:
        """Stand in for the two ways to begin a thread's work."""
        start, submit = vars(threading.Thread)["start"], vars(pools.ThreadPoolExecutor)["submit"]
        self._ask = ask

        @functools.wraps(start)
        def started(thread: threading.Thread) -> None:
            target = getattr(thread, "_target", None)
            found = self._watched(target, sys._getframe(1))  # noqa: SLF001 - the only way to see who asks
            if found is not None:
                thread._target = found  # type: ignore[attr-defined]  # noqa: SLF001 - run() looks it up there
            start(thread)

        @functools.wraps(submit)
        def submitted(pool: Any, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
            found = self._watched(fn, sys._getframe(1))  # noqa: SLF001 - as above
            return submit(pool, found or fn, *args, **kwargs)

        self._patches.replace(threading.Thread, "start", started)
        self._patches.replace(pools.ThreadPoolExecutor, "submit", submitted)

    def take_off(self) -> None:
        """Give both back."""
        self._ask = None
        self._looked.clear()
        self._patches.give_back()

    def in_place(self) -> bool:
        """Whether threads still begin through it."""
        return self._patches.in_place()

    def _watched(self, function: Any, frame: Any) -> Callable[..., Any] | None:
        """Return what to call instead, None where nobody of the user's asks or nothing is drawn."""
        ask = self._ask
        if ask is None or function is None:
            return None
        place = ask.unasked(self._place, function, frame)
        return None if place is None else functools.partial(self._run, function, place)

    def _place(self, function: Any, frame: Any) -> Place | None:
        try:
            code = code_of(function)
            if not draws(function) or (code is not None and self._looked.get(code, 0) >= _ENOUGH):
                return None
            if code is not None:
                self._looked[code] = self._looked.get(code, 0) + 1
            site = asked_by(frame, through=_BETWEEN)
            return None if site is None else place_of(site)
        except Exception:  # noqa: BLE001 - what fails here would keep the user's thread from starting
            return None

    def _run(self, function: Callable[..., Any], place: Place, /, *args: Any, **kwargs: Any) -> Any:
        task = _Task([])
        with self._lock:
            task.beside.extend(self._running)
            for other in self._running:
                other.beside.append(task)
            self._running.append(task)
        before = _states()
        try:
            return function(*args, **kwargs)
        finally:
            now = _states()
            drew = frozenset(stream for stream, state in now.items() if before.get(stream, state) != state)
            with self._lock:
                self._running.remove(task)
                task.drew = drew
                shared = {stream for other in task.beside for stream in other.drew & drew}
                task.beside.clear()
            if shared and self._ask is not None:
                what = f"threads draw from {', '.join(sorted(shared))} at the same time"
                self._ask.note("threads that draw", what, place)


_BETWEEN = frozenset(("asyncio", "concurrent", "threading"))


def draws(function: Any, depth: int = _DEPTH) -> bool:
    """Whether a function may draw from a global stream, by the names it uses and those it calls."""
    if isinstance(function, functools.partial):
        return draws(function.func, depth)
    owner = getattr(function, "__self__", None)
    if owner is not None and type(owner).__name__ in ("Random", "RandomState"):
        return True
    code = code_of(function)
    if code is None:
        return getattr(function, "__name__", "") in _DRAWS
    names = _names(code)
    if names & _DRAWS:
        return True
    held: Mapping[str, Any] = getattr(getattr(function, "__func__", function), "__globals__", {})
    called = (held[name] for name in names if name in held)
    return depth > 0 and any(code_of(each) is not None and draws(each, depth - 1) for each in called)


def _names(code: CodeType) -> set[str]:
    found = set(code.co_names)
    for constant in code.co_consts:
        if type(constant) is type(code):
            found |= _names(constant)
    return found


def _states() -> dict[str, Any]:
    """Return where the global streams stand; draws nothing."""
    found: dict[str, Any] = {}
    try:
        if "random" in sys.modules:
            found["python"] = hash(sys.modules["random"].getstate())
        if "numpy.random" in sys.modules:
            kind, keys, *rest = sys.modules["numpy.random"].get_state(legacy=True)
            found["numpy"] = (kind, keys[:4].tobytes(), *rest)
        if "torch" in sys.modules:
            found["torch"] = sys.modules["torch"].default_generator.get_state().numpy().tobytes()
    except Exception:  # noqa: BLE001 - a library that is half imported must not break the user's thread
        return {}
    return found
