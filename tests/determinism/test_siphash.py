"""The computed hash of a text is the one of a real interpreter with that PYTHONHASHSEED."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from jupyter_repro.determinism.siphash import can_compute, text_hash

TEXTS = ("probe", "a", "eight by", "a longer text of more than two words of eight bytes")


@pytest.mark.skipif(not can_compute(), reason="this interpreter hashes text otherwise")
@pytest.mark.parametrize("seed", [0, 1, 42, 2**32 - 1])
def test_agrees_with_the_interpreter(seed: int) -> None:
    """For every length and seed, the number is the interpreter's."""
    code = f"print(*[hash(text) for text in {TEXTS!r}])"
    environ = {**os.environ, "PYTHONHASHSEED": str(seed)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
    )
    assert [text_hash(text, seed) for text in TEXTS] == [int(word) for word in done.stdout.split()]
