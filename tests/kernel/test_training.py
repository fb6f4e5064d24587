"""Training-time randomness in cells: findings with their remedies, allowed with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Bench  # pragma: no cover

_SETUP = (
    "import torch\nfrom torch import nn\nfrom torch.nn import functional as F\n%repro seed=42\n"
    "net = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), nn.Dropout(0.5))\nx = torch.rand(4, 2)"
)


def test_findings_of_cells(bench: Bench) -> None:
    """Each of the four rules tells cell, line and remedy; a cell that evaluates in `eval()` has none."""
    bench.write(
        setup=_SETUP,
        bad="with torch.no_grad():\n    score = net(x).mean()",
        samples="net.eval()\nnet[2].train()",
        sampling="with torch.no_grad():\n    s = [net(x) for _ in range(3)]",
        gumbel="# repro: allow RP704 because it is the only draw\ng = F.gumbel_softmax(x)",
        good="net.eval()\nwith torch.no_grad():\n    score = net(x).mean()",
    )
    bench.run_all()
    found = {each.code: each for each in bench.status().findings if each.code.startswith("RP7")}
    assert [(found[code].cell, found[code].severity) for code in sorted(found)] == [
        ("bad", "warning"),
        ("bad", "warning"),
        ("sampling", "info"),
        ("gumbel", "info"),
    ]
    assert found["RP701"].message == (
        "cell 2, line 2, evaluates `net` in `train()` mode: 1 dropout layer at work under `no_grad`"
    )
    assert found["RP701"].remedy == "write `net.eval()` before it"
    assert "child_seed" in found["RP703"].remedy
    assert found["RP704"].message.endswith("(allowed here: it is the only draw)")


def test_gumbel_remedy_is_the_same_noise(bench: Bench) -> None:
    """The noise that the remedy of RP704 writes is Gumbel noise, and leaves the global stream where it is."""
    bench.write(
        setup=_SETUP,
        own='import jupyter_repro\ng = jupyter_repro.generator("gumbel", kind="torch")\n'
        "before = torch.get_rng_state()\n"
        "noise = -torch.empty(20000).exponential_(generator=g).log()\n"
        "same = torch.equal(before, torch.get_rng_state())",
    )
    bench.run_all()
    names = bench.shell.user_ns
    assert names["same"]
    assert abs(float(names["noise"].mean()) - 0.5772) < 0.05
