"""Which devices can be expected to give the same bits."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from devices import HOPPER

from jupyter_repro.environments import capture_environment
from jupyter_repro.environments.comparable import comparable, comparable_devices
from jupyter_repro.records import Gpu, Missing
from jupyter_repro.records.gpu import Compute, GpuPerformance


def other(**changes: Any) -> Gpu:
    return msgspec.structs.replace(HOPPER, **changes)


@pytest.mark.parametrize(
    ("second", "bitwise", "why"),
    [
        (HOPPER, "expected", ()),
        (other(uuid="GPU-2", performance=GpuPerformance(power_w=1.0)), "expected", ()),
        (
            other(name="NVIDIA A100", architecture="ampere", compute_capability="8.0"),
            "never",
            (
                "NVIDIA H200 (nvidia hopper 9.0) and NVIDIA A100 (nvidia ampere 8.0) are of two architectures, "
                "which are never bitwise comparable",
            ),
        ),
        (other(name="NVIDIA H100"), "not promised", ("the model differs: NVIDIA H200 and NVIDIA H100",)),
        (
            other(multiprocessors=60, mig=True, mig_parts=("1g", "2g")),
            "not promised",
            (
                "the number of multiprocessors differs: 132 and 60",
                "the division into parts differs: no and yes",
                "the parts differ: none and 1g, 2g",
            ),
        ),
        (other(driver="unknown"), "not promised", ("the driver is not known on both sides",)),
        (
            other(multiprocessors=None),
            "not promised",
            ("the number of multiprocessors is not known on both sides",),
        ),
    ],
)
def test_two_devices(second: Gpu, bitwise: str, why: tuple[str, ...]) -> None:
    """Another card of the same kind may give the same bits; another architecture never does."""
    found = comparable_devices(HOPPER, second)
    assert (found.bitwise, found.why) == (bitwise, why)


@pytest.mark.parametrize(
    ("devices", "compute", "bitwise", "word"),
    [
        ((HOPPER,), Compute(cuda="13.0"), "expected", ""),
        ((HOPPER,), Compute(cuda="12.6"), "not promised", "CUDA differs: 13.0 and 12.6"),
        ((HOPPER, HOPPER), Compute(cuda="13.0"), "not promised", "number of devices"),
        ((other(architecture="ada"),), Compute(cuda="13.0"), "never", "two architectures"),
        (Missing("none"), Compute(), "never", "the other has none"),
    ],
)
def test_two_environments(
    devices: tuple[Gpu, ...] | Missing, compute: Compute, bitwise: str, word: str
) -> None:
    """Devices and what runs on them."""
    base = capture_environment(None)
    mine = msgspec.structs.replace(base, gpus=(HOPPER,), compute=Compute(cuda="13.0"))
    found = comparable(mine, msgspec.structs.replace(base, gpus=devices, compute=compute))
    assert found.bitwise == bitwise
    assert word in " ".join(found.why)


def test_without_devices_nothing_speaks_against_it() -> None:
    """Two machines that compute on their processors."""
    base = msgspec.structs.replace(capture_environment(None), gpus=Missing("none"))
    assert comparable(base, base).bitwise == "expected"
