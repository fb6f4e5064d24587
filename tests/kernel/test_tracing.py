"""`%repro trace`: what a session writes down, and that it leaves nothing behind."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch.utils._python_dispatch import _get_current_dispatch_mode_stack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Bench  # pragma: no cover

_NET = """
import torch
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 4, 3)
        self.drop = torch.nn.Dropout(0.5)
        self.head = torch.nn.Linear(4 * 36, 3)
    def forward(self, x):
        return self.head(self.drop(self.conv(x).relu()).flatten(1))
"""
_TRAIN = """
torch.manual_seed(3)
net = Net()
x, y = torch.randn(8, 1, 8, 8), torch.randint(0, 3, (8,))
for step in range(2):
    loss = torch.nn.functional.cross_entropy(net(x), y)
    net.zero_grad()
    loss.backward()
"""


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """After the test no mode of ours is on."""
    yield
    assert _get_current_dispatch_mode_stack() == []


def _said(bench: Bench, capsys: pytest.CaptureFixture[str], source: str) -> str:
    capsys.readouterr()
    result = bench.shell.run_cell(source, store_history=True)
    text = capsys.readouterr()
    return f"{text.out}{text.err}{result.error_in_exec or ''}".strip()


def _traced(bench: Bench, name: str, train: str = _TRAIN) -> None:
    """Trace one training from an own cell on, as a user does it."""
    bench.write(net=_NET, start=f"%repro trace start {name}", train=train, stop="%repro trace stop")
    assert bench.run("net", "start", "train", "stop").success


def test_two_equal_trainings_are_the_same(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Traces of equal runs are the same, say how many operations they hold, and lie beside the notebook."""
    _traced(bench, "one")
    _traced(bench, "two")
    text = _said(bench, capsys, "%repro trace diff one two")
    assert text.startswith("repro: `one` and `two` are the same: ")
    assert (bench.path.parent / ".jupyter_repro" / "traces" / "one.trace").stat().st_size < 10_000
    assert _said(bench, capsys, "%repro trace") == "repro: no trace runs; saved: `one`, `two`"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "loss.backward()",
            "loss.backward()\n    if step == 1: torch.ones(3) * 2",
            ("control flow", "line 8", "`one` has ended, `two` runs 2 operations more"),
        ),
        (
            "for step",
            "torch.rand(1)\nfor step",
            ("control flow", "one operation more in `two`", "`rand`"),
        ),
        ("x, y =", "import numpy as np\nw = torch.from_numpy(np.ones(3)).detach()\nx, y =", ()),
        ("8, 8)", "8, 8) * 2", ("control flow", "one operation more in `two`", "`mul.Tensor`")),
        ("8, 8)", "8, 9)[..., :8]", ("input data", "arguments", "`randn`")),
    ],
)
def test_causes(
    bench: Bench, capsys: pytest.CaptureFixture[str], before: str, after: str, expected: tuple[str, ...]
) -> None:
    """The first operation that differs is named with its line and its cause."""
    _traced(bench, "one")
    _traced(bench, "two", _TRAIN.replace(before, after, 1))
    text = _said(bench, capsys, "%repro trace diff one two")
    for part in expected or ("are the same",):
        assert part in text


