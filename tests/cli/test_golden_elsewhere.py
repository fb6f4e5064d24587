"""``jupyter repro golden check`` where bits hang on something else: real threads, a real instruction set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_repro.cli.main import main

torch = pytest.importorskip("torch", reason="no torch here")

if TYPE_CHECKING:
    from pathlib import Path

_TRAIN = """
import os
import torch
import jupyter_repro

torch.set_num_threads(int(os.environ.get("TRAIN_THREADS", "1")))
torch.manual_seed(3)
model = torch.nn.Linear(64, 8)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x = torch.linspace(-1, 1, 64 * 32).reshape(32, 64)
with jupyter_repro.golden("r") as g:
    g.start(model)
    for step in range(5):
        loss = model(x).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        g.log(step, loss=loss, lr=0.1)
    g.final(model)
"""


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["golden", *arguments])
    return int(stop.value.code or 0)


def test_bits_are_refused_and_the_fact_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Two threads where there was one, then another instruction set: exit code 4, by name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ATEN_CPU_CAPABILITY", raising=False)
    (tmp_path / "train.py").write_text(_TRAIN, encoding="utf-8")
    assert _run("record", "train.py") == 0
    capfd.readouterr()
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TRAIN_THREADS", "2")
        assert _run("check", "train.py", "--level", "bitwise") == 4
        assert "threads: 1 in the reference, 2 here" in capfd.readouterr().err
    if torch.backends.cpu.get_cpu_capability() == "DEFAULT":
        pytest.skip("this processor has no instruction set to do without")
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "default")
    assert _run("check", "train.py", "--level", "bitwise") == 4
    assert "in the reference, DEFAULT here" in capfd.readouterr().err
