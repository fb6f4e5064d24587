"""GPUs are told through NVML, or the reason why there are none.

``FakeLib`` is a stand-in for absent hardware: it takes the place of the driver's C library below the real
Python wrappers. The ``gpu`` test asks a real card.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import types
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from jupyter_repro.environments import gpu
from jupyter_repro.records import Gpu, Missing
from jupyter_repro.records.gpu import GpuHealth, GpuIdentity, GpuPerformance

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pynvml = pytest.importorskip("pynvml")

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


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeLib]:
    def put(**codes: int) -> FakeLib:
        library = FakeLib(**codes)
        monkeypatch.setattr(pynvml, "nvmlLib", library)
        monkeypatch.setattr(pynvml, "_nvmlGetFunctionPointer_cache", {})
        return library

    return put


WHOLE = Gpu(
    index=0,
    name="NVIDIA Fake 1",
    driver="580.95",
    cuda_driver="13.1",
    compute_capability="9.0",
    memory_bytes=80 << 30,
    multiprocessors=132,
    mig=False,
    ecc=True,
    uuid="GPU-1234",
    architecture="hopper",
    cores=16896,
    identity=GpuIdentity(
        serial="165",
        board_part="900-1",
        vbios="96.00",
        inforom="G520",
        gsp_firmware="580.95",
        pci_bus="00000000:3B:00.0",
    ),
    health=GpuHealth(
        ecc_pending=True,
        corrected_volatile=2,
        corrected_aggregate=20,
        uncorrected_volatile=0,
        uncorrected_aggregate=1,
        remapped_correctable=3,
        remapped_uncorrectable=1,
        remapping_pending=False,
        remapping_failed=False,
    ),
    performance=GpuPerformance(
        sm_clock_mhz=1755,
        sm_clock_max_mhz=1980,
        sm_clock_wished_mhz=1830,
        memory_clock_mhz=2619,
        memory_clock_max_mhz=2619,
        state="P0",
        power_w=412.345,
        power_limit_w=700.0,
        power_default_w=700.0,
        temperature_c=61,
        slowdown_at_c=87,
        slowed_by=("power cap", "hardware thermal", "unknown 0x10000"),
        pcie_generation=5,
        pcie_generation_max=5,
        pcie_width=8,
        pcie_width_max=16,
        memory_bus_bits=5120,
        compute_mode="default",
        persistence=True,
        memory_used_bytes=1,
    ),
    absent={
        "health.retired_pages": "not known to this driver",
        "performance.processes": "not known to this driver",
    },
)


def test_a_device_that_answers_everything(driver: Callable[..., FakeLib]) -> None:
    """Every field comes through the real wrappers, and NVML is left as it was found."""
    library = driver()
    assert gpu.gpus() == (WHOLE,)
    assert library.open == 0


@pytest.mark.parametrize(
    ("function", "field", "value"),
    [
        ("nvmlDeviceGetCudaComputeCapability", "compute_capability", None),
        ("nvmlDeviceGetMemoryInfo", "memory_bytes", None),
        ("nvmlDeviceGetMigMode", "mig", None),
        ("nvmlDeviceGetEccMode", "ecc", None),
        ("nvmlDeviceGetAttributes_v2", "multiprocessors", None),
        ("nvmlDeviceGetUUID", "uuid", None),
        ("nvmlDeviceGetName", "name", "unknown"),
        ("nvmlSystemGetDriverVersion", "driver", "unknown"),
        ("nvmlSystemGetCudaDriverVersion_v2", "cuda_driver", "unknown"),
        ("nvmlDeviceGetArchitecture", "architecture", None),
        ("nvmlDeviceGetNumGpuCores", "cores", None),
    ],
)
@pytest.mark.parametrize("old", [False, True])
def test_what_a_device_does_not_say_is_none_and_never_zero(
    driver: Callable[..., FakeLib],
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    field: str,
    value: str | None,
    old: bool,  # noqa: FBT001 - a table of two
) -> None:
    """Not supported by the device, or not known to an old driver."""
    if old:
        monkeypatch.delitem(FUNCTIONS, function)
    library = driver(**{function: NOT_SUPPORTED})
    found = gpu.gpus()
    assert isinstance(found, tuple)
    flat = set(WHOLE.__struct_fields__) - {"identity", "health", "performance", "absent"}
    assert {name for name in flat if getattr(found[0], name) != getattr(WHOLE, name)} == {field}
    assert found[0].absent[field] == ("not known to this driver" if old else "not supported by this device")
    assert getattr(found[0], field) == value
    assert library.open == 0


@pytest.mark.parametrize(
    ("function", "code", "reason", "opened"),
    [
        ("nvmlInitWithFlags", NOT_LOADED, "the NVIDIA driver is installed and not loaded", 0),
        ("nvmlInitWithFlags", NO_PERMISSION, "the NVIDIA driver may not be asked by this user", 0),
        ("nvmlDeviceGetHandleByIndex_v2", LOST, "a GPU has fallen off the bus", 0),
    ],
)
def test_a_driver_that_fails_says_why(
    driver: Callable[..., FakeLib], function: str, code: int, reason: str, opened: int
) -> None:
    """One reason in plain words; what was opened is closed."""
    library = driver(**{function: code})
    assert gpu.gpus() == Missing(reason)
    assert library.open == opened


def test_a_driver_without_devices(driver: Callable[..., FakeLib], monkeypatch: pytest.MonkeyPatch) -> None:
    """Cards may be hidden from a container."""
    monkeypatch.setitem(FUNCTIONS, "nvmlDeviceGetCount_v2", _number(0))
    driver()
    assert gpu.gpus() == Missing("the NVIDIA driver finds no GPU")


def test_only_nvml_is_called_and_torch_never_started(driver: Callable[..., FakeLib]) -> None:
    """In a fresh process the capture loads no torch."""
    library = driver()
    gpu.gpus()
    assert all(name.startswith("nvml") for name in library.calls)
    code = (
        "import sys; from jupyter_repro.environments.gpu import gpus; gpus(); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def _torch(*, started: bool, uuid: str) -> types.ModuleType:
    """Stand-in for torch with CUDA, which needs hardware."""
    torch = types.ModuleType("torch")
    properties = types.SimpleNamespace(uuid=uuid, multi_processor_count=78)
    torch.cuda = types.SimpleNamespace(  # type: ignore[attr-defined]  # a module of the test's own
        is_initialized=lambda: started,
        device_count=lambda: 1 if started else pytest.fail("CUDA was started"),
        get_device_properties=lambda _: properties if started else pytest.fail("CUDA was started"),
    )
    return torch


@pytest.mark.parametrize(
    ("started", "uuid", "count"), [(True, "1234", 78), (True, "other", None), (False, "1234", None)]
)
def test_multiprocessors_come_from_torch_only_if_cuda_runs_already(
    driver: Callable[..., FakeLib],
    monkeypatch: pytest.MonkeyPatch,
    started: bool,  # noqa: FBT001 - a table
    uuid: str,
    count: int | None,
) -> None:
    """NVML tells the count for parts of a card only; devices are matched by UUID, not by index."""
    monkeypatch.setitem(sys.modules, "torch", _torch(started=started, uuid=uuid))
    driver(nvmlDeviceGetAttributes_v2=NOT_SUPPORTED)
    found = gpu.gpus()
    assert isinstance(found, tuple)
    assert found[0].multiprocessors == count


def test_a_package_that_hides_the_binding_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``pynvml`` before 12 ships a package of its own."""
    (tmp_path / "pynvml").mkdir()
    (tmp_path / "pynvml" / "__init__.py").write_text("import warnings; warnings.warn('old', FutureWarning)")
    monkeypatch.delitem(sys.modules, "pynvml")
    monkeypatch.syspath_prepend(tmp_path)
    assert gpu.gpus() == Missing("the package `pynvml` hides nvidia-ml-py; uninstall `pynvml`")
    monkeypatch.delitem(sys.modules, "pynvml")


