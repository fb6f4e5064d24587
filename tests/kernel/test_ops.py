"""Operations without a deterministic algorithm: counted with their line, explained, allowed with a reason."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING

import pytest
import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Bench  # pragma: no cover

_PUT = "x = torch.zeros(3)\nfor _ in range(4):\n    x.put_(torch.tensor([0]), torch.ones(1))"


@pytest.fixture(autouse=True)
def _all_given_back() -> Iterator[None]:
    """After the test, torch's mode and everything about warnings is as it was."""
    before = torch.get_deterministic_debug_mode(), warnings.showwarning, list(warnings.filters)
    yield
    torch.set_deterministic_debug_mode(before[0])
    assert warnings.showwarning is before[1] or "pytest" in sys.modules
    assert not [entry for entry in warnings.filters if "jupyter_repro" in str(entry[1])]


def _messages(bench: Bench) -> list[tuple[str, str, str | None]]:
    return [
        (found.severity, found.message, found.cell)
        for found in bench.status().findings
        if found.code == "RP302"
    ]


@pytest.mark.filterwarnings("ignore:put_ does not have")
def test_warn_counts_each_line(bench: Bench) -> None:
    """Under `warn` each operation is one finding a line, with its count, and its cell is unknown."""
    bench.write(seed="import torch\n%repro seed=42 warn", put=_PUT, off="%repro strictness=off")
    bench.run("seed", "put")
    ((severity, message, cell),) = _messages(bench)
    assert (severity, cell) == ("warning", "put")
    assert message == "cell 2, line 3, ran `put_` 4 times, which has no deterministic algorithm"
    verdict = next(each for each in bench.status().cells if each.id == "put")
    assert verdict.verdict == "unknown"
    assert "it ran `put_`, which has no deterministic algorithm (line 3)" in verdict.why
    bench.run("off")
    assert torch.get_deterministic_debug_mode() == 0


