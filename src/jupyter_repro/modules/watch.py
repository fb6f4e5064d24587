"""The user's modules in this process: what was imported, what their files say now, what they hold."""

from __future__ import annotations

import os
import sys
import threading
import types
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest import file_digest
from jupyter_repro.digest.values import Budget

from .compiled import compiled_from
from .origins import Origins
from .record import UserModule
from .state import ModuleState
from .uses import module_of, modules_used_by

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

__all__ = ["ModuleWatch"]

_MOST = 200
"""The globals of so many modules are looked at in one go."""
_Signature = tuple[int, int, int, int]


@dataclass
class _Known:
    """One module as it was last looked at."""

    module: types.ModuleType
    file: str
    state: ModuleState
    spec: object = None
    imported: str | None = None
    why_not_imported: str = ""
    disk: str | None = None
    why_not_on_disk: str = ""
    signature: _Signature | None = None
    modified: float | None = None
    reloaded: float | None = None
    """What the reloader said last."""
    pristine: str | None = None
    new: bool = True
    late: bool = False
    """It was there before the watch was."""


class ModuleWatch:
    """Watches the modules that are the user's own: beside the notebook, or elsewhere on ``sys.path``.

    Args:
        home: The notebook's folder.
        bytes_a_module: How many bytes of a module's globals are looked at.
        items_a_module: How many parts of them.
        reloaded: Returns the time of the file whose text a reloader has put in force in a module, or None.
    """

    def __init__(
        self,
        *,
        home: str,
        bytes_a_module: int = 4_000_000,
        items_a_module: int = 50_000,
        reloaded: Callable[[str], float | None] | None = None,
    ) -> None:
        self._lock = threading.RLock()
        self._origins = Origins(home)
        self._reloaded = reloaded
        self._budget = (bytes_a_module, items_a_module)
        self._known: dict[str, _Known] = {}
        self._judged: dict[str, types.ModuleType] = {}
        self._size: tuple[int, str | None] = (-1, None)

    def is_user_module(self, name: str, file: str) -> bool:
        """Whether the module of this full name, from this file, is the user's."""
        return self._origins.is_user_module(name, file)

    def now(
        self, namespace: Mapping[str, Any] | None = None, *, only: Collection[str] | None = None
    ) -> dict[str, UserModule]:
        """Return the user modules that are imported, by resource ``module:utils``.

        Args:
            namespace: The user's names, for digests of objects whose class the notebook defines.
            only: Names of the modules to look at; None looks at all of them.
        """
        with self._lock:
            self._find()
            if not self._known:
                return {}
            asked = [(name, known) for name, known in self._known.items() if only is None or name in only]
            return {
                f"module:{name}": self._look(name, known, namespace or {})
                if place < _MOST
                else UserModule(name, known.file, None, None, None, None, f"more than {_MOST} user modules")
                for place, (name, known) in enumerate(asked)
            }

    def known(self) -> frozenset[str]:
        """Return the names of the user modules that are imported."""
        with self._lock:
            self._find()
            return frozenset(self._known)

    def fresh(self) -> dict[str, UserModule]:
        """Return what a fresh kernel would import, by resource; what the modules hold now is not looked at."""
        with self._lock:
            self._find()
            return {
                f"module:{name}": self._look(name, known, None) for name, known in self._known.copy().items()
            }

    def imported(self, name: str) -> None:
        """Note a module the moment its import has ended: the text it had and the state it began with."""
        module = sys.modules.get(name)
        with self._lock:
            if self._judge(name, module):
                known = self._known[name]
                _note_import(known)
                known.pristine, _ = known.state.digest(namespace={}, budget=Budget(*self._budget))

    def module_of(self, value: object) -> str | None:
        """Return the name of the user module that a value comes from: a module, or what one defines."""
        with self._lock:
            self._find()
            name = module_of(value)
            return name if name in self._known else None

    def used_by(self, names: Iterable[str]) -> frozenset[str]:
        """Return these user modules, and the ones that they reach through their own globals."""
        with self._lock:
            self._find()
            return modules_used_by(names, {name: known.module for name, known in self._known.items()})

    # -- finding them -------------------------------------------------------------------------------

    def _find(self) -> None:
        """Judge the modules that have come since; what is no longer imported is forgotten."""
        size = (len(sys.modules), _newest())
        if size == self._size and all(sys.modules.get(n) is k.module for n, k in self._known.items()):
            return
        late = not self._judged
        modules = sys.modules.copy()
        for name in [name for name, known in self._known.items() if modules.get(name) is not known.module]:
            del self._known[name]
        for name, module in modules.items():
            if self._judged.get(name) is not module and self._judge(name, module):
                known = self._known[name]
                known.late = late and known.new
        self._judged = modules
        self._size = size

    def _judge(self, name: str, module: types.ModuleType | None) -> bool:
        if module is None or not issubclass(type(module), types.ModuleType):
            return False
        if name == "__main__" or module is sys.modules.get("__main__"):
            return False  # the notebook itself, which some libraries give a second name
        known = self._known.get(name)
        if known is not None and known.module is module:
            return True
        file = _file_of(module)
        if file is None or not self._origins.is_user_module(name, file):
            return False
        self._known[name] = _Known(module, file, ModuleState(module))
        return True

    # -- looking at one -----------------------------------------------------------------------------

    def _look(self, name: str, known: _Known, namespace: Mapping[str, Any] | None) -> UserModule:
        """Look at the file, and at the state unless the namespace is None."""
        if known.new or _spec_of(known.module) is not known.spec:
            _note_import(known)
        else:
            _read_file(known)
        if self._reloaded is not None:
            _note_reload(known, self._reloaded(name))
        state, why_no_state = None, ""
        if namespace is not None:
            state, why_no_state = known.state.digest(namespace=namespace, budget=Budget(*self._budget))
        return UserModule(
            name=name,
            file=known.file,
            imported_digest=known.imported,
            disk_digest=known.disk,
            state_digest=state,
            pristine_digest=known.pristine,
            why_unknown=known.why_not_imported or why_no_state or known.why_not_on_disk,
        )