def test_no_binding_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without nvidia-ml-py."""
    monkeypatch.setitem(sys.modules, "pynvml", None)
    assert gpu.gpus() == Missing("nvidia-ml-py is not installed")


def test_the_true_answer_of_this_machine() -> None:
    """Without a driver the reason names the library; with one there are devices."""
    code = "from jupyter_repro.environments.gpu import gpus; print(gpus())"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    if "libnvidia-ml.so.1 not found" not in done.stdout:
        assert "Gpu(" in done.stdout or "NVIDIA driver" in done.stdout


def test_a_divided_device_names_its_parts(
    driver: Callable[..., FakeLib], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fewer multiprocessors, other algorithms: the parts decide bits."""
    parts = iter([0, 0])

    def part(_device: Any, index: int, target: Any) -> None:
        target.value = 100 + _n(index)

    monkeypatch.setitem(FUNCTIONS, "nvmlDeviceGetMigMode", _pair(1, 1))
    monkeypatch.setitem(FUNCTIONS, "nvmlDeviceGetMigDeviceHandleByIndex", part)
    library = driver()
    whole = library.nvmlDeviceGetMigDeviceHandleByIndex
    library.nvmlDeviceGetMigDeviceHandleByIndex = lambda *arguments: next(parts, 6) or whole(*arguments)  # type: ignore[method-assign]
    found = gpu.gpus()
    assert isinstance(found, tuple)
    assert found[0].mig is True
    assert found[0].mig_parts == ("NVIDIA Fake 1", "NVIDIA Fake 1")