def test_strict_explains(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Under `strict` torch's error is followed by one line: operation, line, alternative, how to allow it."""
    bench.write(seed="import torch\n%repro seed=42 strict", put=_PUT)
    bench.run("seed")
    assert not bench.run("put").success
    said = capsys.readouterr().err
    assert "repro: `put_` in line 3 has no deterministic algorithm" in said
    assert "Instead: `index_put_`" in said
    assert "# repro: allow RP302 put_ because ..." in said


@pytest.mark.filterwarnings("ignore:put_ does not have")
def test_strict_with_permission(bench: Bench) -> None:
    """A cell may allow one operation with a reason; others still raise there, and all of them afterwards."""
    bench.write(
        seed="import torch\n%repro seed=42 strict",
        put=f"# repro: allow RP302 put_ because no index comes twice\n{_PUT}",
        other="# repro: allow RP302 put_ because no index comes twice\n"
        "torch.nn.functional.max_unpool2d(torch.ones(1, 1, 1, 1), torch.zeros(1, 1, 1, 1, dtype=torch.int64), 2)",
    )
    bench.run("seed")
    assert bench.run("put").success
    assert torch.get_deterministic_debug_mode() == 2
    ((severity, message, _),) = _messages(bench)
    assert severity == "info"
    assert message.endswith("(allowed here: no index comes twice)")
    result = bench.run("other")
    assert "max_unpooling2d" in str(result.error_in_exec)
    assert torch.get_deterministic_debug_mode() == 2


@pytest.mark.parametrize(
    ("op", "part"),
    [
        ("put_", "index_put_"),
        ("upsample_bilinear2d_backward_out_cuda", "nearest"),
        ("kthvalue CUDA", "sort"),
        ("scatter with src tensor and reduce=None", "index_put_"),
        ("something_else", ""),
    ],
)
def test_alternatives(op: str, part: str) -> None:
    """Known operations have an alternative, unknown ones none."""
    from jupyter_repro.determinism.alternatives import alternative_to

    found = alternative_to(op)
    assert part in found
    assert bool(found) == bool(part)


@pytest.mark.parametrize(
    ("op", "condition"),
    [
        ("put_", "`torch.Tensor.put_` when `accumulate=False`"),
        ("adaptive_avg_pool2d_backward_cuda", "`torch.nn.AdaptiveAvgPool2d` when"),
        ("cumsum_cuda_kernel", "`torch.cumsum` when called on a CUDA tensor"),
        ("index_put_", ""),
        ("something_else", ""),
    ],
)
def test_conditions(op: str, condition: str) -> None:
    """The installed torch's own words about what it refuses, and nothing of what it does deterministically."""
    from jupyter_repro.determinism.alternatives import condition_of

    found = condition_of(op)
    assert found.startswith(condition)
    assert bool(found) == bool(condition)


def test_mixed_precision_is_logged(bench: Bench) -> None:
    """The scale after each update, and each autocast line, are in the record; all is given back by `off`."""
    before = torch.amp.GradScaler.update, torch.amp.autocast.__enter__
    bench.write(
        seed="import torch\n%repro seed=42 strict",
        train="w = torch.nn.Linear(2, 1)\noptimizer = torch.optim.SGD(w.parameters(), 0.1)\n"
        "scaler = torch.amp.GradScaler('cpu', init_scale=8.0, growth_interval=2)\n"
        "for step in range(5):\n"
        "    with torch.autocast('cpu', dtype=torch.bfloat16):\n"
        "        loss = w(torch.ones(1, 2)).float().sum() * (float('inf') if step == 2 else 1.0)\n"
        "    optimizer.zero_grad()\n"
        "    scaler.scale(loss).backward()\n"
        "    scaler.step(optimizer)\n"
        "    scaler.update()",
        off="%repro off",
    )
    bench.run("seed")
    assert bench.run("train").success
    from jupyter_repro.kernel.extension import session_of

    session = session_of(bench.shell)
    assert session is not None
    amp = session.ledger.runs[-1].amp
    assert amp is not None
    assert [log.scales for log in amp.scalers] == [((8.0, 1), (16.0, 1), (8.0, 2), (16.0, 1))]
    assert [(region.device, region.dtype, region.count, region.line) for region in amp.regions] == [
        ("cpu", "bfloat16", 5, 5)
    ]
    (found,) = [found for found in bench.status().findings if found.code == "RP303"]
    assert found.message == "cell 2 moved its loss scale from 8 to 16 in 5 steps, 1 of them skipped"
    assert found.remedy.endswith("`GradScaler(init_scale=8.0)` and `scaler.update(8.0)` in each step")
    # the remedy, taken: the scale stands still through the overflow, which is skipped as before
    fixed = bench.sources["train"].replace("init_scale=8.0, growth_interval=2", "init_scale=8.0")
    bench.edit("train", fixed.replace("scaler.update()", "scaler.update(8.0)"))
    assert bench.run("train").success
    amp = session.ledger.runs[-1].amp
    assert amp is not None
    assert [log.scales for log in amp.scalers] == [((8.0, 5),)]
    assert bool(torch.isfinite(bench.shell.user_ns["w"].weight).all())
    assert "RP303" not in {found.code for found in bench.status().findings}
    bench.run("off")
    assert (torch.amp.GradScaler.update, torch.amp.autocast.__enter__) == before


@pytest.mark.filterwarnings("ignore:put_ does not have")
@pytest.mark.parametrize("around", ["%repro seed=42", "%repro seed=42 warn"])
def test_one_cell_is_counted(bench: Bench, around: str) -> None:
    """`%%repro warn` counts in its cell, at the cell's own lines, and leaves the session as it was."""
    bench.write(seed=f"import torch\n{around}", put=f"%%repro warn\n{_PUT}", after=_PUT)
    bench.run("seed")
    before = torch.get_deterministic_debug_mode(), warnings.showwarning
    bench.run("put")
    assert (torch.get_deterministic_debug_mode(), warnings.showwarning) == before
    (found,) = _messages(bench)
    assert found == (
        "warning",
        "cell 2, line 4, ran `put_` 4 times, which has no deterministic algorithm",
        "put",
    )
    bench.run("after")
    assert len(_messages(bench)) == (2 if "warn" in around else 1)


@pytest.mark.filterwarnings("ignore:put_ does not have")
def test_a_front_end_without_ids(bench: Bench) -> None:
    """Where cells come without ids (nbclient, papermill), the finding still names the cell."""
    bench.write(seed="import torch\n%repro seed=42", put=f"%%repro warn\n{_PUT}")
    for source in bench.sources.values():
        bench.shell.run_cell(source, store_history=True)
    ((_, message, cell),) = _messages(bench)
    assert message.startswith("cell 2, line 4, ran `put_`")
    assert cell == "put"


def test_one_strict_cell_explains(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """`%%repro strict` explains torch's error; the same error under the user's own switch is left alone."""
    bench.write(
        seed="import torch\n%repro seed=42",
        put=f"%%repro strict\n{_PUT}",
        own=f"torch.use_deterministic_algorithms(True)\n{_PUT}",
    )
    bench.run("seed")
    assert not bench.run("put").success
    assert "repro: `put_` in line 4 has no deterministic algorithm" in capsys.readouterr().err
    assert torch.get_deterministic_debug_mode() == 0
    assert not bench.run("own").success
    assert "has no deterministic algorithm" not in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore:put_ does not have")
def test_permission_in_one_strict_cell(bench: Bench) -> None:
    """`%%repro strict` keeps to what its cell allows, and a `%repro` line in it holds afterwards."""
    allowed = "# repro: allow RP302 put_ because no index comes twice"
    bench.write(
        seed="import torch\n%repro seed=42",
        put=f"%%repro strict\n{allowed}\n{_PUT}\n%repro warn",
        after=_PUT,
    )
    bench.run("seed")
    assert bench.run("put").success
    assert torch.get_deterministic_debug_mode() == 1
    bench.run("after")
    assert {cell: severity for severity, _, cell in _messages(bench)} == {"put": "info", "after": "warning"}
