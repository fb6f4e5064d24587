"""Devices of every vendor and the libraries on them; each absence has a reason.

``amdsmi``, Apple's system and torch with CUDA are stand-ins here: they need hardware.
"""

from __future__ import annotations

import importlib.machinery
import sys
import types
from typing import Any

import pytest

from jupyter_repro.environments import amd, apple
from jupyter_repro.environments import compute as module
from jupyter_repro.records import Gpu, Missing


@pytest.fixture
def rocm(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """Stand-in for ROCm's binding with one device."""
    smi: Any = types.ModuleType("amdsmi")
    smi.__spec__ = importlib.machinery.ModuleSpec("amdsmi", None)
    smi.AmdSmiException = type("AmdSmiException", (Exception,), {})

    def refused(_handle: Any) -> Any:
        raise smi.AmdSmiException("not supported here")

    smi.amdsmi_init = smi.amdsmi_shut_down = lambda: None
    smi.amdsmi_get_processor_handles = lambda: ["h"]
    smi.amdsmi_get_gpu_asic_info = lambda _: {
        "market_name": "AMD Instinct MI300X",
        "asic_serial": "0xABC",
        "num_compute_units": 304,
        "target_graphics_version": "gfx942",
    }
    smi.amdsmi_get_gpu_vram_usage = lambda _: {"vram_total": 196592, "vram_used": 1}
    smi.amdsmi_get_gpu_driver_info = lambda _: {"driver_version": "6.12.12"}
    smi.amdsmi_get_gpu_vbios_info = lambda _: {"version": "022"}
    smi.amdsmi_get_gpu_device_uuid = lambda _: "57ff-1"
    smi.amdsmi_get_gpu_device_bdf = lambda _: "0000:05:00.0"
    smi.amdsmi_get_gpu_total_ecc_count = refused
    monkeypatch.setitem(sys.modules, "amdsmi", smi)
    return smi  # type: ignore[no-any-return]  # a stand-in


def test_an_amd_device(rocm: types.ModuleType) -> None:
    """Its architecture decides bits; counts that are refused are None with the reason."""
    found = amd.amd_gpus()
    assert isinstance(found, tuple)
    (gpu,) = found
    assert (gpu.vendor, gpu.name, gpu.architecture) == ("amd", "AMD Instinct MI300X", "gfx942")
    assert (gpu.multiprocessors, gpu.memory_bytes) == (304, 196592 << 20)
    assert gpu.health is not None
    assert gpu.health.corrected_aggregate is None
    assert gpu.absent["health.errors"] == "not supported here"


def test_an_amd_driver_that_does_not_answer(rocm: Any) -> None:
    """One sentence, no exception."""

    def fail() -> None:
        raise OSError("libamd_smi.so: cannot open shared object file")

    rocm.amdsmi_init = fail
    assert amd.amd_gpus() == Missing("no AMD driver: libamd_smi.so: cannot open shared object file")


@pytest.mark.parametrize(("system", "machine"), [("Linux", "x86_64"), ("Darwin", "x86_64")])
def test_no_apple(monkeypatch: pytest.MonkeyPatch, system: str, machine: str) -> None:
    """Neither elsewhere nor on an older Mac."""
    monkeypatch.setattr(apple.platform, "system", lambda: system)
    monkeypatch.setattr(apple.platform, "machine", lambda: machine)
    assert apple.apple_gpu() == Missing("this is no Mac with a chip of Apple's")


def test_a_mac(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chip's name is its architecture; what Apple does not tell says so."""
    monkeypatch.setattr(apple.platform, "system", lambda: "Darwin")
    monkeypatch.setattr(apple.platform, "machine", lambda: "arm64")
    monkeypatch.setattr(apple.platform, "mac_ver", lambda: ("26.1", ("", "", ""), ""))
    monkeypatch.setattr(apple, "cpu_name", lambda: "Apple M4")
    gpu = apple.apple_gpu()
    assert isinstance(gpu, Gpu)
    assert (gpu.vendor, gpu.architecture, gpu.driver) == ("apple", "apple m4", "macOS 26.1")
    assert gpu.absent["health"].startswith("Apple tells it to no program")


def test_reasons_by_vendor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any device the reason is NVIDIA's; the others are told beside it."""
    for name in ("_nvidia", "_amd", "_apple"):
        monkeypatch.setattr(module, name, lambda name=name: Missing(f"no {name}"))
    assert module.devices() == (
        Missing("no _nvidia"),
        {"nvidia": "no _nvidia", "amd": "no _amd", "apple": "no _apple"},
    )


def test_without_a_sign_of_a_driver_its_binding_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked where there is a sign, or where somebody has loaded it."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delitem(sys.modules, "pynvml", raising=False)
    monkeypatch.setattr(module, "_SIGNS", ("/no/such/device",))
    assert module._nvidia() == Missing("no NVIDIA driver (this system shows no device of it)")
    assert "pynvml" not in sys.modules
    monkeypatch.setattr(module, "_SIGNS", ("/",))
    monkeypatch.setitem(sys.modules, "pynvml", None)
    assert module._nvidia() == Missing("nvidia-ml-py is not installed")


@pytest.mark.parametrize(
    ("number", "version"), [(8902, "8.9.2"), (90100, "9.1.0"), (91002, "9.10.2"), (None, None)]
)
def test_versions_that_torch_tells(
    monkeypatch: pytest.MonkeyPatch, number: int | None, version: str | None
) -> None:
    """CUDA, cuDNN and NCCL, without starting a device."""
    torch: Any = types.ModuleType("torch")
    torch.version = types.SimpleNamespace(cuda="13.0", hip=None)
    torch.backends = types.SimpleNamespace(cudnn=types.SimpleNamespace(version=lambda: number))
    torch._C = types.SimpleNamespace(_nccl_version=None)
    torch.cuda = types.SimpleNamespace(nccl=types.SimpleNamespace(version=lambda: (2, 28, 9)))
    monkeypatch.setitem(sys.modules, "torch", torch)
    found = module.compute({"amd": "none"})
    assert (found.cuda, found.cudnn, found.nccl, found.hip) == ("13.0", version, "2.28.9", None)
    assert found.absent["hip"] == "this torch is built without ROCm"
    assert found.absent["amd"] == "none"


def test_the_torch_that_is_installed_here() -> None:
    """Whatever it is built with, every None has its reason."""
    pytest.importorskip("torch", reason="tells the versions")
    found = module.compute({})
    for name in ("cuda", "cudnn", "cublas", "nccl", "hip"):
        assert getattr(found, name) is not None or found.absent[name]


def test_libraries_are_left_alone_when_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a thread beside the user's, nothing of theirs is asked."""
    monkeypatch.setitem(sys.modules, "torch", types.SimpleNamespace(version=None))
    assert module.compute({}, libraries=False).absent["cuda"] == "torch, which tells it, is not imported"
