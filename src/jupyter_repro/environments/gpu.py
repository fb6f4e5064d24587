"""NVIDIA devices, as NVML tells them."""

from __future__ import annotations

import sys
from typing import Any

from jupyter_repro.records import Gpu, Missing
from jupyter_repro.records.gpu import GpuIdentity

from .gpu_health import health
from .gpu_performance import performance
from .nvml import Device, opened, refusal

__all__ = ["gpus"]

_MOST_PARTS = 16


def gpus() -> tuple[Gpu, ...] | Missing:
    """Return every device of the machine in NVML's order, or why none can be told."""
    with opened() as nvml:
        if isinstance(nvml, Missing):
            return nvml
        try:
            found = tuple(_gpu(nvml, index) for index in range(nvml.nvmlDeviceGetCount()))
        except nvml.NVMLError as error:
            return refusal(error)
    return found or Missing("the NVIDIA driver finds no GPU")


def _gpu(nvml: Any, index: int) -> Gpu:
    device = Device(nvml, nvml.nvmlDeviceGetHandleByIndex(index))
    capability = device.ask("compute_capability", "nvmlDeviceGetCudaComputeCapability")
    memory = device.ask("memory_bytes", "nvmlDeviceGetMemoryInfo")
    mig = device.ask("mig", "nvmlDeviceGetMigMode")
    ecc = device.ask("ecc", "nvmlDeviceGetEccMode")
    uuid = device.ask("uuid", "nvmlDeviceGetUUID")
    multiprocessors = _multiprocessors(device, uuid)
    return Gpu(
        index=index,
        name=device.ask("name", "nvmlDeviceGetName") or "unknown",
        driver=device.ask_driver("driver", "nvmlSystemGetDriverVersion") or "unknown",
        cuda_driver=_cuda(device.ask_driver("cuda_driver", "nvmlSystemGetCudaDriverVersion_v2")),
        compute_capability=None if capability is None else f"{capability[0]}.{capability[1]}",
        memory_bytes=None if memory is None else int(memory.total),
        multiprocessors=multiprocessors,
        mig=None if mig is None else bool(mig[0]),
        ecc=None if ecc is None else bool(ecc[0]),
        uuid=uuid,
        architecture=_architecture(nvml, device.ask("architecture", "nvmlDeviceGetArchitecture")),
        cores=device.ask("cores", "nvmlDeviceGetNumGpuCores"),
        mig_parts=_parts(device) if mig is not None and mig[0] else (),
        identity=_identity(device),
        health=health(device, None if ecc is None else bool(ecc[1])),
        performance=performance(device, memory),
        absent=device.absent,
    )


def _identity(device: Device) -> GpuIdentity:
    bus = device.ask("identity.pci_bus", "nvmlDeviceGetPciInfo_v3")
    raw = None if bus is None else bus.busId
    return GpuIdentity(
        serial=device.ask("identity.serial", "nvmlDeviceGetSerial"),
        board_part=device.ask("identity.board_part", "nvmlDeviceGetBoardPartNumber"),
        vbios=device.ask("identity.vbios", "nvmlDeviceGetVbiosVersion"),
        inforom=device.ask("identity.inforom", "nvmlDeviceGetInforomImageVersion"),
        gsp_firmware=device.ask("identity.gsp_firmware", "nvmlDeviceGetGspFirmwareVersion"),
        pci_bus=raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw,
    )


def _architecture(nvml: Any, number: int | None) -> str | None:
    """Return ``hopper`` for 9, by the names that the binding knows."""
    if number is None:
        return None
    prefix = "NVML_DEVICE_ARCH_"
    names = {
        vars(nvml)[name]: name.removeprefix(prefix).lower() for name in dir(nvml) if name.startswith(prefix)
    }
    return names.get(number, f"number {number}")


def _parts(device: Device) -> tuple[str, ...]:
    """Return the names of the parts of a divided device, such as ``NVIDIA H100 MIG 1g.10gb``."""
    names = []
    for index in range(_MOST_PARTS):
        part = device.ask("mig_parts", "nvmlDeviceGetMigDeviceHandleByIndex", index)
        if part is not None:
            names.append(device.ask_driver("mig_parts", "nvmlDeviceGetName", part) or "unknown")
    device.absent.pop("mig_parts", None)  # the places that no part has
    return tuple(names)


def _cuda(version: int | None) -> str:
    """Return ``13.1`` for 13010."""
    return "unknown" if version is None else f"{version // 1000}.{version % 1000 // 10}"


def _multiprocessors(device: Device, uuid: str | None) -> int | None:
    """Return the count from NVML, else from torch, if the user's code has already started CUDA there."""
    attributes = device.ask("multiprocessors", "nvmlDeviceGetAttributes_v2")
    if attributes is not None and attributes.multiprocessorCount:
        return int(attributes.multiprocessorCount)
    cuda = getattr(sys.modules.get("torch"), "cuda", None)
    if cuda is not None and uuid is not None and cuda.is_initialized():
        for number in range(cuda.device_count()):
            properties = cuda.get_device_properties(number)
            if f"GPU-{getattr(properties, 'uuid', None)}" == uuid:
                device.absent.pop("multiprocessors", None)
                return int(properties.multi_processor_count)
    return None
