"""Forked children draw apart from each other and their parent, and the same in every run."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

_START = """
import os, random, sys, threading
import numpy as np, numpy.random
from jupyter_repro.rng import Streams
from jupyter_repro.rng.process import FORKS
def draw():
    torch = sys.modules.get("torch")
    last = f" {torch.rand(1).item():.7f}" if torch else ""
    return f"{random.random():.9f} {np.random.rand():.9f}" + last
def child(work=lambda: print(draw(), flush=True)):
    pid = os.fork()
    if pid == 0:
        work(); sys.stdout.flush(); os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
"""


def _run(code: str) -> Sequence[str]:
    done = subprocess.run([sys.executable, "-c", _START + code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_children_are_distinct_and_reproducible() -> None:
    """Two children, a grandchild and the parent draw four different pairs, the same ones next time."""
    code = "s = Streams(); s.begin(42); child(); child(); child(child); print(draw())"
    first = _run(code)
    assert first == _run(code)
    assert len({number for line in first for number in line.split()}) == 8
    assert first[-1] == "0.639426798 0.374540119"


def test_torch_too_and_without_a_seed_nothing_is_touched() -> None:
    """Before `%repro seed=` children begin as the libraries leave them, as copies; after it they are apart."""
    lines = _run(
        "import torch; np.random.seed(0); torch.manual_seed(0); child(); child()\n"
        "s = Streams(); s.begin(42); child(); child(); print(draw())"
    )
    assert [line.split()[1:] for line in lines[:2]] == [["0.548813504", "0.4962566"]] * 2
    assert len({number for line in lines[2:] for number in line.split()}) == 9
    assert lines[-1] == "0.639426798 0.374540119 0.8822693"


def test_a_cell_run_again_forks_the_same_children() -> None:
    """They are told by the cell and their number in it, whatever ran before."""
    lines = _run(
        "s = Streams(); s.begin(42)\n"
        "for place in ('a', 'b', 'a'):\n    s.enter(place); child(); draw()\n"
        "s.begin(7); s.enter('a'); child()\n"
        "print([row.effective for row in s.settings() if row.name == 'seed.forked children'])"
    )
    assert lines[0] == lines[2]
    assert len(set(lines[:4])) == 3
    assert lines[4] == "['4 so far']"


def test_a_thread_that_draws_from_numpy_at_the_fork_hangs_no_child() -> None:
    """NumPy's lock, held by a thread that the child does not have, is not waited for."""
    lines = _run(
        "s = Streams(); s.begin(42)\n"
        "with np.random.get_bit_generator().lock:\n    child(lambda: print(random.random()))\n"
        "child(lambda: print('free'))"
    )
    assert lines[1] == "free"


def test_a_child_may_seed_for_itself() -> None:
    """What the child asks for is what it gets, also where a library is imported after it."""
    lines = _run(
        "s = Streams(); s.begin(42)\n"
        "child(lambda: (s.begin(42), print(draw())))\n"
        "import jupyter_repro\nchild(lambda: print(jupyter_repro.child_seed('a')))\n"
        "print(jupyter_repro.child_seed('a'))"
    )
    assert lines[0] == "0.639426798 0.374540119"
    assert lines[1] == lines[2]
