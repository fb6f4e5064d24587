"""Streams are seeded now or at their import, shared fairly, and given back bit for bit."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import numpy.random
import pytest
import torch

from jupyter_repro.rng import Streams, governed
from jupyter_repro.rng.process import PROCESS

if TYPE_CHECKING:
    from collections.abc import Iterator


def _draw() -> tuple[float, float, float]:
    return random.random(), float(np.random.rand()), torch.rand(1).item()


FIRST = (0.6394267984578837, 0.3745401188473625, 0.8822692632675171)


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    before, finders = Streams().digests(), list(sys.meta_path)
    yield
    assert Streams().digests() == before
    assert list(sys.meta_path) == finders


def test_begin_seeds_and_end_gives_back() -> None:
    """The documented numbers come, the table says in force, the fixture sees nothing left."""
    streams = Streams()
    rows = {row.name: row.effect for row in streams.begin(42)}
    assert [rows[f"seed.{name}"] for name in ("python", "numpy", "torch")] == ["in force"] * 3
    assert streams.base_digests() == streams.digests()
    assert _draw() == FIRST
    assert streams.digests().keys() == streams.base_digests().keys()
    moved = {name for name, digest in streams.base_digests().items() if streams.digests()[name] != digest}
    assert moved == {"python", "numpy", "torch"}
    assert streams.settings()[0].effect == "in force"
    assert streams.end() == ()
    assert (streams.settings(), streams.base_digests(), streams.seed) == ((), {}, None)


def test_begin_again_seeds_anew_and_end_gives_back_the_first_state() -> None:
    """`%repro seed=7` after `seed=42` does not lose the original."""
    streams = Streams()
    streams.begin(7)
    streams.begin(42)
    assert (_draw(), streams.seed) == (FIRST, 42)
    streams.end()
    streams.end()


@pytest.mark.parametrize("first_to_end", [0, 1])
def test_two_owners(first_to_end: int) -> None:
    """Ending one changes nothing for the other; the last gives back what the first found."""
    owners = (Streams(), Streams())
    owners[0].begin(7)
    owners[1].begin(42)
    taken = owners[0].settings()[0]
    assert (taken.effect, taken.effective) == ("not in force", "42")
    before = owners[0].digests()
    owners[first_to_end].end()
    assert owners[0].digests() == before
    assert owners[1 - first_to_end].settings() != ()
    owners[1 - first_to_end].end()


def test_a_scope_gives_back_inside_a_session() -> None:
    """After `governed` the session's streams go on where they were."""
    session = Streams()
    session.begin(42)
    first = _draw()
    with governed(7) as scope:
        assert scope.settings()[0].effect == "in force"
        _draw()
    assert first == FIRST
    second = _draw()
    session.begin(42)
    _draw()
    assert _draw() == second
    assert session.settings()[0].effect == "in force"
    session.end()


def test_scopes_nest_and_survive_errors() -> None:
    """An error in the block gives the streams back too."""
    with governed(1):
        kept = Streams().digests()
        with pytest.raises(ZeroDivisionError), governed(2):
            random.seed(1 // 0)
        assert Streams().digests() == kept


def test_ends_out_of_order() -> None:
    """A scope that outlives its session still leads back to the original state."""
    session, scope = Streams(), Streams(scope=True)
    session.begin(1)
    scope.begin(2)
    session.end()
    assert PROCESS.seeded("python").seed == 2
    scope.end()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_goes_on() -> None:
    """After fork the child can import, draws its own numbers, and ends, although a thread held the lock."""
    code = (
        "import os, threading, sys\n"
        "from jupyter_repro.rng import PROCESS, Streams\n"
        "streams = Streams(); streams.begin(42)\n"
        "held, go = threading.Event(), threading.Event()\n"
        "def hold():\n"
        "    with PROCESS._lock:\n"
        "        held.set(); go.wait()\n"
        "threading.Thread(target=hold).start(); held.wait()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    import numpy\n"
        "    print(numpy.random.rand(), flush=True); streams.end(); os._exit(0)\n"
        "go.set(); sys.exit(os.waitpid(child, 0)[1])\n"
    )
    assert _run(code) == _run(code) != "0.3745401188473625"


@pytest.mark.parametrize(
    ("statement", "draw", "first"),
    [
        ("import numpy as np", "np.random.rand()", "0.3745401188473625"),
        ("from numpy.random import rand", "rand()", "0.3745401188473625"),
        ("import pandas; import numpy as np", "np.random.rand()", "0.3745401188473625"),
        ("import torch", "torch.rand(1).item()", "0.8822692632675171"),
        ("from torch import rand", "rand(1).item()", "0.8822692632675171"),
        ("import importlib; np = importlib.import_module('numpy.random')", "np.rand()", "0.3745401188473625"),
    ],
)
def test_a_later_import_is_seeded(statement: str, draw: str, first: str) -> None:
    """The first draw after a later cell's import is seed 42's; before, the stream waits; the end is clean."""
    code = (
        "import sys, jupyter_repro.rng as r\n"
        "s = r.Streams(); before = {row.name: row.effect for row in s.begin(42)}\n"
        "assert (before['seed.numpy'], before['seed.torch']) == ('waiting', 'waiting'), before\n"
        "assert not {'numpy', 'torch'} & set(sys.modules)\n"
        f"{statement}\n"
        f"print({draw})\n"
        "rows = {row.name: row.effect for row in s.settings()}\n"
        "stream = 'torch' if 'torch' in sys.modules else 'numpy'\n"
        "assert rows['seed.' + stream] == 'in force', rows\n"
        "assert s.base_digests()[stream] != s.digests()[stream]\n"
        "assert s.end() == () and not any('jupyter_repro' in type(f).__module__ for f in sys.meta_path)\n"
    )
    assert _run(code) == first


def test_a_library_imported_in_a_scope_ends_under_the_session(tmp_path: object) -> None:
    """A library first imported inside `governed` is afterwards where the session's seed has it."""
    code = (
        "import jupyter_repro.rng as r\n"
        "s = r.Streams(); s.begin(42)\n"
        "with r.governed(7):\n"
        "    import numpy\n"
        "    numpy.random.rand()\n"
        "print(numpy.random.rand())\n"
    )
    assert _run(code) == "0.3745401188473625"


def _run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()
