"""AMD devices, as ROCm's own library tells them."""

from __future__ import annotations

import contextlib
import importlib
from typing import TYPE_CHECKING, Any

from jupyter_repro.records import Gpu, Missing
from jupyter_repro.records.gpu import GpuHealth, GpuIdentity

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["amd_gpus"]

_MEGABYTE = 1 << 20


def amd_gpus() -> tuple[Gpu, ...] | Missing:
    """Return every AMD device in the order of its driver, or why none can be told; needs ``amdsmi``."""
    try:
        smi: Any = importlib.import_module("amdsmi")
        smi.amdsmi_init()
    except Exception as error:  # noqa: BLE001 - it loads a driver's library and raises kinds of its own
        return Missing(f"no AMD driver: {' '.join(str(error).split())[:200] or type(error).__name__}")
    try:
        found = tuple(
            _gpu(smi, index, handle) for index, handle in enumerate(smi.amdsmi_get_processor_handles())
        )
    except smi.AmdSmiException as error:
        return Missing(f"amdsmi: {error}")
    finally:
        with contextlib.suppress(smi.AmdSmiException):
            smi.amdsmi_shut_down()
    return found or Missing("the AMD driver finds no GPU")


def _gpu(smi: Any, index: int, handle: Any) -> Gpu:
    absent: dict[str, str] = {}

    def ask(field: str, function: str) -> Any:
        known: Callable[[Any], Any] | None = getattr(smi, function, None)
        if known is None:
            absent[field] = "not known to this amdsmi"
            return {}
        try:
            return known(handle)
        except smi.AmdSmiException as error:
            absent[field] = " ".join(str(error).split())[:200]
            return {}

    chip = ask("name", "amdsmi_get_gpu_asic_info")
    memory = ask("memory_bytes", "amdsmi_get_gpu_vram_usage")
    errors = ask("health.errors", "amdsmi_get_gpu_total_ecc_count")
    vbios = ask("identity.vbios", "amdsmi_get_gpu_vbios_info")
    bus = ask("identity.pci_bus", "amdsmi_get_gpu_device_bdf")
    units = chip.get("num_compute_units")
    total = memory.get("vram_total")
    return Gpu(
        index=index,
        vendor="amd",
        name=str(chip.get("market_name") or "unknown"),
        driver=str(ask("driver", "amdsmi_get_gpu_driver_info").get("driver_version") or "unknown"),
        cuda_driver="",
        compute_capability=None,
        memory_bytes=int(total) * _MEGABYTE if isinstance(total, int) else None,
        multiprocessors=int(units) if isinstance(units, int) else None,
        mig=None,
        ecc=None,
        uuid=_text(ask("uuid", "amdsmi_get_gpu_device_uuid")),
        architecture=_text(chip.get("target_graphics_version")),
        identity=GpuIdentity(
            serial=_text(chip.get("asic_serial")),
            vbios=_text(vbios.get("version") or vbios.get("part_number")),
            pci_bus=_text(bus),
        ),
        health=GpuHealth(
            corrected_aggregate=errors.get("correctable_count"),
            uncorrected_aggregate=errors.get("uncorrectable_count"),
        ),
        absent=absent,
    )


def _text(value: Any) -> str | None:
    return str(value) if value and value != "N/A" and not isinstance(value, dict) else None
