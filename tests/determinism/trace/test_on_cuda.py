"""On a real NVIDIA GPU: contents are digested there, and backward is seen from its own thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no CUDA device"),
]


def test_digests_are_those_of_the_cpu_sum() -> None:
    """The sum on the device is exact: it is the same number as on the CPU."""
    from jupyter_repro.determinism.trace.content import Contents

    x = torch.randn(3_000_001)
    found = Contents()
    assert found.digest(x.cuda())[0] == found._on_device(torch, x)


def test_a_step_is_the_same_twice(tmp_path: Path) -> None:
    """Two equal steps under deterministic algorithms are the same; backward knows module and line."""
    from jupyter_repro.determinism.trace.compare import compare_traces
    from jupyter_repro.determinism.trace.format import Trace, read_trace
    from jupyter_repro.determinism.trace.tracer import Tracer

    def traced(name: str) -> Trace:
        torch.manual_seed(0)
        model = torch.nn.Sequential(
            torch.nn.Linear(64, 64), torch.nn.Dropout(0.5), torch.nn.Linear(64, 4)
        ).cuda()
        tracer = Tracer(name, {})
        tracer.enter()
        model(torch.randn(8, 64, device="cuda")).sum().backward()
        tracer.leave()
        path = tmp_path / f"{name}.trace"
        path.write_bytes(tracer.whole({}, {}))
        return read_trace(path)

    one, two = traced("one"), traced("two")
    assert compare_traces(one, two).divergence is None
    backward = [op for op in one.ops if op.backward and one.text(op.name) == "mm"]
    assert one.text(backward[0].module) == "Sequential.2"
    assert any(op.rng is not None for op in one.ops)
    assert one.facts["GPU"]
