"""On a real NVIDIA GPU: golden runs of training there. Skipped where torch has no CUDA device."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import pytest

import jupyter_repro
from jupyter_repro.errors import GoldenRefused
from jupyter_repro.goldens.numbers import Logged
from jupyter_repro.goldens.perturb import perturb
from jupyter_repro.goldens.weights import tensor_rows

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no CUDA device"),
]

if TYPE_CHECKING:
    from pathlib import Path

_DEVICE = "cuda"


def test_logging_does_not_wait() -> None:
    """200 steps under torch's own alarm for synchronisation; then every number is what it was when it was logged."""
    logged = Logged()
    loss = torch.zeros((), device=_DEVICE)
    torch.cuda.set_sync_debug_mode("error")
    try:
        for step in range(200):
            logged.log(step, loss=loss)
            loss += 1
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert [step.values["loss"] for step in logged.steps()] == list(range(200))


def test_weights_have_the_digests_of_their_bytes() -> None:
    """A tensor on the device has the row of its copy on the CPU, in every type and layout."""
    weights = {"a": torch.rand(300, 70).t(), "b": torch.rand(9).bfloat16(), "c": torch.arange(5)}
    assert tensor_rows({name: each.to(_DEVICE) for name, each in weights.items()}) == tensor_rows(weights)


def test_one_weight_is_moved_there() -> None:
    """By one unit in the last place, in place, the same one as on the CPU."""
    here = torch.rand(5, 7)
    there = here.to(_DEVICE)
    before = here.clone()
    assert perturb({"w": here}, seed="s") == perturb({"w": there}, seed="s")
    assert torch.equal(there.cpu(), here)
    ((changed,),) = [(before != here).nonzero().tolist()]
    was, now = before[tuple(changed)].item(), here[tuple(changed)].item()
    assert now == torch.nextafter(torch.tensor(was), torch.tensor(math.inf)).item()


def test_bits_are_refused_on_another_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reference without this device refuses `bitwise`, and names it; one of its own holds."""

    def run(name: str, mode: str, device: str = _DEVICE) -> None:
        with jupyter_repro.golden(name, mode=mode, folder=tmp_path) as golden:
            golden.log(0, loss=torch.ones((), device=device))

    torch.cuda.init()
    run("own", "record")
    run("own", "check")
    with monkeypatch.context() as without:
        without.setattr(torch.cuda, "is_initialized", lambda: False)
        run("other", "record", "cpu")
    with pytest.raises(GoldenRefused, match=re.escape(torch.cuda.get_device_name())):
        run("other", "check")
