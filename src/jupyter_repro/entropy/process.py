"""The guards of the process, which several owners may have asked for."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any, TypeVar

from jupyter_repro.errors import UngovernedEntropy
from jupyter_repro.imports import ImportWatch, complete
from jupyter_repro.records import Setting

from .guards import built_in
from .layer import Draw, leak_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType

    from jupyter_repro.frames import Place
    from jupyter_repro.records import EntropyMode, Leak, LeakKind

    from .layer import Layer
    from .protocol import Guard, Judge

__all__ = ["PROCESS", "ProcessGuards"]

_Result = TypeVar("_Result")


class _Quiet(threading.local):
    depth = 0


class ProcessGuards:
    """Puts guards on now or the moment their library is imported; the owner that began last decides.

    After the last owner everything is as it was.
    """

    def __init__(self, guards: Iterable[Guard] | None = None) -> None:
        self._lock = threading.RLock()
        self._guards: tuple[Guard, ...] = tuple(built_in() if guards is None else guards)
        self._layers: tuple[Layer, ...] = ()
        self._on: set[str] = set()
        self._failures: dict[str, str] = {}
        self._watch: ImportWatch | None = None
        self._quiet = _Quiet()

    # -- owners -------------------------------------------------------------------------------------

    def push(self, layer: Layer) -> None:
        """Let the layer decide from now on."""
        with self._lock:
            self._layers = (*(each for each in self._layers if each is not layer), layer)
            self._settle()

    def pop(self, layer: Layer) -> dict[str, str]:
        """Take the layer off; return why a guard could not be given back, by name."""
        with self._lock:
            self._layers = tuple(each for each in self._layers if each is not layer)
            return self._settle()

    def settings(self, mode: EntropyMode, of: str = "") -> tuple[Setting, ...]:
        """Say for each guard whether it is in place, and after its mode whose numbers are derived."""
        return tuple(self._row(guard, mode, of) for guard in self._guards)

    def renew_lock(self) -> None:
        """Begin with a free lock in a forked child, where its holder may not exist."""
        self._lock = threading.RLock()

    # -- asked by the guards ------------------------------------------------------------------------

    def __call__(
        self, kind: LeakKind, what: str, frame: FrameType, *, bits: int | None, judge: Judge
    ) -> int | None:
        """Take note of a draw and return the number to use instead, None to go on as without us.

        Raises:
            UngovernedEntropy: The owner has forbidden such draws.
        """
        layer = self._layers[-1] if self._layers else None
        if layer is None or layer.mode == "off" or self._quiet.depth:
            return None
        self._quiet.depth += 1
        try:
            found = layer.look(Draw(kind, what, bits, judge), frame)
        except Exception:  # noqa: BLE001 - what fails here would break the user's own call
            layer.missed += 1
            return None
        finally:
            self._quiet.depth -= 1
        if isinstance(found, UngovernedEntropy):
            raise found
        return found

    def unasked(self, call: Callable[..., _Result], *args: Any) -> _Result:
        """Call the original; what it draws in turn is not asked about again."""
        self._quiet.depth += 1
        try:
            return call(*args)
        finally:
            self._quiet.depth -= 1

    def note(self, kind: LeakKind, what: str, place: Place) -> None:
        """Take note of what has happened already at a line."""
        layer = self._layers[-1] if self._layers else None
        if layer is not None and layer.mode != "off":
            layer.add(leak_at(kind, what, place))

    def tell_below(self, layer: Layer, leak: Leak) -> None:
        """Tell the owner that began before this one; the stream that a number was derived from is not its own."""
        if layer not in self._layers:
            return
        below = self._layers[: self._layers.index(layer)]
        if below and below[-1].mode != "off":
            below[-1].add(leak)
            below[-1].missed += leak.derived

    # -- guards -------------------------------------------------------------------------------------

    def _settle(self) -> dict[str, str]:
        wanted = any(layer.mode != "off" for layer in self._layers)
        if not wanted:
            self._watch_imports(on=False)
            return self._take_off()
        self._watch_imports(on=True)
        for guard in self._guards:
            if not guard.module or complete(guard.module):
                self._put_on(guard)
        return {}

    def _put_on(self, guard: Guard) -> None:
        if guard.name in self._on:
            return
        try:
            guard.put_on(self)
        except (RuntimeError, AttributeError, KeyError, TypeError) as error:
            self._failures[guard.name] = str(error)
        else:
            self._on.add(guard.name)
            self._failures.pop(guard.name, None)

    def _take_off(self) -> dict[str, str]:
        failed: dict[str, str] = {}
        for guard in self._guards:
            if guard.name in self._on:
                self._on.discard(guard.name)
                try:
                    guard.take_off()
                except RuntimeError as error:
                    failed[guard.name] = str(error)
        self._failures.clear()
        return failed

    def _imported(self, module: str) -> None:
        with self._lock:
            for guard in self._guards:
                if guard.module == module and self._layers:
                    self._put_on(guard)

    def _import_failed(self, module: str, error: Exception) -> None:
        for guard in self._guards:
            if guard.module == module:
                self._failures[guard.name] = f"{type(error).__name__}: {error}"

    def _watch_imports(self, *, on: bool) -> None:
        if on and self._watch is None:
            modules = [guard.module for guard in self._guards if guard.module]
            self._watch = ImportWatch(modules, self._imported, self._import_failed)
            self._watch.install()
        elif not on and self._watch is not None:
            self._watch.uninstall()
            self._watch = None

    def _row(self, guard: Guard, mode: EntropyMode, of: str) -> Setting:
        name = f"entropy.{guard.name}"
        mode = mode if guard.governs else "report"
        if guard.module and not complete(guard.module):
            why = f"{guard.module} is not imported"
            return Setting(
                name=name, requested=mode, effective="", effect="waiting",
                verified_by=f"not verified: {why}", note="it is guarded the moment it is imported",
            )  # fmt: skip
        if guard.name in self._on and guard.in_place():
            return Setting(
                name=name, requested=mode, effective=mode + (of if guard.governs else ""),
                effect="in force", verified_by="the function that it asks through is ours", note=guard.note,
            )  # fmt: skip
        why = self._failures.get(guard.name) or "somebody else has replaced the function that it asks through"
        return Setting(
            name=name, requested=mode, effective="", effect="not in force",
            verified_by="the function that it asks through", note=f"{why}; its draws are not seen",
        )  # fmt: skip


PROCESS = ProcessGuards()
"""The guards of this process; sessions share it."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=PROCESS.renew_lock)
