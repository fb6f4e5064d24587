"""The settings of this process: what they are now, and who changed them since a moment."""

from __future__ import annotations

import sys
import threading
from collections.abc import Hashable
from typing import TYPE_CHECKING, TypeGuard

from jupyter_repro.imports import complete

from .environ import Environ
from .import_lines import imported_by
from .moves import Change, ImportChange, Moment, Moves, changes, moves_between
from .setting import UNREADABLE, Reading, unseen, why_unseen
from .settings import layered_settings, plain_settings
from .spans import ImportSpans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .setting import Setting

Found = tuple[Moment, tuple[frozenset[Hashable | None], ...]]
"""The settings when an import began, and what the user had put into the lists by hand."""

__all__ = ["Change", "Moment", "Moves", "ProcessWatch", "changes"]


class _Watched:
    """A setting that is there, as it was when it was last looked at."""

    __slots__ = ("digest", "mark", "same", "setting")

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.same = setting.same
        self.mark: object = None
        self.digest = ""


class ProcessWatch:
    """Watches the settings of the process, and tells what imports changed from what the user did.

    Nothing is patched and nothing is set. Settings of a thread or a context (NumPy's error state, decimal's
    context, torch's gradients) are those of the caller: ask where the cells run. Without ``start`` imports
    are not seen, and what they change counts as the user's.

    Args:
        is_user_module: Whether the module of this full name, from this file, is the user's: what such a
            module sets at its import, the user has set.
        user_imported: Called with the name of a user's module the moment its import has ended.
        folder_moves: Returns a number that grows whenever the process changes its folder; without it the
            system is asked at every look.
        extra: More settings to watch.
    """

    def __init__(
        self,
        *,
        is_user_module: Callable[[str, str], bool] | None = None,
        user_imported: Callable[[str], None] | None = None,
        folder_moves: Callable[[], int] | None = None,
        extra: Iterable[Setting] = (),
    ) -> None:
        self._lock = threading.RLock()
        self._user_imported = user_imported
        self.fault = ""
        """Why the last import that was not seen was not seen."""
        self._environ = Environ()
        self._environ_mark: object = None
        self._environ_digests: dict[str, str] = {}
        self._layered = layered_settings()
        self._waiting: list[Setting] = [*self._layered, *plain_settings(folder_moves=folder_moves), *extra]
        self._watched: list[_Watched] = []
        self._others: list[_Watched] = []
        """Those that are not read as atoms."""
        self._reads: list[Callable[[], tuple[object, ...]]] = []
        self._marks: list[object] = []
        """What reads the others, and what was read last."""
        self._modules = -1
        self._now: dict[str, str] = {}
        self._names: dict[str, frozenset[str]] = {}
        self._unseen = 0
        self._imports: list[ImportChange] = []
        self._left: dict[str, dict[str, str]] = {}
        """What the import of a module set, for when the line that imports it runs again."""
        libraries = frozenset(setting.module for setting in self._waiting if setting.module)
        self._spans = ImportSpans(self, always=libraries, is_user_module=is_user_module)

    # -- life ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to see imports; what is set now is how the settings were found.

        Again, it comes before finders that were installed since, as :meth:`moment` does.
        """
        self.now()
        self._spans.install()

    def stop(self) -> None:
        """See no more imports."""
        self._spans.uninstall()

    # -- facts --------------------------------------------------------------------------------------

    def now(self) -> Mapping[str, str]:
        """Return the digest of every setting that is there, by resource.

        A variable of the environment is among them once it has changed. The mapping is not changed later.
        """
        with self._lock:
            return self._look()

    def moment(self) -> Moment:
        """Return the settings now, for :meth:`since`."""
        with self._lock:
            self._spans.come_first()
            return Moment(self._look(), len(self._imports))

    def since(self, moment: Moment, *, code: str = "") -> Moves:
        """Return what has become of the settings since the moment.

        Args:
            moment: What :meth:`moment` returned.
            code: The Python source that ran since. A line that imports a module again does not run it again:
                what it set the first time counts as set by this code too, if it still is so.
        """
        with self._lock:
            moves = self._since(moment)
            again = self._set_again(code, moves) if self._left and code else {}
        return Moves({**again, **moves.written}, moves.arrived, moves.imported) if again else moves

    def digest_of(self, resource: str) -> str | None:
        """Return the digest of one resource now, of any variable ``env:X`` as well; None: it is not there."""
        with self._lock:
            if resource.startswith("env:"):
                return self._environ.current(resource)
            return self._look().get(resource)

    def first_digest(self, resource: str) -> str | None:
        """Return the digest that a variable ``env:X`` had at first; None for other resources."""
        return self._environ.first(resource) if resource.startswith("env:") else None

    def names(self) -> Mapping[str, frozenset[str]]:
        """Return for each setting that is there the names in a source that hint at it, ``env`` for variables."""
        with self._lock:
            if len(self._names) != len(self._watched) + 1:
                found = {each.setting.name: each.setting.names for each in self._watched}
                self._names = {**found, self._environ.name: self._environ.names}
            return self._names

    def last(self) -> Mapping[str, str]:
        """Return what the last look found, without another one."""
        return self._now

    # -- looking ------------------------------------------------------------------------------------

    def _look(self, arriving: str = "") -> dict[str, str]:
        """Return the digests, made anew only where a fingerprint differs."""
        moved = False
        if len(sys.modules) != self._modules or arriving:
            self._modules = len(sys.modules)
            moved = self._take_in(arriving)
        plain_same = self._plain_same()
        for each in self._others if plain_same else self._watched:
            try:
                if each.same(each.mark):
                    continue
            except UNREADABLE as error:
                # the text of the error is the mark of a setting that cannot be read
                if each.mark == f"{type(error).__name__}: {error}":
                    continue
            moved = self._digest_anew(each) or moved
        if not plain_same:
            self._marks = [each.mark for each in self._watched if _is_plain(each.setting)]
        variables = self._environ.fingerprint()
        if variables != self._environ_mark:
            self._environ_mark = variables
            digests = self._environ.digests()
            moved = moved or digests != self._environ_digests
            self._environ_digests = digests
        if moved:
            self._now = {each.setting.name: each.digest for each in self._watched} | self._environ_digests
        return self._now

    def _plain_same(self) -> bool:
        """Tell in one go whether all settings that are read as atoms are as before, which they nearly always are."""
        try:
            return [read() for read in self._reads] == self._marks
        except UNREADABLE:
            return False

    def _take_in(self, arriving: str) -> bool:
        """Begin to watch the settings whose library has come."""
        came = [s for s in self._waiting if not s.module or s.module == arriving or complete(s.module)]
        if came:
            self._waiting = [setting for setting in self._waiting if setting not in came]
            self._watched.extend(_Watched(setting) for setting in came)
            self._reads = [each.setting.read for each in self._watched if _is_plain(each.setting)]
            self._others = [each for each in self._watched if not _is_plain(each.setting)]
            self._marks = []
        return bool(came)

    def _digest_anew(self, each: _Watched) -> bool:
        try:
            digest = each.setting.digest()
            each.mark = each.setting.fingerprint()  # after the digest, which finds where to look
        except UNREADABLE as error:
            each.mark = f"{type(error).__name__}: {error}"
            digest = unseen(f"it cannot be read here ({each.mark})")
        if why_unseen(digest):
            self._unseen += 1
            digest = f"{digest} ({self._unseen})"
        moved, each.digest = digest != each.digest, digest
        return moved

    # -- imports ------------------------------------------------------------------------------------

    def import_begins(self, *, user: bool) -> Found:
        """Note how the settings are before a module runs."""
        with self._lock:
            return self.moment(), (() if user else tuple(each.own() for each in self._layered))

    def import_ends(self, name: str, before: Found, *, user: bool) -> None:
        """Note what the module changed: in passing if it is a library's, else in the user's name."""
        moment, own = before
        with self._lock:
            for layered, kept in zip(self._layered, own, strict=False):
                layered.rebase(kept)
            self._look(arriving=name)
            moves = self._since(moment)
            for resource, digest in moves.arrived.items():
                if not any(change.resource == resource for change in self._imports[moment.imports :]):
                    self._imports.append(ImportChange(resource, None, digest))
            for resource, change in moves.written.items():
                if not user and self._in_passing(resource):
                    self._imports.append(ImportChange(resource, change.before, change.after))
                else:
                    self._left.setdefault(name, {})[resource] = change.after
        if user and self._user_imported is not None:
            self._user_imported(name)

    def import_unseen(self, name: str, error: Exception) -> None:
        """Keep why an import was not seen."""
        self.fault = f"the import of `{name}` was not seen ({type(error).__name__}: {error})"

    def _in_passing(self, resource: str) -> bool:
        """Libraries add filters, paths and variables for themselves; what else they set, the user gets."""
        return resource.startswith("env:") or any(each.name == resource for each in self._layered)

    def _since(self, moment: Moment) -> Moves:
        now = self._look()
        if now is moment.digests:
            return _NOTHING
        imports = self._imports[moment.imports :]
        return moves_between(moment.digests, now, imports=imports, first=self.first_digest)

    def _set_again(self, code: str, moves: Moves) -> dict[str, Change]:
        now = self._now
        return {
            resource: Change(digest, digest)
            for module in imported_by(code)
            for resource, digest in self._left.get(module, {}).items()
            if resource not in moves.written and now.get(resource) == digest
        }


def _is_plain(setting: Setting) -> TypeGuard[Reading]:
    """Tell whether the setting is read as a tuple of atoms."""
    return type(setting) is Reading and not setting.held


_NOTHING = Moves()
