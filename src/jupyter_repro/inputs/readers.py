"""Readers written in C that open files without an audit event: we stand before the doors that Python calls.

Arrow, HDF5, Polars and a few others. A path that is given to one of their functions is told as if it had been opened; nothing of what
they do changes. What they open by other ways (an Arrow filesystem, a HDF5 file that links to another) stays unseen.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from jupyter_repro.imports import ImportWatch, complete
from jupyter_repro.patches import Patches

from .audit import tell
from .events import NETWORK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .events import Use
    from .reader_doors import Door

__all__ = ["clients_kept", "seen_readers", "watch_readers"]

_PORTS = {"http": 80, "https": 443}
_MOST_FILES = 10_000
"""Files below one folder that are told one by one."""


_MODULES = (
    "h5py",
    "tables",
    "pyarrow",
    "pyarrow.csv",
    "pyarrow.json",
    "pyarrow.feather",
    "pyarrow.orc",
    "pyarrow.parquet",
    "pyarrow.dataset",
    "polars",
    "cv2",
    "httpx",
    "soundfile",
)
"""After whose import their doors are there; which ones, is loaded with the first of them."""


class _Readers:
    """Stands before the doors as long as somebody watches."""

    def __init__(self) -> None:
        self._owners: list[object] = []
        self.kept = 0
        """How many blocks keep the requests of clients."""
        self._lock = threading.Lock()
        self._patches: dict[str, Patches] = {}
        self._imports = ImportWatch(_MODULES, self._arrived, lambda _name, _error: None)

    def use(self, owner: object, *, on: bool) -> None:
        """Begin or end to watch for somebody; the last one gives everything back."""
        with self._lock:
            self._owners = [each for each in self._owners if each is not owner] + ([owner] if on else [])
            if not self._owners:
                self._imports.uninstall()
                for patches in self._patches.values():
                    _give_back(patches)
                self._patches.clear()
                return
            self._imports.install()
        for name in _MODULES:
            if name in sys.modules and complete(name):
                self._arrived(name)

    def seen(self) -> frozenset[str]:
        """Return the modules before whose doors we stand."""
        return frozenset(name for name, patches in list(self._patches.items()) if patches.in_place())

    def _arrived(self, name: str) -> None:
        from .reader_doors import DOORS

        with self._lock:
            if name in self._patches or not self._owners:
                return
            patches = self._patches[name] = Patches()
            for door in DOORS[name]:
                holder = _holder(door.holder)
                if holder is not None and callable(vars(holder).get(door.name)):
                    patches.replace(holder, door.name, _stand_in(vars(holder)[door.name], door))


_READERS = _Readers()


@contextlib.contextmanager
def clients_kept() -> Iterator[None]:
    """Within the block, what clients of the web ask for is followed by somebody who keeps it."""
    _READERS.kept += 1
    try:
        yield
    finally:
        _READERS.kept -= 1


def watch_readers(owner: object, *, on: bool) -> None:
    """Begin or end to tell, for an owner, which files readers in C open."""
    _READERS.use(owner, on=on)


def seen_readers() -> frozenset[str]:
    """Return the modules whose files are told."""
    return _READERS.seen()


def _give_back(patches: Patches) -> None:
    try:
        patches.give_back()
    except RuntimeError:
        return  # somebody has replaced ours since: theirs stays, and ours tells nobody


def _holder(spelled: str) -> Any:
    module, _, name = spelled.partition(":")
    found = sys.modules.get(module)
    return getattr(found, name, None) if name and found is not None else found


def _stand_in(original: Callable[..., Any], door: Door) -> Callable[..., Any]:
    @functools.wraps(original)
    def reader(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        try:
            _tell_all(door, args, kwargs)
        except Exception:  # noqa: BLE001 - the user's own call must not fail because of us
            tell(("effect", "it opened something that could not be recorded"))
        return original(*args, **kwargs)

    return reader


def _tell_all(door: Door, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    given = args[door.at] if len(args) > door.at else kwargs.get(door.keyword)
    if door.talks and _READERS.kept:
        return
    if door.talks:
        url = given.url  # type: ignore[union-attr]  # a request of httpx
        tell(NETWORK)
        tell(("host", f"{url.host}:{url.port or _PORTS.get(url.scheme, 0)}"))
        return
    for path in _paths(given):
        for use in _uses(door, args, kwargs):
            tell((use, path))


def _uses(door: Door, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[Use]:
    if door.writes:
        yield "written"
        return
    mode = kwargs.get("mode", args[door.at + 1] if len(args) > door.at + 1 else "r")
    if door.holder == "h5py.h5f":
        mode = "r+" if kwargs.get("flags", mode) not in (0, "r") else "r"
    if not isinstance(mode, str) or not mode.startswith("w"):
        yield "read"
    if isinstance(mode, str) and mode.startswith(("w", "a", "r+")):
        yield "written"


def _paths(given: Any) -> Iterator[str]:
    """Yield the files that an argument names; what is no path, such as an open file, names none."""
    if isinstance(given, (list, tuple)):
        for each in given:
            yield from _paths(each)
        return
    if not isinstance(given, (str, bytes, os.PathLike)):
        return
    import glob

    path = os.fsdecode(given)
    if "://" in path[:16] or "\0" in path or "\n" in path:
        return
    path = os.path.expanduser(path)  # noqa: PTH111 - plain strings throughout
    if os.path.isdir(path):  # noqa: PTH112 - as above
        yield from _below(path)
    elif glob.has_magic(path) and not os.path.lexists(path):
        yield from sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - as above
    else:
        yield path


def _below(folder: str) -> Iterator[str]:
    count = 0
    for place, _, names in os.walk(folder):
        for name in sorted(names):
            count += 1
            if count > _MOST_FILES:
                tell(("effect", f"it opened more than {_MOST_FILES} files of `{folder}`"))
                return
            yield os.path.join(place, name)  # noqa: PTH118 - as above
