"""Looks at the devices once a second, and says of each cell what held them back."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_repro.records import Missing
from jupyter_repro.records.gpu import GpuSample

from .gpu_performance import SM_CLOCK, TEMPERATURE, slowed_by
from .nvml import Device, opened

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["GpuSampler"]

_MOST = 50_000
"""Cell runs and devices kept."""


class _Look(NamedTuple):
    when: float
    device: int
    temperature_c: int | None
    sm_clock_mhz: int | None
    slowed_by: tuple[str, ...]
    energy_mj: int | None


class GpuSampler:
    """A thread beside the kernel that asks NVML; off until it is started.

    Args:
        interval_s: Seconds between two looks.
        clock: Seconds since 1970.
    """

    def __init__(self, *, interval_s: float = 1.0, clock: Callable[[], float] = time.time) -> None:
        self._interval_s = interval_s
        self._clock = clock
        self._stopped = threading.Event()
        self._looking = threading.Lock()
        self._thread: threading.Thread | None = None
        self._opened: Any = None
        self._devices: list[Device] = []
        self._looks: list[_Look] = []
        self._energy: dict[int, int] = {}
        """The counter of each device at the end of the last cell."""
        self._samples: dict[tuple[int, int], GpuSample] = {}

    @property
    def on(self) -> bool:
        """Whether it samples."""
        return self._thread is not None

    @property
    def samples(self) -> tuple[GpuSample, ...]:
        """What was seen, by cell run and device."""
        return tuple(self._samples[key] for key in sorted(self._samples))

    def start(self) -> str:
        """Begin to sample; return why that cannot be, or nothing."""
        if self.on:
            return ""
        self._opened = opened()
        nvml = self._opened.__enter__()
        why = nvml.reason if isinstance(nvml, Missing) else self._find(nvml)
        if why:
            self._opened.__exit__(None, None, None)
            return str(why)
        self._stopped.clear()
        self._look()
        self._settle(0, self._clock())
        self._thread = threading.Thread(target=self._run, name="jupyter_repro GPU sampler", daemon=True)
        self._thread.start()
        return ""

    def stop(self) -> None:
        """Sample no more; what was seen stays."""
        if self._thread is None:
            return
        self._stopped.set()
        self._thread.join()
        self._thread = None
        self._opened.__exit__(None, None, None)

    def cell_ended(self, order: int, started: float) -> None:
        """Keep what was seen for the cell run that has just ended.

        Args:
            order: The cell run.
            started: When it began, in seconds since 1970; what was seen before belongs to no cell.
        """
        if self.on:
            self._look()
            self._settle(order, started)

    def _find(self, nvml: Any) -> str:
        try:
            handles = [nvml.nvmlDeviceGetHandleByIndex(i) for i in range(nvml.nvmlDeviceGetCount())]
        except nvml.NVMLError as error:
            return f"NVML: {error}"
        self._devices = [Device(nvml, handle) for handle in handles]
        return "" if handles else "the NVIDIA driver finds no GPU"

    def _run(self) -> None:
        while not self._stopped.wait(self._interval_s):
            self._look()

    def _look(self) -> None:
        with self._looking:
            for index, device in enumerate(self._devices):
                self._looks.append(
                    _Look(
                        self._clock(),
                        index,
                        device.ask("heat", "nvmlDeviceGetTemperature", TEMPERATURE),
                        device.ask("clock", "nvmlDeviceGetClockInfo", SM_CLOCK),
                        slowed_by(device) or (),
                        device.ask("energy", "nvmlDeviceGetTotalEnergyConsumption"),
                    )
                )

    def _settle(self, order: int, started: float) -> None:
        with self._looking:
            looks, self._looks = self._looks, []
        for index in range(len(self._devices)):
            mine = [look for look in looks if look.device == index]
            inside = [look for look in mine if look.when >= started]
            before = [look.energy_mj for look in mine if look.when < started and look.energy_mj is not None]
            if before:
                self._energy[index] = before[-1]
            if order and inside and len(self._samples) < _MOST:
                self._samples[order, index] = _summary(order, index, inside, self._energy.get(index))
            last = mine[-1].energy_mj if mine else None
            if last is not None:
                self._energy[index] = last


def _summary(order: int, device: int, looks: list[_Look], energy_before: int | None) -> GpuSample:
    heat = [look.temperature_c for look in looks if look.temperature_c is not None]
    clocks = [look.sm_clock_mhz for look in looks if look.sm_clock_mhz is not None]
    energy = looks[-1].energy_mj
    return GpuSample(
        order=order,
        device=device,
        samples=len(looks),
        temperature_max_c=max(heat, default=None),
        sm_clock_min_mhz=min(clocks, default=None),
        slowed_by=tuple(dict.fromkeys(reason for look in looks for reason in look.slowed_by)),
        energy_j=None if energy is None or energy_before is None else (energy - energy_before) / 1000,
    )
