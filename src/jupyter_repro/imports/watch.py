"""Calls back when a library has been imported, before the importing line goes on."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

from .finders import others_find, put_first, take_off
from .loader import ReportingLoader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

__all__ = ["ImportWatch", "complete"]


def complete(name: str) -> bool:
    """Whether the module is imported, and neither it nor its top package is still being executed."""
    for each in (name, _top(name)):
        module = sys.modules.get(each)
        if module is None or getattr(getattr(module, "__spec__", None), "_initializing", False):
            return False
    return True


class ImportWatch:
    """A finder that reports a module as ready when it and its top package have been executed.

    Seen are first imports through :mod:`importlib` by loaders with ``exec_module``; a reload is not a first
    import. The report comes inside the import, so no line of the user's runs between the two.

    Args:
        modules: Full names such as ``numpy.random``.
        ready: Called with the name, possibly more than once, in the thread that imports.
        on_error: Called with the name and what ``ready`` raised; the user's import goes on.
    """

    def __init__(
        self,
        modules: Iterable[str],
        ready: Callable[[str], None],
        on_error: Callable[[str, Exception], None],
    ) -> None:
        self._wanted = frozenset(modules)
        self._names = self._wanted | {_top(name) for name in self._wanted}
        self._ready = ready
        self._on_error = on_error
        self._lock = threading.Lock()
        self._running: set[str] = set()
        self._held: dict[str, list[str]] = {}
        self._searching = threading.local()
        self._installed = False

    def install(self) -> None:
        """Begin to watch."""
        self._installed = True
        if self not in sys.meta_path:
            put_first(self)

    def uninstall(self) -> None:
        """Stop watching; an import under way in another thread goes on as if it had not been watched."""
        self._installed = False
        take_off(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return what the other finders find, with a loader that reports."""
        searching = self._searching.__dict__
        if fullname not in self._names or target is not None or not self._installed or fullname in searching:
            return None
        searching[fullname] = True
        try:
            spec = others_find(self, fullname, path)
        finally:
            del searching[fullname]
        if spec is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = ReportingLoader(spec.loader, self)  # type: ignore[assignment] # a loader by duck type
        return spec

    def started(self, name: str) -> None:
        """Note that the module's code begins to run."""
        with self._lock:
            self._running.add(name)

    def failed(self, name: str) -> None:
        """Forget the module and what it had imported of itself."""
        with self._lock:
            self._running.discard(name)
            self._held.pop(name, None)

    def finished(self, name: str) -> None:
        """Report the module, or keep the report until its top package has been executed."""
        with self._lock:
            self._running.discard(name)
            top = _top(name)
            if top in self._running:
                self._held.setdefault(top, []).append(name)
                return
            found = [*self._held.pop(name, ()), name]
        # Parts that were imported by an earlier attempt that failed are not executed again.
        found += [
            each for each in sorted(self._wanted) if each.startswith(f"{name}.") and each in sys.modules
        ]
        for each in dict.fromkeys(found):
            if each in self._wanted and self._installed:
                self._report(each)

    def _report(self, name: str) -> None:
        try:
            self._ready(name)
        except Exception as error:  # noqa: BLE001 - the user's import must not fail because of us
            self._on_error(name, error)


def _top(name: str) -> str:
    return name.partition(".")[0]
