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
from fake_nvml import FUNCTIONS, LOST, NO_PERMISSION, NOT_LOADED, NOT_SUPPORTED, FakeLib, _n, _number, _pair

from jupyter_repro.environments import gpu
from jupyter_repro.records import Gpu, Missing
from jupyter_repro.records.gpu import GpuHealth, GpuIdentity, GpuPerformance

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
