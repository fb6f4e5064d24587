"""On a real NVIDIA GPU: checkpoints of what lives and draws there. Skipped where torch has no CUDA device."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytest.importorskip("safetensors", reason="the extra `checkpoints`")
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no CUDA device"),
]

_ENVIRONMENT = {**os.environ, "TRAIN_DEVICE": "cuda", "CUBLAS_WORKSPACE_CONFIG": ":4096:8"}
_START = """
import sys, torch, jupyter_repro
from jupyter_repro import checkpoint
path = sys.argv[-1]
def made(device):
    model = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.Dropout(0.5)).to(device)
    return model, torch.optim.Adam(model.parameters(), lr=0.1)
def step(model, optimizer, device):
    optimizer.zero_grad()
    loss = model(torch.rand(8, 4, device=device)).square().sum()
    loss.backward()
    optimizer.step()
    return loss
"""


def _run(code: str, *words: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _START + code, *words],
        capture_output=True, text=True, check=False, env=_ENVIRONMENT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def _train(*words: str) -> list[dict[str, Any]]:
    program = Path(__file__).with_name("train_digits.py")
    done = subprocess.run(
        [sys.executable, str(program), *words], capture_output=True, text=True, check=False, env=_ENVIRONMENT
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_it_goes_on_bit_for_bit(tmp_path: Path) -> None:
    """Half precision with a scaler of CUDA's, dropout from its stream: losses, weights, rates and scales, two workers then three."""
    (tmp_path / "straight").mkdir(), (tmp_path / "stopped").mkdir()
    straight, _ = _train("42", f"{tmp_path}/straight:0:-1", f"{tmp_path}/stopped:2:8")
    (resumed,) = _train("99", f"{tmp_path}/stopped:3:0")
    assert resumed["losses"] == straight["losses"][8:]
    assert resumed["weights"] == straight["weights"]
    assert resumed["history"] == straight["history"]


def test_every_device_has_its_stream(tmp_path: Path) -> None:
    """Each started device is named in the manifest, and draws on as it would have, in another process."""
    path = str(tmp_path / "one")
    (expected,) = _run(
        "torch.cuda.init(); torch.rand(3, device='cuda'); checkpoint.save(path)\n"
        "print([torch.rand(3, device=f'cuda:{i}').tolist() for i in range(torch.cuda.device_count())])\n",
        path,
    )
    held = json.loads((tmp_path / "one" / "manifest.json").read_bytes())
    assert {f"torch.cuda:{index}" for index in range(torch.cuda.device_count())} <= held["streams"].keys()
    found = _run(
        "torch.manual_seed(9); torch.rand(1, device='cuda'); print(checkpoint.load(path).streams_failed)\n"
        "print([torch.rand(3, device=f'cuda:{i}').tolist() for i in range(torch.cuda.device_count())])\n",
        path,
    )
    assert found == ["()", expected]


def test_a_device_that_has_not_started_is_named(tmp_path: Path) -> None:
    """Neither saving nor loading starts CUDA; a stream with no device to go to is told, not dropped."""
    path = str(tmp_path / "one")
    assert _run("checkpoint.save(path); print(torch.cuda.is_initialized())", path) == ["False"]
    held = json.loads((tmp_path / "one" / "manifest.json").read_bytes())
    assert "rng.torch.cuda" in held["absent"]
    _run("torch.rand(1, device='cuda'); checkpoint.save(path)", path)
    lines = _run(
        "import warnings; warnings.simplefilter('ignore'); found = checkpoint.load(path)\n"
        "print(torch.cuda.is_initialized(), found.streams_failed[0].split(':0:')[0])\n",
        path,
    )
    assert lines == ["False torch.cuda"]


def test_states_cross_devices(tmp_path: Path) -> None:
    """What was saved on a GPU loads on a CPU and comes back, each tensor where its object has it; the difference is told."""
    lines = _run(
        "model, optimizer = made('cuda'); step(model, optimizer, 'cuda')\n"
        "saved = checkpoint.save(path, model=model, optimizer=optimizer)\n"
        "there, moments = made('cpu')\n"
        "checkpoint.load(saved.path, model=there, optimizer=moments)\n"
        "print({str(each.device) for each in there.state_dict().values()})\n"
        "print(all(torch.equal(a, b.cpu()) for a, b in zip(there.parameters(), model.parameters())))\n"
        "back, again = made('cuda'); checkpoint.load(saved.path, model=back, optimizer=again)\n"
        "print({each.device.type for each in back.parameters()})\n"
        "print(checkpoint.save(path + '2', model=back, optimizer=again).digest == saved.digest)\n",
        str(tmp_path / "one"),
    )
    assert lines == ["{'cpu'}", "True", "{'cuda'}", "True"]
    (told,) = _run(
        "import warnings; warnings.simplefilter('ignore'); model, optimizer = made('cpu')\n"
        "found = checkpoint.load(path, model=model, optimizer=optimizer)\n"
        "print([each for each in found.differences if each.startswith('devices')])\n",
        str(tmp_path / "one"),
    )
    assert told.endswith("when it was saved, none started now']")


def test_following_does_not_wait() -> None:
    """A rate on the device and the scale are copied there: torch's own alarm for synchronisation stays silent."""
    lines = _run(
        "model = torch.nn.Linear(4, 1).cuda()\n"
        "optimizer = torch.optim.Adam(model.parameters(), lr=torch.tensor(0.1, device='cuda'), capturable=True)\n"
        "scaler = torch.amp.GradScaler('cuda', init_scale=8.0, growth_interval=1)\n"
        "checkpoint.follow(optimizer=optimizer, scaler=scaler)\n"
        "for _ in range(3):\n"
        "    scaler.scale(model(torch.rand(4, 4, device='cuda')).sum()).backward(); scaler.unscale_(optimizer)\n"
        "    torch.cuda.set_sync_debug_mode('error')\n"
        "    optimizer.step(); scaler.update()\n"
        "    torch.cuda.set_sync_debug_mode('default')\n"
        "from jupyter_repro.checkpoints.history import history_of\n"
        "print(history_of(optimizer)['steps'], [value for _, (value,) in history_of(scaler)['changes']])\n",
    )
    assert lines == ["3 [16.0, 32.0, 64.0]"]


def test_verify_takes_the_same_steps_twice(tmp_path: Path) -> None:
    """On the device; afterwards its stream stands where it stood."""
    lines = _run(
        "model, optimizer = made('cuda'); objects = {'model': model, 'optimizer': optimizer}\n"
        "checkpoint.save(path, **objects); before = torch.cuda.get_rng_state()\n"
        "found = checkpoint.verify(path, lambda: step(model, optimizer, 'cuda'), steps=4, **objects)\n"
        "print(found.same, len(set(found.losses)), torch.equal(before, torch.cuda.get_rng_state()))\n",
        str(tmp_path / "one"),
    )
    assert lines == ["True 4 True"]
