"""Traces of two real processes beside each other: threads, races, seeds of the hash, generators."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

_WORKER = """
import pathlib, sys, torch
from jupyter_repro.determinism.trace.tracer import Tracer

threads = int(sys.argv[1])

def dot():
    a, b = torch.randn(1_000_000), torch.randn(1_000_000)
    return a @ b

def norm():
    net = torch.nn.Sequential(torch.nn.LayerNorm(256))
    y = net(torch.randn(4096, 256))
    y.backward(torch.ones_like(y))

def race():
    index = torch.randint(0, 50, (300_000,))
    values, out = torch.randn(300_000), torch.zeros(50)
    for _ in range(40):
        out.index_put_((index,), values, accumulate=True)

def words():
    order = list({"alpha", "beta", "gamma", "delta", "epsilon", "zeta"})
    numbers = torch.tensor([order.index(word) for word in sorted(order)])
    torch.nn.Embedding(6, 4)(numbers)

def drop():
    torch.nn.Sequential(torch.nn.Dropout(0.5))(torch.ones(64))

def trace(name, function, threads=1, seed=0):
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    tracer = Tracer(name, {"seed": str(seed)})
    tracer.enter()
    function()
    tracer.leave()
    pathlib.Path(f"{name}.trace").write_bytes(tracer.whole({"seed": str(seed)}, {}))

trace("dot", dot, threads)
trace("norm", norm, threads)
trace("words", words)
trace("drop", drop, seed=threads)
for number in range(3):
    trace(f"race{number}", race, 2)
torch.use_deterministic_algorithms(True)
trace("safe", race, 2)
"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the folders of two processes: the first has one thread, the second two, and another hash seed."""
    found = []
    for number in ("1", "2"):
        folder = tmp_path_factory.mktemp(f"process{number}")
        script = folder / "train.py"
        script.write_text(_WORKER, encoding="utf-8")
        subprocess.run(
            [sys.executable, str(script), number],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": number},
            cwd=folder,
        )
        found.append(folder)
    return found[0], found[1]


def _diff(capsys: pytest.CaptureFixture[str], one: Path, two: Path) -> tuple[int, str]:
    from jupyter_repro.cli.main import main

    with pytest.raises(SystemExit) as left:
        main(["trace", "diff", str(one), str(two)])
    code = left.value.code
    assert isinstance(code, int)
    return code, capsys.readouterr().out


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="two threads need two cores")
@pytest.mark.parametrize(
    ("name", "op", "line"),
    [
        ("dot", "operation  `dot`: float32[1000000], float32[1000000]", "`return a @ b`"),
        (
            "norm",
            "operation  `native_layer_norm_backward` of `Sequential.0`, in backward",
            "`y = net(torch.randn(4096, 256))`",
        ),
    ],
)
def test_thread_count(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str], name: str, op: str, line: str
) -> None:
    """One thread against two: the operation, its module and line and the number of threads are named."""
    one, two = (folder / f"{name}.trace" for folder in folders)
    code, text = _diff(capsys, one, two)
    assert code == 1
    assert "nondeterministic kernel" in text
    assert op in text
    assert line in text
    assert f"threads: 1 in `{one}`, 2 in `{two}`" in text
    assert "`%repro threads=N` with one N in both" in text
    code, text = _diff(capsys, one, one)
    assert code == 0
    assert "are the same" in text


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="a race needs two cores")
def test_race(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Threads that race in `index_put_` are found there, and deterministic algorithms end the race."""
    first, *others = (folder / f"race{number}.trace" for folder in folders for number in range(3))
    told = [_diff(capsys, first, other) for other in others]  # a race may end alike
    text = next(text for code, text in told if code)
    assert "nondeterministic kernel" in text
    assert "index_put_" in text
    assert "out.index_put_((index,), values, accumulate=True)" in text
    assert "left to chance" in text
    assert _diff(capsys, *(folder / "safe.trace" for folder in folders))[0] == 0


def test_order_of_a_set(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers that come from the order of a set are input data, and the hash seed is named."""
    code, text = _diff(capsys, *(folder / "words.trace" for folder in folders))
    assert code == 1
    assert "input data" in text
    assert "`embedding` of `Embedding`" in text
    assert "hash seed: 1 in" in text
    assert "order of a set" in text


def test_other_state_of_the_generator(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Generators that stood elsewhere are told at the first operation that draws, with the seeds."""
    code, text = _diff(capsys, *(folder / "drop.trace" for folder in folders))
    assert code == 1
    assert "RNG state" in text
    assert "`bernoulli_.float` of `Sequential.0`" in text
    assert "seed: 1 in" in text


def test_as_json(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """The comparison is there for programs too."""
    import json

    from jupyter_repro.cli.main import main

    with pytest.raises(SystemExit):
        main(["trace", "diff", str(folders[0] / "drop.trace"), str(folders[1] / "drop.trace"), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["divergence"]["cause"] == "RNG state"
    assert found["divergence"]["a"]["module"] == "Sequential.0"


@pytest.mark.parametrize("name", ["none", "train.py"])
def test_what_is_no_trace_is_refused(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """One line of error and one of remedy."""
    from jupyter_repro.cli.main import main

    with pytest.raises(SystemExit) as left:
        main(["trace", "diff", str(folders[0] / name), str(folders[0] / "dot.trace")])
    assert left.value.code in (2, 5)
    assert capsys.readouterr().err.startswith("error: ")
