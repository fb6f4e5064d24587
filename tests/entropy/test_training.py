"""Randomness of training where a cell evaluates: modes, layers and calls, from the source and the modules."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from jupyter_repro.entropy.training import training_in

_EVALUATE = "with torch.no_grad():\n    net(x)"


class _Holder:
    def __init__(self, net: nn.Module) -> None:
        self.net = net


def _net(*, training: bool = True) -> nn.Module:
    return nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), nn.Dropout(0.5), nn.Dropout(0.0)).train(training)


def _found(source: str, **namespace: Any) -> list[tuple[str, str, int, int]]:
    found = training_in(source, {"torch": torch, "nn": nn, **namespace})
    return [(use.kind, use.what, use.line, use.layers) for use in found]


_BOTH = [("dropout", "net", 2, 1), ("batch norm", "net", 2, 1)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (_EVALUATE, _BOTH),
        ("with torch.inference_mode():\n    net(x)", _BOTH),
        ("with torch.set_grad_enabled(False):\n    net(x)", _BOTH),
        ("@torch.no_grad()\ndef f(): return net(x)\nf()", [(k, w, 2, n) for k, w, _, n in _BOTH]),
        ("@torch.no_grad()\ndef f(): return net(x)", []),
        ("@torch.no_grad()\ndef f(net): return net(x)\nf(a)", []),
        ("net(x)\nwith torch.no_grad():\n    y.mean()", []),
        ("with torch.enable_grad():\n    net(x)  # no_grad", []),
        ("with torch.no_grad(:", []),
    ],
)
def test_where_a_cell_evaluates(source: str, expected: list[tuple[str, str, int, int]]) -> None:
    """Calls of a module without gradients count, in functions where the cell calls them."""
    assert _found(source, net=_net()) == expected


@pytest.mark.parametrize(
    ("source", "training", "expected"),
    [
        (_EVALUATE, False, []),
        (f"net.eval()\n{_EVALUATE}\nnet.train()", True, []),
        (f"net.train()\n{_EVALUATE}\nnet.eval()", False, [(k, w, 3, n) for k, w, _, n in _BOTH]),
        (f"net.train(False)\n{_EVALUATE}", True, []),
        (f"{_EVALUATE}\nnet.train()", True, []),
        (f"net.train(flag)\n{_EVALUATE}", True, []),
        (f"{_EVALUATE}\nfit(net)", True, []),
        (f"print(net)\n{_EVALUATE}", True, [(k, w, 3, n) for k, w, _, n in _BOTH]),
    ],
    ids=[
        "eval",
        "eval then train",
        "train then eval",
        "train(False)",
        "train below",
        "train(flag)",
        "handed on",
        "shown",
    ],
)
def test_the_mode_at_the_line(source: str, training: bool, expected: list[Any]) -> None:  # noqa: FBT001 - a table
    """The mode that the cell gave above the line counts; what cannot be told is not told."""
    assert _found(source, net=_net(training=training)) == expected


def test_monte_carlo_dropout() -> None:
    """Dropout at work in a module that evaluates, or called by name, is a sample; a stream of its own is fine."""
    net = _net(training=False)
    net[2].train()  # type: ignore[operator] # a submodule
    assert _found(_EVALUATE, net=net) == [("Monte Carlo dropout", "net", 2, 1)]
    assert _found(f"with jupyter_repro.fork_rng(3), {_EVALUATE[5:]}", net=net) == []
    assert [each[0] for each in _found("with torch.no_grad():\n    F.dropout(x)")] == ["Monte Carlo dropout"]
    assert _found("with torch.no_grad():\n    F.dropout(x, training=self.training)") == []


def test_gumbel_noise() -> None:
    """Each call of `gumbel_softmax` is told, with gradients or without."""
    assert _found("y = F.gumbel_softmax(a, tau=2)") == [("Gumbel noise", "F.gumbel_softmax(a, tau=2)", 1, 0)]


@pytest.mark.filterwarnings("ignore:.*script_method:DeprecationWarning")  # torch.compile imports it
def test_modules_behind_names() -> None:
    """Modules held by plain objects, submodules, recurrent and attention layers and compiled ones are found."""
    held = _Holder(_net())
    assert [each[1] for each in _found("with torch.no_grad():\n    held.net(x)", held=held)] == [
        "held.net"
    ] * 2
    for layer in (
        nn.LSTM(2, 2, num_layers=2, dropout=0.1),
        nn.MultiheadAttention(2, 1, dropout=0.1),
        torch.compile(_net()),
    ):
        assert _found(_EVALUATE, net=layer)[0][0] == "dropout"
    for layer in (nn.LSTM(2, 2), nn.BatchNorm1d(2, track_running_stats=False), nn.InstanceNorm1d(2)):
        assert _found(_EVALUATE, net=layer) == []


def test_no_code_of_the_users_runs() -> None:
    """Objects that answer every attribute, or fail at each, are left alone."""

    class Trap:
        def __getattribute__(self, name: str) -> Any:
            raise AssertionError(name)

    assert _found("with torch.no_grad():\n    net.a.b(x)\n    net(x)", net=Trap()) == []
