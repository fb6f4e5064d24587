"""What held a device back is said of the cell in which it was seen; the driver below the binding is a fake."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from fake_nvml import FUNCTIONS

from jupyter_repro.environments.gpu_sampler import GpuSampler

if TYPE_CHECKING:
    from collections.abc import Callable

    from fake_nvml import FakeLib


class Card:
    """Facts that change while it is looked at."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.heat, self.clock, self.reasons, self.energy = 50, 1980, 0x1, 1_000

        def tell(name: str, at: int) -> Callable[..., None]:
            def body(*arguments: object) -> None:
                arguments[at].value = getattr(self, name)  # type: ignore[attr-defined]  # a ctypes number

            return body

        monkeypatch.setitem(FUNCTIONS, "nvmlDeviceGetTemperature", tell("heat", 2))
        monkeypatch.setitem(FUNCTIONS, "nvmlDeviceGetClockInfo", tell("clock", 2))
        monkeypatch.setitem(FUNCTIONS, "nvmlDeviceGetCurrentClocksEventReasons", tell("reasons", 1))
        monkeypatch.setitem(FUNCTIONS, "nvmlDeviceGetTotalEnergyConsumption", tell("energy", 1))


def test_each_cell_has_its_own_heat_clocks_and_energy(
    driver: Callable[..., FakeLib], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Maximum, minimum, every reason; energy since the look before the cell; nothing of what came before it."""
    card = Card(monkeypatch)
    library = driver()
    now = [0.0]
    sampler = GpuSampler(interval_s=1000, clock=lambda: now[0])
    assert sampler.start() == ""
    assert sampler.on
    now[0], card.heat, card.energy = 1.0, 99, 2_000  # between cells
    sampler._look()
    now[0] = 2.0
    started = 2.0
    now[0], card.heat, card.clock, card.reasons, card.energy = 3.0, 80, 1200, 0x4, 4_000
    sampler._look()
    now[0], card.heat, card.clock, card.reasons, card.energy = 4.0, 60, 1900, 0x40, 7_500
    sampler.cell_ended(5, started)
    (sample,) = sampler.samples
    assert (sample.order, sample.device, sample.samples) == (5, 0, 2)
    assert (sample.temperature_max_c, sample.sm_clock_min_mhz, sample.energy_j) == (80, 1200, 5.5)
    assert sample.slowed_by == ("power cap", "hardware thermal")
    assert sample.throttled
    sampler.stop()
    assert not sampler.on
    assert library.open == 0
    assert sampler.samples == (sample,)


def test_a_short_cell_is_looked_at_once(
    driver: Callable[..., FakeLib], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At its end, so that no cell is without a look; an idle device is not throttled."""
    Card(monkeypatch)
    driver()
    sampler = GpuSampler(interval_s=1000)
    sampler.start()
    sampler.cell_ended(1, time.time() - 0.001)
    (sample,) = sampler.samples
    assert (sample.samples, sample.slowed_by, sample.throttled) == (1, ("idle",), False)
    sampler.stop()


def test_a_thread_looks_by_itself(driver: Callable[..., FakeLib], monkeypatch: pytest.MonkeyPatch) -> None:
    """And ends when it is told to; what a device does not tell stays None."""
    Card(monkeypatch)
    driver(nvmlDeviceGetTotalEnergyConsumption=3, nvmlDeviceGetTemperature=3)
    sampler = GpuSampler(interval_s=0.01)
    seen = threading.Event()
    look = sampler._look

    def counted() -> None:
        look()
        if len(sampler._looks) > 2:
            seen.set()

    sampler._look = counted  # type: ignore[method-assign]  # to wait without a clock
    sampler.start()
    assert seen.wait(30)
    sampler.cell_ended(1, 0.0)
    sampler.stop()
    (sample,) = sampler.samples
    assert sample.samples > 2
    assert (sample.temperature_max_c, sample.energy_j) == (None, None)
    assert not any(thread.name == "jupyter_repro GPU sampler" for thread in threading.enumerate())


def test_without_a_driver_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is told, and no thread is started."""
    monkeypatch.setitem(__import__("sys").modules, "pynvml", None)
    sampler = GpuSampler()
    assert sampler.start() == "nvidia-ml-py is not installed"
    assert not sampler.on
    sampler.cell_ended(1, 0.0)
    sampler.stop()
    assert sampler.samples == ()


@pytest.mark.gpu
def test_a_real_card_tells_heat_and_clocks() -> None:
    """One look at the end of a cell; the energy counter exists from Volta on."""
    sampler = GpuSampler(interval_s=0.05)
    why_not = sampler.start()
    if why_not:
        pytest.skip(why_not)
    started = time.time()
    time.sleep(0.3)
    sampler.cell_ended(1, started)
    sampler.stop()
    sample = sampler.samples[0]
    assert sample.samples > 1
    assert sample.temperature_max_c is not None
    assert sample.sm_clock_min_mhz is not None
