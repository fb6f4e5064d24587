"""Training that was stopped goes on bit for bit, in a fresh process, with any number of workers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="no torch here")
pytest.importorskip("safetensors", reason="the extra `checkpoints`")

_PROGRAM = Path(__file__).with_name("train_digits.py")


CASES = {"0to0": (0, 0, 4), "2to3": (2, 3, 8), "3to1": (3, 1, 6), "1to0": (1, 0, 7), "0to2": (0, 2, 17)}
"""Workers before, workers after, and after which of 18 steps it was stopped."""


def _train(seed: int, *words: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, str(_PROGRAM), str(seed), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """One process trains straight, and is stopped in five ways; another, with another seed, goes on from each."""
    base = tmp_path_factory.mktemp("runs")
    for name in ("straight", *CASES):
        (base / name).mkdir()
    stopped = [f"{base}/{name}:{before}:{stop}" for name, (before, _, stop) in CASES.items()]
    straight, *_ = _train(42, f"{base}/straight:0:-1", *stopped)
    resumed = _train(99, *(f"{base}/{name}:{after}:0" for name, (_, after, _) in CASES.items()))
    return {"straight": straight, **dict(zip(CASES, resumed, strict=True))}


@pytest.mark.parametrize("case", CASES)
def test_it_goes_on_bit_for_bit(runs: dict[str, dict[str, Any]], case: str) -> None:
    """In the middle and at the end of an epoch: every loss and all weights, learning rates and loss scales too.

    Augmentation draws from every stream, and from a generator of the data set; the loss scale is lowered.
    """
    straight, found, stop = runs["straight"], runs[case], CASES[case][2]
    assert found["losses"] == straight["losses"][stop:]
    assert found["weights"] == straight["weights"]
    assert found["history"] == straight["history"]


def test_the_run_has_what_is_easily_lost(runs: dict[str, dict[str, Any]]) -> None:
    """Its loss scale changes, steps are skipped, and the learning rate is another at each step."""
    straight = runs["straight"]
    scales, rates = straight["history"]["scaler"], straight["history"]["optimizer"]
    assert len(scales["changes"]) > 2
    assert rates["steps"] < scales["steps"] == len(straight["losses"])
    assert len(rates["changes"]) == rates["steps"]