def _note_import(known: _Known) -> None:
    """Take the file's text as the one that was imported: this is the first look since the import."""
    known.spec = _spec_of(known.module)
    _read_file(known)
    known.imported, known.why_not_imported = known.disk, known.why_not_on_disk
    if known.late and known.signature is not None and not compiled_from(known.module, *known.signature[:2]):
        known.imported, known.why_not_imported = None, "its file was edited after it was imported"
    known.new = known.late = False
    known.pristine = None


def _note_reload(known: _Known, reloaded: float | None) -> None:
    """Take note of a reloader that has patched the module in place since the last look.

    Its first word about a module tells only when it began to look.
    """
    before, known.reloaded = known.reloaded, reloaded
    if reloaded is None or before is None or reloaded == before:
        known.reloaded = before if reloaded is None else reloaded
        return
    known.imported, known.why_not_imported, known.pristine = known.disk, known.why_not_on_disk, None
    if known.modified != reloaded:
        known.imported, known.why_not_imported = None, "its file was edited after it was reloaded"


def _read_file(known: _Known) -> None:
    """Digest the file if it is not as it was."""
    try:
        status = os.stat(known.file)  # noqa: PTH116 - this runs in every cell
        known.modified = status.st_mtime
        signature = (status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns)
        if signature != known.signature:
            known.disk, _ = file_digest(Path(known.file))
            known.signature, known.why_not_on_disk = signature, ""
    except OSError as error:
        known.disk, known.signature = None, None
        known.why_not_on_disk = f"its file cannot be read ({error.strerror or error})"


def _newest() -> str | None:
    """Return the name of the module that came last, None if one comes this very moment in another thread."""
    try:
        return next(reversed(sys.modules), None)
    except RuntimeError:
        return None


def _spec_of(module: types.ModuleType) -> object:
    """Return the module's spec, which every reload replaces."""
    return types.ModuleType.__getattribute__(module, "__dict__").get("__spec__")


def _file_of(module: types.ModuleType) -> str | None:
    file = types.ModuleType.__getattribute__(module, "__dict__").get("__file__")
    return file if type(file) is str else None