FAKE_C = r"""
#include <string.h>
typedef void *dev; typedef unsigned int u; typedef unsigned long long ull;
int nvmlInitWithFlags(u f) { return 0; }
int nvmlShutdown(void) { return 0; }
const char *nvmlErrorString(int c) { return "fake"; }
int nvmlDeviceGetCount_v2(u *n) { *n = 1; return 0; }
int nvmlDeviceGetHandleByIndex_v2(u i, dev *d) { *d = (dev)1; return 0; }
int nvmlDeviceGetName(dev d, char *s, u n) { strncpy(s, "NVIDIA C Fake", n); return 0; }
int nvmlDeviceGetCudaComputeCapability(dev d, int *a, int *b) { *a = 8; *b = 0; return 0; }
int nvmlSystemGetDriverVersion(char *s, u n) { strncpy(s, "550.1", n); return 0; }
int nvmlDeviceGetArchitecture(dev d, u *a) { *a = 7; return 0; }
int nvmlDeviceGetTotalEccErrors(dev d, int k, int c, ull *n) { *n = 7; return 0; }
int nvmlDeviceGetMigMode(dev d, u *a, u *b) { return 3; }
"""
"""Stand-in for the driver's library, which needs hardware: a real shared library below the real binding."""


def test_the_binding_over_a_shared_library(tmp_path: Path) -> None:
    """A true ``libnvidia-ml.so.1`` with a few functions: what it lacks is absent with a reason."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("needs a C compiler on Linux")
    (tmp_path / "fake.c").write_text(FAKE_C)
    library = tmp_path / "libnvidia-ml.so.1"
    command = [compiler, "-shared", "-fPIC", "-Wl,-soname,libnvidia-ml.so.1", "-o", str(library), "fake.c"]
    subprocess.run(command, cwd=tmp_path, check=True)
    code = (
        "import ctypes, msgspec\n"
        f"ctypes.CDLL({str(library)!r}, ctypes.RTLD_GLOBAL)\n"
        "from jupyter_repro.environments.gpu import gpus\n"
        "print(msgspec.json.encode(gpus()[0]).decode())"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    found = msgspec.json.decode(done.stdout, type=Gpu)
    assert (found.name, found.architecture, found.compute_capability) == ("NVIDIA C Fake", "ampere", "8.0")
    assert (found.driver, found.cuda_driver) == ("550.1", "unknown")
    assert found.health is not None
    assert found.health.corrected_volatile == 7
    assert found.mig is None
    assert found.absent["mig"] == "not supported by this device"
    assert found.absent["performance.power_w"] == "not known to this driver"


@pytest.mark.gpu
def test_a_real_card() -> None:
    """Every device has a name, a driver and memory; NVML may be asked again and again."""
    found = gpu.gpus()
    if isinstance(found, Missing):
        pytest.skip(found.reason)
    again = gpu.gpus()
    assert isinstance(again, tuple)
    assert [each.uuid for each in found] == [each.uuid for each in again]
    for device in found:
        assert device.architecture is not None
        assert device.performance is not None
        assert device.performance.temperature_c is not None
        assert device.name.startswith("NVIDIA")
        assert device.uuid is not None
        assert device.memory_bytes is not None
        assert device.memory_bytes > 1 << 30
        assert device.compute_capability is not None
