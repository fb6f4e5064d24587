"""Findings about what is installed, and about devices."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from jupyter_repro.environments import capture_environment
from jupyter_repro.records import Finding, Gpu, Package
from jupyter_repro.records.gpu import GpuHealth
from jupyter_repro.records.packages import PackageChange, Source
from jupyter_repro.rules.installed import DirtyEditable, FaultyDevice, PackagesChanged, UnmetRequirements

CARD = Gpu(
    index=0,
    name="Card",
    driver="1",
    cuda_driver="1",
    compute_capability=None,
    memory_bytes=None,
    multiprocessors=None,
    mig=None,
    ecc=True,
    uuid=None,
)


def found(rule: Any, changes: tuple[PackageChange, ...] = (), **environment: Any) -> list[Finding]:
    """Return what a rule finds in an environment that differs from this one in the fields given."""
    now = msgspec.structs.replace(capture_environment(None), **environment)
    return list(rule.check(SimpleNamespace(environment=now, package_changes=changes)))


def test_what_one_cell_installs_is_one_finding() -> None:
    """With versions; what was imported before is named; another cell is another finding."""
    changes = (
        PackageChange(name="a", before=None, after="1", order=2, cell="x"),
        PackageChange(name="b", before="1", after="2", order=2, cell="x", imported=True),
        PackageChange(name="c", before="1", after=None, order=5),
    )
    one, two = found(PackagesChanged(), changes)
    assert one.code == "RP401"
    assert one.cell == "x"
    assert one.message == (
        "run 2 changed what is installed (a not there -> 1, b 1 -> 2): cells before it had another environment; "
        "the kernel goes on with the b that it had imported"
    )
    assert two.cell is None
    assert "(c 1 -> gone)" in two.message


@pytest.mark.parametrize(
    ("conflicts", "word"),
    [(None, None), ((), None), (("a 1 requires b",), "a 1 requires b"), (("x", "y", "z"), "x and 2 more")],
)
def test_unmet_requirements(conflicts: tuple[str, ...] | None, word: str | None) -> None:
    """Nothing is said where nobody has looked."""
    messages = [each.message for each in found(UnmetRequirements(), conflicts=conflicts)]
    assert messages == ([f"a requirement of an installed package is not met: {word}"] if word else [])


@pytest.mark.parametrize(("dirty", "count"), [(True, 1), (False, 0), (None, 0)])
def test_an_editable_install_with_changes(*, dirty: bool | None, count: int) -> None:
    """Its folder and commit are named."""
    package = Package(
        name="p", version="1", origin="editable", source=Source(url="~/p", commit="a" * 40, dirty=dirty)
    )
    messages = [each.message for each in found(DirtyEditable(), packages=(package,))]
    assert messages == ["`p` is installed from `~/p`, which differs from its commit aaaaaaaaaa"] * count


@pytest.mark.parametrize(
    ("health", "word"),
    [
        (None, ""),
        (GpuHealth(), ""),
        (GpuHealth(uncorrected_volatile=0, uncorrected_aggregate=9), ""),
        (GpuHealth(uncorrected_volatile=2), "2 uncorrected memory errors since its driver was loaded"),
        (GpuHealth(remapping_failed=True), "memory that could not be replaced"),
    ],
)
def test_a_device_whose_memory_cannot_be_trusted(health: GpuHealth | None, word: str) -> None:
    """Errors of former days are not held against today's results."""
    messages = [
        each.message for each in found(FaultyDevice(), gpus=(msgspec.structs.replace(CARD, health=health),))
    ]
    assert bool(messages) is bool(word)
    assert word in "".join(messages)
