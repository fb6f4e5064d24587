"""The block: what it records, that it checks by default, and that neither is ever guessed."""

from __future__ import annotations

import builtins
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

import jupyter_repro
from jupyter_repro.errors import BadWord, GoldenDiffers, GoldenExists, GoldenRefused, NoGolden
from jupyter_repro.goldens import identity
from jupyter_repro.goldens.file import read_golden
from jupyter_repro.goldens.mode import ACT, ASKED, LEVEL, OUT, PERTURB, PLACE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own, and no word of another test or of the environment."""
    monkeypatch.chdir(tmp_path)
    for name in (ACT, LEVEL, OUT, PERTURB, PLACE):
        monkeypatch.delenv(name, raising=False)
    ASKED.clear()


def _train(*, off: float = 0.0, steps: int = 5, name: str = "r", **words: Any) -> Any:
    weights = {"w": np.ones(3)}
    with jupyter_repro.golden(name, **words) as golden:
        golden.start(weights)
        for step in range(steps):
            weights["w"] *= 0.5 + off
            golden.log(step, loss=weights["w"].sum())
        golden.final(weights)
    return golden


def test_no_reference_is_no_pass() -> None:
    """Without a word it checks; where there is nothing to check against, nothing is even run."""
    ran = []
    with pytest.raises(NoGolden, match=r"goldens/r\.golden\.json"), jupyter_repro.golden("r"):
        ran.append(1)
    assert not ran


def test_recorded_then_checked(capsys: pytest.CaptureFixture[str]) -> None:
    """The same run holds, bit for bit; another one is an error with both values, the step and the curve."""
    assert _train(mode="record").path.is_file()
    assert "recorded golden run `r`: 5 steps, 1 tensor" in capsys.readouterr().out
    found = _train().comparison
    assert (found.verdict, found.bitwise, found.steps, found.weights) == ("holds", True, 5, 1)
    assert "holds: 5 steps, 1 tensor, bit for bit" in capsys.readouterr().out
    with pytest.raises(GoldenDiffers) as error:
        _train(off=0.01)
    assert error.value.comparison.first.step == 0
    assert "at step 0 `loss` is 1.53, 1.5 in the reference" in str(error.value)
    assert "distance from the reference" in str(error.value)
    assert pickle.loads(pickle.dumps(error.value)).message == error.value.message


def test_never_over_a_reference(tmp_path: Path) -> None:
    """`record` refuses before the run; `replace` is a word of its own."""
    _train(mode="record")
    before = (tmp_path / "goldens/r.golden.json").read_bytes()
    with pytest.raises(GoldenExists, match="there is a reference"):
        _train(mode="record", off=0.1)
    assert (tmp_path / "goldens/r.golden.json").read_bytes() == before
    _train(mode="replace", off=0.1)
    assert (tmp_path / "goldens/r.golden.json").read_bytes() != before


def test_who_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The code goes before `%repro golden`, that before the environment; a word holds for one block."""
    monkeypatch.setenv(ACT, "replace")
    monkeypatch.setenv(PLACE, str(tmp_path / "elsewhere"))
    assert _train().path == tmp_path / "elsewhere/r.golden.json"
    ASKED["r"] = "record"
    with pytest.raises(GoldenExists):
        _train()
    ASKED["r"] = "record"
    assert _train(mode="check").act == "check"
    ASKED["r"] = "replace"
    assert (_train().act, _train(mode=None).act) == ("replace", "replace")
    monkeypatch.setenv(ACT, "check")
    ASKED.clear()
    assert _train(folder=tmp_path / "elsewhere").act == "check"
    monkeypatch.setenv(ACT, "recrod")
    with pytest.raises(BadWord, match=ACT):
        _train()


def test_level_of_code_environment_and_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment goes before the code, the code before the reference."""
    _train(mode="record", level="rtol=1e-1")
    assert _train(off=0.001).comparison.level == "rtol=1e-1"
    with pytest.raises(GoldenDiffers):
        _train(off=0.001, level="bitwise")
    monkeypatch.setenv(LEVEL, "rtol=1e-9")
    with pytest.raises(GoldenDiffers):
        _train(off=0.001, level="rtol=1e-1")
    with pytest.raises(BadWord):
        _train(mode="record", level="exact")


def test_another_identity_refuses_before_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known at the beginning is told at the beginning."""
    _train(mode="record")
    facts = identity.identity_now()
    monkeypatch.setattr("jupyter_repro.goldens.run.identity_now", lambda: {**facts, "CPU": "another"})
    ran = []
    with (
        pytest.raises(GoldenRefused, match=r"CPU: .* in the reference, another here"),
        jupyter_repro.golden("r"),
    ):
        ran.append(1)
    assert not ran
    assert _train(level="rtol=1e-6").comparison.identity


def test_an_error_in_the_block_stays_the_users(tmp_path: Path) -> None:
    """It is raised as it is, and nothing is recorded of half a run."""

    def half() -> None:
        with jupyter_repro.golden("r", mode="record") as golden:
            golden.log(0, loss=1.0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert not (tmp_path / "goldens").exists()


@pytest.mark.parametrize("act", ["log", "start", "final"])
def test_only_inside_the_block(act: str) -> None:
    """Before and after it nothing is noted, and that is said."""
    golden = jupyter_repro.golden("r", mode="record")
    words: Any = (0,) if act == "log" else ({"w": np.ones(1)},)
    with pytest.raises(BadWord, match="is not open"):
        getattr(golden, act)(*words)
    with golden:
        golden.log(0, loss=1.0)
    with pytest.raises(BadWord, match="is not open"):
        getattr(golden, act)(*words)


def test_nothing_logged_is_no_reference() -> None:
    """An empty reference would let every run pass."""
    with pytest.raises(BadWord, match="logged nothing"), jupyter_repro.golden("r", mode="record"):
        pass


def test_two_models(tmp_path: Path) -> None:
    """Each has a name; the same one twice is a slip."""
    with jupyter_repro.golden("r", mode="record") as golden:
        golden.final({"w": 1.0})
        golden.final({"w": 2.0}, "ema")
        with pytest.raises(BadWord, match="already"):
            golden.final({"w": 3.0}, "ema")
    names = [row.name for row in read_golden(tmp_path / "goldens/r.golden.json").final]
    assert names == ["ema.w", "w"]


def test_ranks_have_references_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes of one job never write one file."""
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert _train(mode="record").path.name == "r.rank1.golden.json"


def test_calibration_moves_a_weight_of_a_module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Also where `start` is never called: at the first forward of a module; the hook does not stay."""
    _train(mode="record")
    for name, value in {OUT: str(tmp_path), ACT: "calibrate", PERTURB: "1"}.items():
        monkeypatch.setenv(name, value)
    model = torch.nn.Linear(3, 1)
    before = {name: each.clone() for name, each in model.state_dict().items()}
    with jupyter_repro.golden("r") as golden:
        torch.nn.ReLU()(torch.ones(1))
        loss = model(torch.ones(3)).sum()
        model(torch.ones(3))
        golden.log(0, loss=loss)
    moved = sum(int((each != before[name]).sum()) for name, each in model.state_dict().items())
    assert moved == 1
    assert not torch.nn.modules.module._global_forward_pre_hooks
    (run,) = tmp_path.glob("*.run.json")
    assert read_golden(run).perturbed is not None


def test_a_library_is_not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block in a process without torch leaves it alone."""
    real = builtins.__import__

    def refused(name: str, *rest: Any, **named: Any) -> Any:
        assert name.partition(".")[0] not in {"pandas", "matplotlib", "sklearn", "tensorflow", "jax"}
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refused)
    _train(mode="record")
    _train()
