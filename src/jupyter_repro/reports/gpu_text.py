"""The devices as text, by what each fact can explain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Missing

from .table import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_repro.records import Environment, Gpu
    from jupyter_repro.records.gpu import GpuHealth, GpuIdentity, GpuPerformance, GpuSample

__all__ = ["gpu_line", "gpu_text", "sample_lines"]


def gpu_line(gpu: Gpu) -> str:
    """Return what decides the bits of a device, in one line."""
    memory = f"{gpu.memory_bytes / (1 << 30):.0f} GB" if gpu.memory_bytes else ""
    units = f"{gpu.multiprocessors} multiprocessors" if gpu.multiprocessors else ""
    kind = " ".join(part for part in (gpu.architecture, gpu.compute_capability) if part)
    driver = f"driver {gpu.driver}" if gpu.driver != "unknown" else ""
    parts = f"divided into {', '.join(gpu.mig_parts) or 'parts'}" if gpu.mig else ""
    return ", ".join(part for part in (gpu.name, kind, units, memory, driver, parts) if part)


def gpu_text(environment: Environment, samples: Sequence[GpuSample] = ()) -> str:
    """Return what every device tells, or why there is none."""
    return "\n".join((*_devices(environment), *sample_lines(samples)))


def _devices(environment: Environment) -> Iterator[str]:
    if isinstance(environment.gpus, Missing):
        yield f"There is no GPU: {environment.gpus.reason}."
        others = environment.compute.absent if environment.compute else {}
        yield from (f"{name}: {others[name]}" for name in ("amd", "apple") if name in others)
        return
    for number, gpu in enumerate(environment.gpus):
        if number:
            yield ""
        yield f"GPU {gpu.index}: {gpu_line(gpu)}"
        yield from table(("decides", "fact", "now"), [*_numerics(gpu), *_rest(gpu)])
        reasons = sorted(set(gpu.absent.values()))
        for reason in reasons:
            fields = ", ".join(sorted(name for name, why in gpu.absent.items() if why == reason))
            yield f"{reason}: {fields}"


def _numerics(gpu: Gpu) -> Iterator[tuple[str, str, str]]:
    facts = {
        "model": gpu.name,
        "architecture": gpu.architecture,
        "compute capability": gpu.compute_capability,
        "multiprocessors": gpu.multiprocessors,
        "divided (MIG)": None
        if gpu.mig is None
        else ("yes: " + ", ".join(gpu.mig_parts) if gpu.mig else "no"),
        "driver": gpu.driver,
        "CUDA driver": gpu.cuda_driver,
    }
    for name, value in facts.items():
        if value not in (None, ""):
            yield "bits", name, str(value)


def _rest(gpu: Gpu) -> Iterator[tuple[str, str, str]]:
    if gpu.uuid:
        yield "which one", "uuid", gpu.uuid
    if gpu.ecc is not None:
        yield "trust", "error correction", "on" if gpu.ecc else "off"
    parts: tuple[tuple[str, GpuIdentity | GpuHealth | GpuPerformance | None], ...] = (
        ("which one", gpu.identity),
        ("trust", gpu.health),
        ("time", gpu.performance),
    )
    for decides, part in parts:
        for field in part.__struct_fields__ if part is not None else ():
            value = getattr(part, field)
            if value is not None:
                yield decides, _word(field), ", ".join(value) if isinstance(value, tuple) else _said(value)


def _word(field: str) -> str:
    return (
        field.replace("_", " ").replace(" mhz", " (MHz)").replace(" w", " (W)")
        if field.endswith(("_mhz", "_w"))
        else field.replace("_", " ")
    )


def _said(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def sample_lines(samples: Sequence[GpuSample]) -> Iterator[str]:
    """Yield what the devices did cell by cell, where they were looked at."""
    if not samples:
        return
    yield ""
    rows = [
        (
            str(each.order),
            str(each.device),
            str(each.samples),
            "" if each.temperature_max_c is None else f"{each.temperature_max_c} C",
            "" if each.sm_clock_min_mhz is None else f"{each.sm_clock_min_mhz} MHz",
            "" if each.energy_j is None else f"{each.energy_j:,.0f} J",
            ("THROTTLED: " if each.throttled else "") + ", ".join(each.slowed_by),
        )
        for each in samples
    ]
    yield from table(("run", "GPU", "looks", "hottest", "slowest", "energy", "held back by"), rows)
