"""`%repro checkpoint` in a notebook, and what the record knows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.errors import BadWord
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.kernel.options import parse_options
from jupyter_repro.kernel.requests import Checkpoint

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Bench

pytest.importorskip("torch", reason="no torch here")
pytest.importorskip("safetensors", reason="the extra `checkpoints`")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("checkpoint", Checkpoint()),
        ("checkpoint list runs json", Checkpoint(act="list", path="runs", json=True)),
        ("checkpoint show runs/1", Checkpoint(act="show", path="runs/1")),
        (
            "checkpoint save 'a b/{step}' model=net step=3",
            Checkpoint(act="save", path="a b/{step}", given=(("model", "net"), ("step", "3"))),
        ),
        ("checkpoint load x loader=ld", Checkpoint(act="load", path="x", given=(("loader", "ld"),))),
    ],
)
def test_the_words(line: str, expected: Checkpoint) -> None:
    """What a line asks for."""
    assert parse_options(line) == expected


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("checkpoint sav x", "did you mean `save`"),
        ("checkpoint save", "needs a path"),
        ("checkpoint load x modl=net", "did you mean `model`"),
        ("checkpoint save x model=", "`model=` needs a name"),
        ("checkpoint show x step=3", "unknown word `step=3`"),
    ],
)
def test_a_slip_is_answered(line: str, says: str) -> None:
    """With what was meant."""
    with pytest.raises(BadWord, match=says):
        parse_options(line)


CELLS = {
    "seed": "import torch, random, jupyter_repro\n%repro seed=42",
    "make": "net = torch.nn.Linear(2, 1)\nopt = torch.optim.SGD(net.parameters(), lr=0.1)",
    "save": "%repro checkpoint save runs/{{step}} model=net optimizer=opt step=3",
    "draw": "x = random.random()",
    "spoil": "_ = net.weight.data.zero_()",
    "load": "%repro checkpoint load runs/3 model=net optimizer=opt",
    "again": "print(net.weight.sum().item() != 0, random.random() == x)",
    "list": "%repro checkpoint list runs",
    "show": "%repro checkpoint show runs/3",
    "verify": "%repro checkpoint verify runs/3",
}


def test_a_notebook_saves_and_loads(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """By magic: what it says, that the states and streams come back, and that the record sees the change."""
    bench.write(**CELLS)
    bench.run_all()
    told = capsys.readouterr().out
    assert "repro: saved `runs/3` (" in told
    assert "repro: `runs/3` (step 3) is loaded" in told
    assert "True True" in told
    assert "`runs/3` is what was saved: " in told
    assert "scheduler                  not given" in told
    assert set(bench.verdicts().values()) == {"reproduced"}
    bench.run("spoil")
    verdicts = bench.verdicts()
    # the magic reads the names that it spells, and changes what they hold
    assert verdicts["again"] == "stale" or verdicts["load"] != "reproduced"


def test_a_name_that_is_not_there(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """The message names it."""
    bench.write(a="%repro checkpoint save runs/1 model=net")
    bench.run_all()
    assert "there is no `net` here" in capsys.readouterr().err


def test_the_run_knows_its_checkpoints(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saved by the API or by magic, and not removed since: path and digest; the checkpoint names the run."""
    from jupyter_repro import checkpoint
    from jupyter_repro.kernel.run_records import run_of

    monkeypatch.setattr("IPython.get_ipython", lambda: bench.shell)
    bench.write(
        a="import jupyter_repro\nfor n in (1, 2):\n    jupyter_repro.checkpoint.save("
        "'runs/{step}', step=n, keep=jupyter_repro.checkpoint.Keep(last=1))",
        b="%repro checkpoint save other",
    )
    bench.run_all()
    run = run_of(_session(bench))
    folder = _session(bench).folder()
    found = {each.path.name: each.manifest for each in checkpoint.find(folder)}
    held = [each.partition("@") for each in run.checkpoints]
    assert [path for path, _, _ in held] == ["runs/2", "other"]
    assert [digest for _, _, digest in held] == [found["2"].digest, found["other"].digest]  # type: ignore[union-attr] # they are whole
    assert found["2"].run == run.kernel  # type: ignore[union-attr] # as above


def test_what_a_cell_loads_is_an_input(bench: Bench, tmp_path: Path) -> None:
    """Every file of a checkpoint that was there before counts as read; of one that the notebook made, none is."""
    import torch

    from jupyter_repro import checkpoint

    folder = _session(bench).folder()
    with unwatched():  # as another process would
        checkpoint.save(folder / "given", model=torch.nn.Linear(2, 1), step=1)
    bench.write(
        make="import torch, jupyter_repro\nnet = torch.nn.Linear(2, 1)",
        load="loaded = jupyter_repro.checkpoint.load('given', model=net)",
        save="saved = jupyter_repro.checkpoint.save('made', model=net)",
        again="loaded = jupyter_repro.checkpoint.load('made', model=net)",
    )
    bench.run_all()
    run = run_of_bench(bench)
    read = {each.resource for each in run.inputs}
    assert {"file:given/manifest.json", "file:given/model.safetensors", "file:given/rng.json"} <= read
    assert not [each for each in read if "made" in each]


def run_of_bench(bench: Bench) -> Any:
    """The record of this moment."""
    from jupyter_repro.kernel.run_records import run_of

    return run_of(_session(bench))


def _session(bench: Bench) -> Any:
    from jupyter_repro.kernel.extension import session_of

    session = session_of(bench.shell)
    assert session is not None
    return session