def test_rng_state(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """A generator that stood elsewhere when the trace began is the cause, named at the first draw."""
    bench.write(net=_NET + "torch.manual_seed(3)\nnet = Net(); x = torch.ones(2, 1, 8, 8)", pass_="net(x);")
    bench.run("net")
    for name in ("one", "two"):
        bench.shell.run_cell(f"%repro trace start {name}")
        bench.run("pass_")
        bench.shell.run_cell("%repro trace stop")
    text = _said(bench, capsys, "%repro trace diff one two")
    assert "RNG state" in text
    assert "`bernoulli_.float` of `Net.drop`" in text
    assert "cell 1, line 9: `return self.head(self.drop(self.conv(x).relu()).flatten(1))`" in text
    assert "no seed: `%repro seed=42` in both" in text


def test_input_data(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers that came from outside torch are the cause, named where they are first used."""
    bench.write(
        data="import numpy as np, torch\na = np.arange(6.0)",
        use="t = torch.from_numpy(a)\nb = (t * 2).sum()",
        more="a[3] = 7",
    )
    bench.run("data")
    for name in ("one", "two"):
        bench.shell.run_cell(f"%repro trace start {name}")
        bench.run("use")
        bench.shell.run_cell("%repro trace stop")
        bench.run("more")
    text = _said(bench, capsys, "%repro trace diff one two")
    assert "part at operation 1: input data" in text
    assert "`mul.Tensor`: float64[6]" in text
    assert "cell 2, line 2" in text


def test_uninitialised_memory_is_no_difference(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """What `torch.empty` holds before it is written is not compared; where it is read, the text says so."""
    filled = "e = torch.empty(64); e[:32] = 1; e[32:] = 2; s = e.sum()"
    for name, junk in (("one", 1.0), ("two", 2.0)):
        # memory that is handed out again holds what was in it
        bench.shell.run_cell(f"import torch\nold = torch.full((64,), {junk}); del old")
        bench.shell.run_cell(f"%repro trace start {name}")
        bench.shell.run_cell(filled)
        bench.shell.run_cell("%repro trace stop")
    assert "are the same" in _said(bench, capsys, "%repro trace diff one two")


def test_backward_names_module_and_forward_line(bench: Bench, tmp_path: Path) -> None:
    """An operation of the backward pass knows the module and the line whose gradient it is part of."""
    from jupyter_repro.determinism.trace.format import read_trace

    _traced(bench, "one")
    trace = read_trace(tmp_path / ".jupyter_repro" / "traces" / "one.trace")
    ops = [op for op in trace.ops if trace.text(op.name) == "convolution_backward"]
    place, forward = trace.place(ops[0].place), trace.place(ops[0].forward)
    assert trace.text(ops[0].module) == "Net.conv"
    assert ops[0].backward
    assert place is not None
    assert (trace.cells[place.source], place.text) == ("cell 3", "loss.backward()")
    assert forward is not None
    assert trace.cells[forward.source] == "cell 1"
    assert "self.conv(x)" in forward.text


_MANY = """
import torch
torch.manual_seed(3)
model = torch.nn.Sequential(torch.nn.Conv1d(2, 4, 3), torch.nn.BatchNorm1d(4), torch.nn.Dropout(0.3))
lstm = torch.nn.LSTM(4, 5, dropout=0.1, num_layers=2)
attention = torch.nn.MultiheadAttention(5, 1, dropout=0.1)
optimizer = torch.optim.Adam([*model.parameters(), *lstm.parameters(), *attention.parameters()])
for step in range(2):
    hidden, _ = lstm(model(torch.randn(3, 2, 6)).permute(2, 0, 1))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y, _ = attention(hidden, hidden, hidden)
    optimizer.zero_grad()
    y.float().square().mean().backward()
    optimizer.step()
per_sample = torch.func.vmap(torch.func.grad(lambda a: (a ** 2).sum()))(torch.randn(4, 3))
result = [each.tolist() for each in (*model.parameters(), *lstm.parameters(), *attention.parameters(), per_sample)]
state = torch.get_rng_state().tolist()
"""


def test_a_trace_changes_no_number(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Weights, gradients and generators are bit for bit those without a trace, and equal runs have equal traces."""
    found = []
    bench.shell.run_cell(_MANY)
    found.append((bench.shell.user_ns["result"], bench.shell.user_ns["state"]))
    for name in ("one", "two"):
        bench.shell.run_cell(f"%repro trace start {name}")
        bench.shell.run_cell(_MANY)
        bench.shell.run_cell("%repro trace stop")
        found.append((bench.shell.user_ns["result"], bench.shell.user_ns["state"]))
    assert found[0] == found[1] == found[2]
    text = _said(bench, capsys, "%repro trace diff one two")
    assert "are the same" in text
    assert "unseen" not in text


def test_only_the_users_operations_are_traced(bench: Bench, tmp_path: Path) -> None:
    """What the record itself asks of torch between cells is not in the trace, nor what draws nothing moves."""
    from jupyter_repro.determinism.trace.format import read_trace

    bench.write(
        a="import torch\nw = torch.ones(3)", start="%repro trace start one", b="w += 1", c="v = 1 + 1"
    )
    bench.run_all()
    bench.shell.run_cell("%repro trace stop")
    trace = read_trace(tmp_path / ".jupyter_repro" / "traces" / "one.trace")
    assert [trace.text(op.name) for op in trace.ops] == ["add_.Tensor"]


def test_verdicts_are_not_spoiled(bench: Bench) -> None:
    """Cells that run under a trace are judged as without one."""
    _traced(bench, "one")
    assert bench.verdicts()["train"] in ("reproduced", "rng shifted")
    bench.write(
        seed="%repro seed=1", net=_NET, start="%repro trace start one", train=_TRAIN, stop="%repro trace stop"
    )
    bench.run_all()
    assert bench.verdicts()["train"] == "reproduced"


def test_off_ends_it(bench: Bench, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`%repro off` writes the trace and takes everything off; unloading does too, without a word."""
    callbacks = {event: list(found) for event, found in bench.shell.events.callbacks.items()}
    bench.shell.run_cell("import torch\n%repro trace start one")
    assert "one" in _said(bench, capsys, "torch.ones(1)\n%repro off")
    assert (tmp_path / ".jupyter_repro" / "traces" / "one.trace").exists()
    bench.shell.run_cell("%repro trace start two")
    bench.shell.run_line_magic("unload_ext", "jupyter_repro")
    assert (tmp_path / ".jupyter_repro" / "traces" / "two.trace").exists()
    left = bench.shell.events.callbacks
    assert all(len(left[event]) <= len(found) for event, found in callbacks.items())


def test_tab_completes_names(bench: Bench) -> None:
    """After `trace diff` Tab offers what is saved."""
    from IPython.core.completer import provisionalcompleter

    _traced(bench, "before")

    def completions(text: str) -> list[str]:
        with provisionalcompleter():
            return [found.text for found in bench.shell.Completer.completions(text, len(text))]

    assert completions("%repro trace diff bef") == ["before"]
    assert "before" not in completions("%repro trace stop ")


def test_a_mode_that_the_user_left_on_stays(bench: Bench) -> None:
    """A dispatch mode of the user's that a cell leaves on is still on after ours is gone."""
    source = (
        "from torch.utils.flop_counter import FlopCounterMode\n"
        "%repro trace start one\n"
        "counter = FlopCounterMode(display=False)\n"
        "counter.__enter__()"
    )
    assert bench.shell.run_cell(source).success
    try:
        assert len(_get_current_dispatch_mode_stack()) == 1
        bench.shell.run_cell("%repro trace stop")
        assert len(_get_current_dispatch_mode_stack()) == 1
    finally:
        bench.shell.run_cell("counter.__exit__(None, None, None)")


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("%repro trace stop", "no trace runs; begin one with `%repro trace start NAME`"),
        ("%repro trace diff a b", "there is no trace `a`"),
        ("%repro trace start", "`trace start` takes one name"),
        ("%repro trace strt x", "did you mean `start`?"),
        ("%repro trace start a/b", "is no name for a trace"),
        ("%repro trace start x\n%repro trace start y", "the trace `x` runs already"),
        ("%repro trace start x\n%repro trace stop y", "the trace that runs is `x`"),
    ],
)
def test_slips(bench: Bench, capsys: pytest.CaptureFixture[str], line: str, part: str) -> None:
    """A slip is one line with the remedy."""
    assert part in _said(bench, capsys, line)
    bench.shell.run_cell("%repro off")


def test_an_operation_that_cannot_be_recorded_still_runs(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault of ours leaves the user's operation as it is, and the comparison counts it."""
    from jupyter_repro.determinism.trace import recorder

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(recorder, "operator_of", broken)
    bench.shell.run_cell("import torch\n%repro trace start one")
    assert bench.shell.run_cell("total = int(torch.ones(4).sum())").success
    assert bench.shell.user_ns["total"] == 4
    bench.shell.run_cell("%repro trace stop")
    text = _said(bench, capsys, "%repro trace diff one one")
    assert "operations that could not be recorded" in text


def test_torch_is_waited_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trace does not import torch."""
    monkeypatch.delitem(sys.modules, "torch")
    bench.shell.run_cell("%repro trace start one")
    assert "torch" not in sys.modules
    sys.modules["torch"] = torch
    bench.shell.run_cell("%repro trace stop")
