"""The environment as a table one can read."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from jupyter_repro.environments import capture_environment
from jupyter_repro.records import Environment, Git, Gpu, Missing, Package
from jupyter_repro.records.code import Submodule
from jupyter_repro.records.gpu import Compute, GpuHealth, GpuPerformance, GpuSample
from jupyter_repro.records.packages import PackageChange, Source
from jupyter_repro.records.system import (
    Container,
    Figures,
    Locality,
    NumericLibrary,
    Processor,
    Program,
    System,
)
from jupyter_repro.reports.environment_text import environment_json, environment_text
from jupyter_repro.reports.gpu_text import gpu_text

CARD = Gpu(
    index=0,
    name="NVIDIA H200",
    driver="580.95",
    cuda_driver="13.1",
    compute_capability="9.0",
    memory_bytes=141 << 30,
    multiprocessors=132,
    mig=False,
    ecc=True,
    uuid="GPU-1",
    architecture="hopper",
    health=GpuHealth(uncorrected_volatile=0),
    performance=GpuPerformance(sm_clock_mhz=1980, power_w=412.3, slowed_by=("power cap",), persistence=True),
    absent={"cores": "not known to this driver", "health.retired_pages": "not supported by this device"},
)
SYSTEM = System(
    processor=Processor(features=("avx2", "fma"), usable_cores=2, memory_limit_bytes=1 << 31),
    locality=Locality(
        timezone="Europe/Berlin (UTC+01:00)", locale={"LC_TIME": "C", "LC_CTYPE": "C"}, encoding="utf-8"
    ),
    libraries=(NumericLibrary(kind="blas", name="openblas", version="0.3", threads=2, brought_by="numpy"),),
    container=Container(kind="podman", image="a/b:1", digest="sha256:12"),
    figures=Figures(
        backend="agg", freetype="2.14", family="DejaVu Sans", font="x.ttf", font_sha256="ab" * 32
    ),
    programs=(
        Program(name="dot", version="dot 9.0", cells=(3,)),
        Program(name="my.sh", version=Missing("only well-known ones"), cells=(1, 2)),
    ),
)


@pytest.fixture(scope="module")
def base() -> Environment:
    return capture_environment(None)


def lines(environment: Environment, *, verbose: bool = False, **changes: Any) -> dict[str, list[str]]:
    """Return what stands beside each word of the first column."""
    found: dict[str, list[str]] = {}
    for line in environment_text(
        msgspec.structs.replace(environment, **changes), verbose=verbose
    ).splitlines():
        word, _, rest = line.partition("  ")
        found.setdefault(word, []).append(rest.strip())
    return found


def test_the_system(base: Environment) -> None:
    """One row a fact."""
    found = lines(base, system=SYSTEM)
    assert found["instructions"] == ["avx2 fma"]
    assert found["memory limit"] == ["2 GB"]
    assert found["container"] == ["podman a/b:1 sha256:12"]
    assert found["place"] == ["Europe/Berlin (UTC+01:00), C, utf-8"]
    assert found["blas"] == ["openblas 0.3 (2 threads, numpy)"]
    assert found["figures"] == ["agg, FreeType 2.14, DejaVu Sans (abababababab)"]
    assert found["program"] == [
        "dot: dot 9.0 (called in run 3)",
        "my.sh: version not known: only well-known ones (called in 2 runs)",
    ]


def test_devices(base: Environment) -> None:
    """In one line what decides their bits; without one, the reason."""
    found = lines(base, gpus=(CARD,), compute=Compute(cuda="13.0", cudnn="9.10.2"))
    assert found["GPU 0"] == ["NVIDIA H200, hopper 9.0, 132 multiprocessors, 141 GB, driver 580.95"]
    assert found["on the GPU"] == ["CUDA 13.0, cuDNN 9.10.2"]
    assert lines(base, gpus=Missing("no driver"))["GPU"] == ["none: no driver"]
    absent = lines(base, verbose=True, compute=Compute(absent={"amd": "amdsmi is not installed"}))
    assert absent["no amd"] == ["amdsmi is not installed"]


def test_the_revision(base: Environment) -> None:
    """Commit, branch, what is over it, and what lies inside."""
    git = Git(
        commit="a" * 40,
        branch="main",
        dirty=True,
        diff="+x",
        untracked=tuple("abcdefg"),
        remote="https://host/r",
        submodules=(Submodule(path="libs/x", commit="b" * 40, checked_out="c" * 40, dirty=True),),
    )
    found = lines(base, git=git)
    assert found["revision"] == ["aaaaaaaaaaaa on main, with uncommitted changes"]
    assert found["untracked"] == ["a, b, c, d, e and 2 more"]
    assert found["submodule"] == ["libs/x cccccccccccc (edited, bbbbbbbbbbbb is asked for)"]


def test_packages_that_cells_import_and_all_of_them(base: Environment) -> None:
    """The short table holds what cells name; local versions, origins, edits and conflicts are told always."""
    packages = (
        Package(name="a", version="1", imported="cells"),
        Package(name="b", version="2+cpu", imported="libraries", edited=("b/x.py",)),
        Package(
            name="c",
            version="3",
            origin="vcs",
            source=Source(url="https://h/c", commit="d" * 40, requested="v3"),
        ),
    )
    changes = (PackageChange(name="a", before="0", after="1", order=4, imported=True),)
    conflicts = ("a 1 requires z, which is not installed",)
    text = environment_text(
        msgspec.structs.replace(base, packages=packages, changes=changes, conflicts=conflicts)
    )
    assert "3 installed, 1 named by cells, 1 needed by these" in text
    assert "b 2+cpu (on no public index under this version)" in text
    assert "c 3 from https://h/c at dddddddddddd (v3)" in text
    assert "b: b/x.py" in text
    assert "a 0 was replaced by 1 in run 4, and the kernel goes on with what it had imported." in text
    assert "conflict: a 1 requires z, which is not installed" in text
    assert "\nb  " not in text
    assert "\nb  " in environment_text(msgspec.structs.replace(base, packages=packages), verbose=True)


def test_json_holds_no_credential(base: Environment) -> None:
    """Nor does it end in a blank line."""
    text = environment_json(msgspec.structs.replace(base, variables={"XLA_FLAGS": "hf_" + "a1B2c3D4e5" * 4}))
    assert "hf_a1B2" not in text
    assert text.endswith("}")


def test_a_device_by_what_its_facts_explain(base: Environment) -> None:
    """Bits, which one, trust, time; and why something is absent."""
    text = gpu_text(msgspec.structs.replace(base, gpus=(CARD,)))
    rows = {tuple(part.strip() for part in line.split("  ") if part.strip()) for line in text.splitlines()}
    assert ("bits", "architecture", "hopper") in rows
    assert ("which one", "uuid", "GPU-1") in rows
    assert ("trust", "error correction", "on") in rows
    assert ("trust", "uncorrected volatile", "0") in rows
    assert ("time", "sm clock (MHz)", "1980") in rows
    assert ("time", "slowed by", "power cap") in rows
    assert ("time", "persistence", "yes") in rows
    assert "not known to this driver: cores" in text


def test_cells_that_were_held_back(base: Environment) -> None:
    """What was seen, cell by cell."""
    samples = (
        GpuSample(order=1, device=0, samples=1, slowed_by=("idle",)),
        GpuSample(
            order=2,
            device=0,
            samples=30,
            temperature_max_c=88,
            sm_clock_min_mhz=1200,
            slowed_by=("hardware thermal",),
            energy_j=1234.5,
        ),
    )
    text = gpu_text(msgspec.structs.replace(base, gpus=(CARD,)), samples)
    assert "THROTTLED: hardware thermal" in text
    assert "88 C" in text
    assert "1,234 J" in text
