"""Looks at the devices once a second, and keeps for each cell what held them back."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.records import Missing
from jupyter_repro.records.gpu import GpuSample

from .gpu_performance import SM_CLOCK, TEMPERATURE, slowed_by
from .nvml import Device, opened

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["GpuSampler"]

_MOST = 100_000
"""Cell runs kept."""


class GpuSampler:
    """A thread beside the kernel that asks NVML; off until it is started.

    Args:
        running: Returns the order of the cell that runs, 0 between cells.
        interval_s: Seconds between two looks.
    """

    def __init__(self, running: Callable[[], int], *, interval_s: float = 1.0) -> None:
        self._running = running
        self._interval_s = interval_s
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._found: dict[tuple[int, int], GpuSample] = {}
        self._energy: dict[int, int] = {}
        self.why_not = ""
        """Why nothing is sampled, or nothing."""

    @property
    def on(self) -> bool:
        """Whether it samples."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> str:
        """Begin to sample; return why that cannot be, or nothing."""
        if self.on:
            return ""
        with opened() as nvml:
            if isinstance(nvml, Missing):
                self.why_not = nvml.reason
                return self.why_not
        self.why_not = ""
        self._stopped.clear()
        self._energy.clear()
        self._thread = threading.Thread(target=self._run, name="jupyter_repro GPU sampler", daemon=True)
        self._thread.start()
        return ""

    def stop(self) -> None:
        """Sample no more; what was seen stays."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(timeout=self._interval_s + 1)
        self._thread = None

    def samples(self) -> tuple[GpuSample, ...]:
        """Return what was seen, by cell run and device."""
        return tuple(self._found[key] for key in sorted(self._found.copy()))

    def _run(self) -> None:
        with opened() as nvml:
            if isinstance(nvml, Missing):
                self.why_not = nvml.reason
                return
            try:
                handles = [nvml.nvmlDeviceGetHandleByIndex(i) for i in range(nvml.nvmlDeviceGetCount())]
                while not self._stopped.wait(self._interval_s):
                    order = self._running()
                    for index, handle in enumerate(handles):
                        self._look(Device(nvml, handle), index, order)
            except nvml.NVMLError as error:
                self.why_not = f"NVML: {error}"

    def _look(self, device: Device, index: int, order: int) -> None:
        old = self._found.get((order, index)) or GpuSample(order=order, device=index, samples=0)
        if old.samples == 0 and len(self._found) >= _MOST:
            return
        energy = device.ask("energy", "nvmlDeviceGetTotalEnergyConsumption")
        spent = None if energy is None or index not in self._energy else (energy - self._energy[index]) / 1000
        if energy is not None:
            self._energy[index] = energy
        reasons = dict.fromkeys((*old.slowed_by, *(slowed_by(device) or ())))
        self._found[order, index] = msgspec.structs.replace(
            old,
            samples=old.samples + 1,
            temperature_max_c=_of(
                max, old.temperature_max_c, device.ask("heat", "nvmlDeviceGetTemperature", TEMPERATURE)
            ),
            sm_clock_min_mhz=_of(
                min, old.sm_clock_min_mhz, device.ask("clock", "nvmlDeviceGetClockInfo", SM_CLOCK)
            ),
            slowed_by=tuple(reasons),
            energy_j=old.energy_j if spent is None else round((old.energy_j or 0.0) + spent, 3),
        )


def _of(choose: Callable[[int, int], int], old: int | None, new: int | None) -> int | None:
    if old is None or new is None:
        return old if new is None else new
    return choose(old, new)
