"""The script that runs what needs a GPU: refuses without one, and its logic runs on the CPU, labelled so."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")

_FOLDER = Path(__file__).parents[2] / "benchmarks" / "gpu"


def _script(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(_FOLDER / "run.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the script as a module."""
    monkeypatch.syspath_prepend(str(_FOLDER))
    spec = importlib.util.spec_from_file_location("gpu_run", _FOLDER / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(torch.cuda.is_available(), reason="here is a GPU")
def test_refuses_without_a_gpu() -> None:
    """One clear line, and nothing measured."""
    done = _script("--write")
    assert done.returncode == 1
    assert done.stderr == (
        "error: torch sees no CUDA device; `--device cpu` rehearses the same steps on the CPU\n"
    )


@pytest.mark.slow
def test_the_steps_run_on_the_cpu() -> None:
    """The same processes and comparison, under a head that says that no GPU was used."""
    done = _script("--device", "cpu", "--model", "transformer", "--mode", "strict", "--steps", "1")
    assert done.returncode == 0, done.stderr
    head, _, *rows = done.stdout.strip().splitlines()
    assert "no GPU" in head
    assert rows[-1].startswith("| transformer | `seed=42 strict` |")
    assert rows[-1].endswith("| - | bit for bit equal |")


@pytest.mark.parametrize(
    ("losses", "weights", "said"),
    [
        (["a", "b"], "w", "bit for bit equal"),
        (["a", "c"], "w", "loss differs from step 2 on"),
        (["a", "b"], "v", "weights differ after the last step"),
    ],
)
def test_where_two_trainings_part(script: Any, losses: list[str], weights: str, said: str) -> None:
    """The first step whose loss has other bits, else the weights."""
    assert (
        script.first_difference(
            {"losses": ["a", "b"], "weights": "w"}, {"losses": losses, "weights": weights}
        )
        == said
    )
