"""Imports as they happen: what a setting was before a module ran, and after."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from jupyter_repro.imports.finders import others_find, put_first, take_off
from jupyter_repro.imports.loader import ReportingLoader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

__all__ = ["ImportSpans", "Spanned"]

_CHANGES_NOTHING = (None, "built-in", "frozen")


T = TypeVar("T")


class Spanned(Protocol[T]):
    """Who wants to know when imports begin and end."""

    def import_begins(self, *, user: bool) -> T:
        """Return what ``import_ends`` is to get back."""

    def import_ends(self, name: str, before: T, *, user: bool) -> None:
        """Take note that the module has run, or has failed to."""

    def import_unseen(self, name: str, error: Exception) -> None:
        """Take note that one of the two raised; must not raise."""


class ImportSpans(Generic[T]):
    """A finder that reports the imports that a user's line begins, and of some libraries every one.

    What a library imports in its turn belongs to the library and is not reported; what a module of the
    user's imports is.

    Args:
        told: Who is told.
        always: Top-level packages that are reported wherever they are imported.
        is_user_module: Whether the module of this full name, from this file, is the user's.
    """

    def __init__(
        self, told: Spanned[T], *, always: frozenset[str], is_user_module: Callable[[str, str], bool] | None
    ) -> None:
        self._told = told
        self._always = always
        self._is_user_module = is_user_module
        self._here: _Here[T] = _Here()
        self._installed = False

    def install(self) -> None:
        """Begin to report, before all other finders: what they do at an import belongs to the import."""
        self._installed = True
        self.come_first()

    def come_first(self) -> None:
        """Put this finder before those that were installed since."""
        if self._installed and (not sys.meta_path or sys.meta_path[0] is not self):
            put_first(self)

    def uninstall(self) -> None:
        """Stop reporting."""
        self._installed = False
        take_off(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return what the other finders find, with a loader that reports."""
        here = self._here
        if here.in_library and fullname not in self._always:
            return None
        if target is not None or not self._installed or fullname in here.searching:
            return None
        here.searching.add(fullname)
        try:
            spec = others_find(self, fullname, path)
        finally:
            here.searching.discard(fullname)
        if spec is not None and spec.origin not in _CHANGES_NOTHING and hasattr(spec.loader, "exec_module"):
            spec.loader = ReportingLoader(spec.loader, self)  # type: ignore[assignment] # a loader by duck type
        return spec

    def started(self, name: str) -> None:
        """Note that the module's code begins to run."""
        user = self._is_users(name)
        before: T | None = None
        try:
            before = self._told.import_begins(user=user)
        except Exception as error:  # noqa: BLE001 - the user's import must not fail because of us
            self._told.import_unseen(name, error)
        self._here.open.append((name, before, user))
        self._here.in_library += not user

    def failed(self, name: str) -> None:
        """Report what an import that failed has changed all the same."""
        self.finished(name)

    def finished(self, name: str) -> None:
        """Report that the module's code has run."""
        while self._here.open:
            each, before, user = self._here.open.pop()
            self._here.in_library -= not user
            self._end(each, before, user=user)
            if each == name:
                return

    def _end(self, name: str, before: T | None, *, user: bool) -> None:
        if before is None:
            return
        try:
            self._told.import_ends(name, before, user=user)
        except Exception as error:  # noqa: BLE001 - the user's import must not fail because of us
            self._told.import_unseen(name, error)

    def _is_users(self, name: str) -> bool:
        origin = getattr(getattr(sys.modules.get(name), "__spec__", None), "origin", None)
        judge = self._is_user_module
        return judge is not None and type(origin) is str and judge(name, origin)


class _Here(threading.local, Generic[T]):
    """The imports of one thread."""

    def __init__(self) -> None:
        self.searching: set[str] = set()
        self.open: list[tuple[str, T | None, bool]] = []
        self.in_library = 0
