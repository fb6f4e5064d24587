"""What explains how long a device takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.records.gpu import GpuPerformance

if TYPE_CHECKING:
    from .nvml import Device

__all__ = ["SM_CLOCK", "TEMPERATURE", "performance", "slowed_by"]

SM_CLOCK, _MEMORY_CLOCK = 1, 2
TEMPERATURE = 0
_SLOWDOWN = 1
_MODES = {0: "default", 1: "exclusive thread", 2: "prohibited", 3: "exclusive process"}
_SLOWED_BY = {
    0x1: "idle",
    0x2: "application clocks",
    0x4: "power cap",
    0x8: "hardware slowdown",
    0x10: "sync boost",
    0x20: "software thermal",
    0x40: "hardware thermal",
    0x80: "power brake",
    0x100: "display clocks",
    0x200: "board limit",
    0x400: "reliability",
}
_REASON_FUNCTIONS = ("nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceGetCurrentClocksThrottleReasons")


def performance(device: Device, memory: Any) -> GpuPerformance:
    """Return clocks, power, heat and links at this moment."""

    def number(field: str, function: str, *arguments: Any) -> int | None:
        answer: int | None = device.ask(f"performance.{field}", function, *arguments)
        return answer

    def watts(field: str, function: str) -> float | None:
        milliwatts = number(field, function)
        return None if milliwatts is None else milliwatts / 1000

    state = number("state", "nvmlDeviceGetPerformanceState")
    mode = number("compute_mode", "nvmlDeviceGetComputeMode")
    persistence = number("persistence", "nvmlDeviceGetPersistenceMode")
    processes = device.ask("performance.processes", "nvmlDeviceGetComputeRunningProcesses_v3")
    return GpuPerformance(
        sm_clock_mhz=number("sm_clock_mhz", "nvmlDeviceGetClockInfo", SM_CLOCK),
        sm_clock_max_mhz=number("sm_clock_max_mhz", "nvmlDeviceGetMaxClockInfo", SM_CLOCK),
        sm_clock_wished_mhz=number("sm_clock_wished_mhz", "nvmlDeviceGetApplicationsClock", SM_CLOCK),
        memory_clock_mhz=number("memory_clock_mhz", "nvmlDeviceGetClockInfo", _MEMORY_CLOCK),
        memory_clock_max_mhz=number("memory_clock_max_mhz", "nvmlDeviceGetMaxClockInfo", _MEMORY_CLOCK),
        state=None if state is None else f"P{state}",
        power_w=watts("power_w", "nvmlDeviceGetPowerUsage"),
        power_limit_w=watts("power_limit_w", "nvmlDeviceGetEnforcedPowerLimit"),
        power_default_w=watts("power_default_w", "nvmlDeviceGetPowerManagementDefaultLimit"),
        temperature_c=number("temperature_c", "nvmlDeviceGetTemperature", TEMPERATURE),
        slowdown_at_c=number("slowdown_at_c", "nvmlDeviceGetTemperatureThreshold", _SLOWDOWN),
        slowed_by=slowed_by(device),
        pcie_generation=number("pcie_generation", "nvmlDeviceGetCurrPcieLinkGeneration"),
        pcie_generation_max=number("pcie_generation_max", "nvmlDeviceGetMaxPcieLinkGeneration"),
        pcie_width=number("pcie_width", "nvmlDeviceGetCurrPcieLinkWidth"),
        pcie_width_max=number("pcie_width_max", "nvmlDeviceGetMaxPcieLinkWidth"),
        memory_bus_bits=number("memory_bus_bits", "nvmlDeviceGetMemoryBusWidth"),
        compute_mode=None if mode is None else _MODES.get(mode, f"number {mode}"),
        persistence=None if persistence is None else bool(persistence),
        memory_used_bytes=None if memory is None else int(memory.used),
        processes=None if processes is None else len(processes),
    )


def slowed_by(device: Device) -> tuple[str, ...] | None:
    """Return why the clocks are not the highest; a reason that is not known here is called unknown."""
    for function in _REASON_FUNCTIONS:  # the second is the name of the first in older drivers
        bits = device.ask("performance.slowed_by", function)
        if bits is not None:
            device.absent.pop("performance.slowed_by", None)
            known = tuple(name for bit, name in _SLOWED_BY.items() if bits & bit)
            rest = bits & ~sum(_SLOWED_BY)
            return (*known, f"unknown {rest:#x}") if rest else known
    return None
