"""A stand-in for absent hardware: it takes the place of the driver's C library below the real Python wrappers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

NOT_SUPPORTED, NO_PERMISSION, NOT_LOADED, LOST = 3, 4, 9, 15


class FakeLib:
    """The driver's library with one device; a function that is not here is not in this driver."""

    def __init__(self, **codes: int) -> None:
        self.codes = codes
        self.open = 0
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., int]:
        body = FUNCTIONS.get(name)
        if body is None:
            raise AttributeError(name)

        def call(*arguments: Any) -> int:
            self.calls.append(name)
            code = self.codes.get(name, 0)
            if code == 0:
                self.open += {"nvmlInitWithFlags": 1, "nvmlShutdown": -1}.get(name, 0)
                body(*[getattr(each, "_obj", each) for each in arguments])
            return code

        setattr(self, name, call)
        return call


def _set(**values: int) -> Callable[..., None]:
    def body(_device: Any, record: Any) -> None:
        for field, value in values.items():
            setattr(record, field, value)

    return body


def _pair(first: int, second: int) -> Callable[..., None]:
    def body(_device: Any, one: Any, two: Any) -> None:
        one.value, two.value = first, second

    return body


def _word(text: bytes, at: int) -> Callable[..., None]:
    def body(*arguments: Any) -> None:
        arguments[at].value = text

    return body


def _number(value: int) -> Callable[..., None]:
    def body(target: Any) -> None:
        target.value = value

    return body


def _value(number: int, at: int = 1) -> Callable[..., None]:
    def body(*arguments: Any) -> None:
        arguments[at].value = number

    return body


def _several(*values: int) -> Callable[..., None]:
    def body(_device: Any, *targets: Any) -> None:
        for target, value in zip(targets, values, strict=True):
            target.value = value

    return body


def _errors(_device: Any, kind: Any, since: Any, target: Any) -> None:
    """2 and 20 corrected, 0 and 1 uncorrected ones; since the driver was loaded, and ever."""
    number = [getattr(each, "value", each) for each in (kind, since)]
    target.value = {(0, 0): 2, (0, 1): 20, (1, 0): 0, (1, 1): 1}[number[0], number[1]]


def _bus(_device: Any, record: Any) -> None:
    record.busId = b"00000000:3B:00.0"


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "nvmlInitWithFlags": lambda _flags: None,
    "nvmlShutdown": lambda: None,
    "nvmlErrorString": lambda _code: None,
    "nvmlDeviceGetCount_v2": _number(1),
    "nvmlDeviceGetHandleByIndex_v2": lambda _index, _device: None,
    "nvmlDeviceGetName": _word(b"NVIDIA Fake 1", 1),
    "nvmlDeviceGetUUID": _word(b"GPU-1234", 1),
    "nvmlSystemGetDriverVersion": _word(b"580.95", 0),
    "nvmlSystemGetCudaDriverVersion_v2": _number(13010),
    "nvmlDeviceGetCudaComputeCapability": _pair(9, 0),
    "nvmlDeviceGetMemoryInfo": _set(total=80 << 30, free=1, used=1),
    "nvmlDeviceGetMigMode": _pair(0, 1),
    "nvmlDeviceGetEccMode": _pair(1, 1),
    "nvmlDeviceGetAttributes_v2": _set(multiprocessorCount=132),
    "nvmlDeviceGetArchitecture": _value(9),
    "nvmlDeviceGetNumGpuCores": _value(16896),
    "nvmlDeviceGetSerial": _word(b"165", 1),
    "nvmlDeviceGetBoardPartNumber": _word(b"900-1", 1),
    "nvmlDeviceGetVbiosVersion": _word(b"96.00", 1),
    "nvmlDeviceGetInforomImageVersion": _word(b"G520", 1),
    "nvmlDeviceGetGspFirmwareVersion": lambda _device, buffer: setattr(buffer, "value", b"580.95"),
    "nvmlDeviceGetPciInfo_v3": _bus,
    "nvmlDeviceGetTotalEccErrors": _errors,
    "nvmlDeviceGetRemappedRows": _several(3, 1, 0, 0),
    "nvmlDeviceGetClockInfo": lambda _device, kind, target: setattr(
        target, "value", 1755 if _n(kind) == 1 else 2619
    ),
    "nvmlDeviceGetMaxClockInfo": lambda _device, kind, target: setattr(
        target, "value", 1980 if _n(kind) == 1 else 2619
    ),
    "nvmlDeviceGetApplicationsClock": _value(1830, 2),
    "nvmlDeviceGetPerformanceState": _value(0),
    "nvmlDeviceGetPowerUsage": _value(412_345),
    "nvmlDeviceGetEnforcedPowerLimit": _value(700_000),
    "nvmlDeviceGetPowerManagementDefaultLimit": _value(700_000),
    "nvmlDeviceGetTemperature": _value(61, 2),
    "nvmlDeviceGetTemperatureThreshold": _value(87, 2),
    "nvmlDeviceGetCurrentClocksEventReasons": _value(0x4 | 0x40 | 0x10000),
    "nvmlDeviceGetCurrPcieLinkGeneration": _value(5),
    "nvmlDeviceGetMaxPcieLinkGeneration": _value(5),
    "nvmlDeviceGetCurrPcieLinkWidth": _value(8),
    "nvmlDeviceGetMaxPcieLinkWidth": _value(16),
    "nvmlDeviceGetMemoryBusWidth": _value(5120),
    "nvmlDeviceGetComputeMode": _value(0),
    "nvmlDeviceGetPersistenceMode": _value(1),
    "nvmlDeviceGetTotalEnergyConsumption": _value(5_000),
}


def _n(value: Any) -> int:
    return int(getattr(value, "value", value))
