"""On a real NVIDIA GPU: CUDA streams. Skipped where torch has no CUDA device."""

from __future__ import annotations

import subprocess
import sys

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no CUDA device"),
]

_START = (
    "import torch\nfrom jupyter_repro.rng import Streams, governed\n"
    "def draw(n=1): return torch.rand(n, device='cuda').tolist()\n"
    "def cuda(s): return {r.name: (r.effective, r.effect) for r in s.settings()}['seed.torch.cuda']\n"
    "s = Streams()\n"
)


def _run(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", _START + code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_seeded_when_cuda_starts() -> None:
    """The seed waits, CUDA is not started by looking, and then every device's first draws are the seed's."""
    lines = _run(
        "s.begin(42); print(cuda(s)); s.digests(); s.base_digests()\n"
        "assert not torch.cuda.is_initialized()\n"
        "first = draw(3); print(cuda(s)); now = s.digests(); base = s.base_digests()\n"
        "assert 'torch.cuda:0' in base and base['torch.cuda:0'] != now['torch.cuda:0']\n"
        "g = torch.Generator(device='cuda').manual_seed(42)\n"
        "print(first == torch.rand(3, device='cuda', generator=g).tolist())\n"
        "torch.manual_seed(42); print(s.digests() == s.base_digests() | {'python': s.digests()['python'],\n"
        "    'numpy': s.digests()['numpy']})\n"
    )
    assert lines == ["('', 'waiting')", "('42', 'in force')", "True", "True"]


def test_restored_bit_for_bit_when_cuda_runs() -> None:
    """A CUDA stream that existed before goes on where it was."""
    lines = _run(
        "torch.manual_seed(5); draw(); state = torch.cuda.get_rng_state(); expected = draw(4)\n"
        "torch.cuda.set_rng_state(state)\n"
        "s.begin(42); print(cuda(s)); draw(7); s.end()\n"
        "print(draw(4) == expected)\n"
    )
    assert lines == ["('42', 'in force')", "True"]


def test_the_users_waiting_seed_comes_back() -> None:
    """A seed given before CUDA started is what CUDA has after end, started under us or not."""
    check = "g = torch.Generator(device='cuda').manual_seed(5)\nprint(draw(3) == torch.rand(3, device='cuda', generator=g).tolist())\n"
    assert _run(f"torch.manual_seed(5); s.begin(42); draw(); s.end()\n{check}") == ["True"]
    assert _run(f"torch.manual_seed(5); s.begin(42); s.end()\n{check}") == ["True"]


def test_a_scope_restores_the_device() -> None:
    """`governed` gives the CUDA stream back in the middle of its draws."""
    lines = _run(
        "s.begin(42); draw(); state = torch.cuda.get_rng_state(); expected = draw(4)\n"
        "torch.cuda.set_rng_state(state)\n"
        "with governed(7): draw(3)\n"
        "print(draw(4) == expected)\n"
    )
    assert lines == ["True"]


def test_looking_does_not_move_the_device() -> None:
    """Digests and settings draw nothing on the device, and a forked child does not touch it."""
    lines = _run(
        "import os\ns.begin(42); draw(); state = torch.cuda.get_rng_state()\n"
        "s.digests(); s.settings(); s.base_digests()\n"
        "print(torch.equal(state, torch.cuda.get_rng_state()), flush=True)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    print('torch.cuda:0' in s.digests(), flush=True); os._exit(0)\n"
        "os.waitpid(child, 0)\n"
    )
    assert lines == ["True", "False"]
