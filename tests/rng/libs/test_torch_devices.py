"""MPS and XPU, whose hardware is absent here: stand-ins with CPU generators inside, so our part is tested."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from jupyter_repro.rng.libs.torch import TorchSeeder


@pytest.fixture
def mps(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A torch that has a Metal device."""
    generator = torch.Generator().manual_seed(5)
    monkeypatch.setattr(torch.backends.mps, "is_built", lambda: True)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(torch.mps, "_is_in_bad_fork", lambda: False)
    monkeypatch.setattr(torch.mps, "_get_default_mps_generator", lambda: generator)
    monkeypatch.setattr(torch.mps, "manual_seed", generator.manual_seed)
    return generator


def _rows(value: int) -> dict[str, tuple[str, str]]:
    return {row.name: (row.effective, row.effect) for row in TorchSeeder().settings(value)}


def test_mps_is_seeded_read_and_given_back(mps: Any) -> None:
    """The Metal generator is a stream like the others."""
    seeder = TorchSeeder()
    state, digests = seeder.capture(), seeder.digests()
    assert "torch.mps" in digests
    seeder.seed(42)
    assert _rows(42)["seed.torch.mps"] == ("42", "in force")
    assert seeder.digests() == seeder.expected(42)
    mps.manual_seed(1)
    assert _rows(42)["seed.torch.mps"] == ("1", "not in force")
    seeder.restore(state)
    assert seeder.digests() == digests


def test_no_row_for_hardware_that_this_torch_does_not_know() -> None:
    """A table of things nobody has asked for hides the rest."""
    names = set(_rows(42))
    assert ("seed.torch.mps" in names) == torch.backends.mps.is_built()
    assert ("seed.torch.xpu" in names) == torch.xpu._is_compiled()


def test_xpu_waits_until_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before its start there is no stream; after it each device's generator is one."""
    started = False
    generators = [torch.Generator().manual_seed(42), torch.Generator().manual_seed(42)]
    stand_in = SimpleNamespace(
        _is_compiled=lambda: True,
        _is_in_bad_fork=lambda: False,
        is_initialized=lambda: started,
        default_generators=generators,
    )
    monkeypatch.setattr(torch, "xpu", stand_in)
    assert _rows(42)["seed.torch.xpu"] == ("", "waiting")
    started = True
    assert _rows(42)["seed.torch.xpu"] == ("42", "in force")
    assert {"torch.xpu:0", "torch.xpu:1"} <= TorchSeeder().digests().keys()
