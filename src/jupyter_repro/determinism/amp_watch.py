"""Mixed precision as it happens: the scale at each step, without waiting for the GPU, and autocast regions."""

from __future__ import annotations

import contextlib
import functools
import itertools
import sys
import weakref
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.frames import asked_by, place_of
from jupyter_repro.imports import ImportWatch, complete
from jupyter_repro.patches import Patches
from jupyter_repro.records import Autocast, MixedPrecision, ScaleLog

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["AmpWatch"]

_CHUNK = 256
"""Scales kept one by one before they are joined on their device."""
_REGIONS = 1000
_BETWEEN = frozenset(("contextlib", "functools"))


class _Scales:
    """The scales of one scaler, the one before its first update first.

    They are copies on its device, which are asked for their numbers only in the end.
    """

    def __init__(self) -> None:
        self._single: list[Any] = []
        self._joined: list[Any] = []

    def add(self, scale: Any) -> None:
        self._single.append(scale.detach().clone())
        if len(self._single) >= _CHUNK:
            self._join()

    def log(self) -> ScaleLog:
        self._join()
        numbers = itertools.chain.from_iterable(chunk.tolist() for chunk in self._joined)
        start = next(numbers)
        runs = ((scale, sum(1 for _ in same)) for scale, same in itertools.groupby(numbers))
        return ScaleLog(start=start, scales=tuple(runs))

    def _join(self) -> None:
        if self._single:
            stack = sys.modules["torch"].stack
            self._joined.append(stack([scale.reshape(()) for scale in self._single]))
            self._single = []


class AmpWatch:
    """Stands in for ``GradScaler.update`` and the entry of ``autocast``, now or when torch is imported."""

    def __init__(self) -> None:
        self._patches = Patches()
        self._imports: ImportWatch | None = None
        self._scales: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        self._logs: dict[int, _Scales] = {}
        self._number = itertools.count()
        self._regions: dict[tuple[Any, ...], tuple[Autocast, list[int]]] = {}
        self.missed = ""
        """Why something was not logged, if it was not."""

    def start(self) -> None:
        """Begin to log."""
        if self._patches.in_place() or self._imports is not None:
            return
        if complete("torch"):
            self._put_on("torch")
            return
        self._imports = ImportWatch(("torch",), self._put_on, self._failed)
        self._imports.install()

    def stop(self) -> None:
        """Give back what was there; what others have put over it since is left, and ours only hands on."""
        if self._imports is not None:
            self._imports.uninstall()
            self._imports = None
        try:
            self._patches.give_back()
        except RuntimeError as error:
            self.missed = str(error)

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Within the block, what happens is not logged."""
        kept = self._scales, self._logs, self._regions
        self._scales, self._logs, self._regions = weakref.WeakKeyDictionary(), {}, {}
        try:
            yield
        finally:
            self._scales, self._logs, self._regions = kept

    def take(self) -> MixedPrecision | None:
        """Return what happened since the last take, None if nothing did; here the GPU is waited for."""
        if not self._logs and not self._regions:
            return None
        logs, self._logs = self._logs, {}
        regions, self._regions = self._regions, {}
        self._scales.clear()
        return MixedPrecision(
            scalers=tuple(scales.log() for scales in logs.values()),
            regions=tuple(msgspec.structs.replace(each, count=count[0]) for each, count in regions.values()),
        )

    def _failed(self, _module: str, error: Exception) -> None:
        self.missed = f"{type(error).__name__}: {error}"

    def _put_on(self, _module: str) -> None:
        amp = sys.modules["torch"].amp
        scaler = getattr(amp, "GradScaler", None)  # before 2.3 it was CUDA's alone
        if scaler is not None and "update" in vars(scaler):
            self._replace_update(scaler)
        self._replace_enter(amp.autocast)

    def _replace_update(self, scaler: Any) -> None:
        update = vars(scaler)["update"]

        @functools.wraps(update)
        def updated(scaler: Any, *arguments: Any, **more: Any) -> Any:
            if scaler not in self._scales:
                self._note_scale(scaler)
            result = update(scaler, *arguments, **more)
            self._note_scale(scaler)
            return result

        self._patches.replace(scaler, "update", updated)

    def _replace_enter(self, autocast: Any) -> None:
        enter = vars(autocast)["__enter__"]

        @functools.wraps(enter)
        def entered(region: Any) -> Any:
            self._note_region(region)
            return enter(region)

        self._patches.replace(autocast, "__enter__", entered)

    def _note_scale(self, scaler: Any) -> None:
        try:
            if self._patches.in_place() and getattr(scaler, "_scale", None) is not None:
                number = self._scales.setdefault(scaler, next(self._number))
                self._logs.setdefault(number, _Scales()).add(scaler._scale)  # noqa: SLF001 - get_scale() waits for the GPU
        except Exception as error:  # noqa: BLE001 - what fails here would break the user's training step
            self.missed = f"{type(error).__name__}: {error}"

    def _note_region(self, region: Any) -> None:
        try:
            if not self._patches.in_place() or not getattr(region, "_enabled", True):
                return
            site = asked_by(sys._getframe(2), through=_BETWEEN)  # noqa: SLF001 - the only way to see who asks
            place = None if site is None else place_of(site)
            key = (region.device, region.fast_dtype, place)
            if key not in self._regions and len(self._regions) < _REGIONS:
                found = Autocast(
                    device=str(region.device),
                    dtype=str(region.fast_dtype).removeprefix("torch."),
                    line=0 if place is None else place.line,
                    text="" if place is None else place.text,
                )
                self._regions[key] = (found, [0])
            if key in self._regions:
                self._regions[key][1][0] += 1
        except Exception as error:  # noqa: BLE001 - as above
            self.missed = f"{type(error).__name__}: {error}"
