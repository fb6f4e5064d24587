"""One audit hook for the process, shared by all watches."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any, Protocol

from .events import READERS

if TYPE_CHECKING:
    from .events import Fact

__all__ = ["Listener", "folder_moves", "is_unwatched", "listen", "tell", "unlisten", "unwatched"]


class Listener(Protocol):
    """Whoever wants the facts; called in the thread where they happen, under no lock."""

    def note(self, fact: Fact) -> None:
        """Take one fact; must be quick."""

    def missed(self) -> None:
        """Take note that an event could not be read."""


class _Quiet(threading.local):
    depth = 0


_folder_moves = 0
_listeners: tuple[Listener, ...] = ()
_installed = False
_lock = threading.Lock()
_quiet = _Quiet()


def listen(listener: Listener) -> None:
    """Begin to tell the listener; the hook is put in on the first call and stays for good."""
    global _listeners, _installed  # noqa: PLW0603 - an audit hook is one for the process and cannot be taken out
    with _lock:
        if not any(each is listener for each in _listeners):
            _listeners = (*_listeners, listener)
        if not _installed:
            sys.addaudithook(_hook)
            _installed = True


def unlisten(listener: Listener) -> None:
    """Tell the listener no more; without listeners the hook returns at once."""
    global _listeners  # noqa: PLW0603 - as above
    with _lock:
        _listeners = tuple(each for each in _listeners if each is not listener)


def folder_moves() -> int:
    """Return how often the process has changed its folder since somebody listens."""
    return _folder_moves


def tell(fact: Fact) -> None:
    """Tell the listeners what no event says."""
    for listener in _listeners:
        listener.note(fact)


class unwatched:  # noqa: N801 - read as a function: `with unwatched():`
    """Within the block, nothing this thread does is told: for our own reads between two cells."""

    __slots__ = ()

    def __enter__(self) -> None:
        _quiet.depth += 1

    def __exit__(self, *_: object) -> None:
        _quiet.depth -= 1


def is_unwatched() -> bool:
    """Tell whether what this thread does is not told."""
    return _quiet.depth > 0


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if not _listeners:
        return
    if event == "os.chdir":
        global _folder_moves  # noqa: PLW0603 - as above
        _folder_moves += 1
    reader = READERS.get(event)
    if reader is None or _quiet.depth:
        return
    listeners = _listeners
    try:
        for fact in reader(args):
            for listener in listeners:
                listener.note(fact)
    except Exception:  # noqa: BLE001 - what an audit hook raises would break the user's own open()
        for listener in listeners:
            listener.missed()
