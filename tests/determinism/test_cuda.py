"""On a real NVIDIA GPU: switches in time and too late. Skipped where torch has no CUDA device."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no CUDA device"),
]

_SHOW = "print(json.dumps({r.name: [r.effective, r.effect] for r in s.settings()}))\n"
_START = "import json\nfrom jupyter_repro.determinism import Switches\ns = Switches()\n"


def _run(code: str, **environ: str) -> list[str]:
    clean = {key: value for key, value in os.environ.items() if key != "CUBLAS_WORKSPACE_CONFIG"}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**clean, **environ}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_in_time() -> None:
    """Before CUDA starts every switch is in force, a product runs, and CUDA was not started by us."""
    lines = _run(
        f"{_START}import torch\ns.begin('strict')\nassert not torch.cuda.is_initialized()\n"
        "a = torch.rand(64, 64, device='cuda'); (a @ a).sum().item()\n"
        f"{_SHOW}s.end()\nprint(torch.backends.cudnn.deterministic, torch.backends.cudnn.allow_tf32)\n"
    )
    rows = json.loads(lines[0])
    assert rows["env.CUBLAS_WORKSPACE_CONFIG"] == [":4096:8", "in force"]
    assert rows["torch.cudnn.deterministic"] == ["True", "in force"]
    assert rows["torch.cudnn.benchmark"] == ["False", "in force"]
    assert rows["torch.tf32"] == ["off", "in force"]
    assert lines[1] == "False True"


@pytest.mark.parametrize(
    ("before", "environ", "row"),
    [
        ("", {}, ["", "too late"]),
        ("import os; os.environ['CUBLAS_WORKSPACE_CONFIG'] = ':16:8'\n", {}, [":16:8", "too late"]),
        ("", {"CUBLAS_WORKSPACE_CONFIG": ":16:8"}, [":16:8", "in force"]),
    ],
)
def test_after_cuda_started(before: str, environ: dict[str, str], row: list[str]) -> None:
    """The workspace is too late, unless the process was started with a good one."""
    lines = _run(
        f"import torch\ntorch.rand(1, device='cuda')\n{before}{_START}s.begin('strict')\n{_SHOW}s.end()\n",
        **environ,
    )
    assert json.loads(lines[0])["env.CUBLAS_WORKSPACE_CONFIG"] == row


def test_too_late_keeps_torchs_own_alarm() -> None:
    """Under `strict` set too late, torch still refuses the product whose workspace is not deterministic."""
    lines = _run(
        f"import torch\na = torch.rand(64, 64, device='cuda')\n{_START}s.begin('strict')\n"
        "try:\n    a @ a\n    print('ran')\nexcept RuntimeError as error:\n"
        "    print('CUBLAS_WORKSPACE_CONFIG' in str(error))\n"
    )
    assert lines == ["True"]


def test_strict_products_repeat() -> None:
    """The same product with the same seed has the same bits in two processes."""
    code = (
        f"{_START}s.begin('strict')\nimport torch\ntorch.manual_seed(42)\n"
        "net = torch.nn.Sequential(torch.nn.Conv2d(3, 16, 3), torch.nn.Flatten(), torch.nn.LazyLinear(10)).cuda()\n"
        "x = torch.rand(32, 3, 32, 32, device='cuda'); net(x).square().sum().backward()\n"
        "print([p.grad.double().sum().item().hex() for p in net.parameters()])\n"
    )
    assert _run(code) == _run(code)


def test_memory_efficient_attention_repeats_under_strict() -> None:
    """Its backward has a deterministic path, which torch takes under `strict` and not under `warn`."""
    lines = _run(
        f"{_START}s.begin('strict')\nimport torch\nfrom torch.nn.attention import SDPBackend, sdpa_kernel\n"
        "torch.manual_seed(42)\n"
        "q, k, v = (torch.rand(8, 8, 1024, 64, device='cuda', requires_grad=True) for _ in range(3))\n"
        "def grads():\n"
        "    with sdpa_kernel(SDPBackend.EFFICIENT_ATTENTION):\n"
        "        out = torch.nn.functional.scaled_dot_product_attention(q, k, v)\n"
        "    return torch.autograd.grad(out.square().sum(), (q, k, v))\n"
        "first = grads()\n"
        "print(all(torch.equal(a, b) for _ in range(10) for a, b in zip(first, grads(), strict=True)))\n"
    )
    assert lines == ["True"]


def test_an_operation_of_the_backward_is_counted_where_it_is_called() -> None:
    """CUDA's backward runs in a thread of autograd; `warn` counts at the line that says `backward()`."""
    lines = _run(
        f"{_START}from jupyter_repro.determinism.op_watch import OpWatch\nimport torch, warnings\n"
        "s.begin('warn'); w = OpWatch(); w.start()\n"
        "x = torch.rand(1, 1, 4, 4, 4, device='cuda', requires_grad=True)\n"
        "y = torch.nn.functional.interpolate(x, scale_factor=2.0, mode='trilinear').sum()\n"
        "for _ in range(3):\n"
        "    y.backward(retain_graph=True)\n"
        "print([(use.op, use.line, use.count) for use in w.take()])\n"
    )
    line = 9
    assert lines == [f"[('upsample_trilinear3d_backward_out_cuda', {line}, 3)]"]


def test_logging_the_loss_scale_does_not_wait() -> None:
    """The scale is copied on its device: torch's own alarm for synchronisation stays silent."""
    lines = _run(
        "import torch\nfrom jupyter_repro.determinism.amp_watch import AmpWatch\n"
        "watch = AmpWatch(); watch.start()\n"
        "net = torch.nn.Linear(8, 1).cuda(); optimizer = torch.optim.SGD(net.parameters(), 0.1)\n"
        "scaler = torch.amp.GradScaler('cuda', init_scale=8.0, growth_interval=1)\n"
        "for _ in range(3):\n"
        "    scaler.scale(net(torch.rand(4, 8, device='cuda')).sum()).backward()\n"
        "    scaler.step(optimizer)\n"
        "    torch.cuda.set_sync_debug_mode('error')\n"
        "    scaler.update()\n"
        "    torch.cuda.set_sync_debug_mode('default')\n"
        "print(watch.take().scalers[0].scales, repr(watch.missed)); watch.stop()\n"
    )
    assert lines == ["((16.0, 1), (32.0, 1), (64.0, 1)) ''"]
