"""Ways past the names that a source spells: clocks, entropy, addresses, texts, star imports."""

from __future__ import annotations

import random
import secrets
import time
import uuid
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jupyter_repro.replay.names import analyse
from jupyter_repro.replay.outside import names_in_text, star_names
from jupyter_repro.replay.reach import reach
from jupyter_repro.replay.unrepeatable import full_name, spelled_out

CLOCK = "it reads the clock (`{}`)"
ENTROPY = "it draws from the system's entropy (`{}`)"
PROCESS = "it asks for what is this process's own (`{}`)"
FILES = "it asks what files are there (`{}`)"
ADDRESS = "it asks for the address of an object (`id`)"
HASH = "it depends on the hash seed of this process (`hash`)"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("time.time()", CLOCK),
        ("import time as clock\nclock.time_ns()", CLOCK),
        ("from time import time as now\nnow()", CLOCK),
        ("from time import perf_counter\nperf_counter()", CLOCK),
        ("import time as t\ndef f(): return t.time()\nf()", CLOCK),
        ("from datetime import datetime as d\nd.now()", CLOCK),
        ("import datetime as d\nd.date.today()", CLOCK),
        ("pd.Timestamp.now()", CLOCK),
        ("timeit.timeit(f)", CLOCK),
        ("time.strftime('%Y')", CLOCK),
        ("time.strftime('%Y', t)", ""),
        ("time.sleep(1)", ""),
        ("import time\ntime = 3\ntime.time()", CLOCK),
        ("x.time()", ""),
        ("from uuid import uuid4 as fresh\nx = str(fresh())", ENTROPY),
        ("uuid.uuid5(n, 'x')", ""),
        ("secrets.token_hex(4)", ENTROPY),
        ("os.urandom(3)", ENTROPY),
        ("torch.seed()", ENTROPY),
        ("np.random.default_rng()", ENTROPY),
        ("np.random.default_rng(None)", ENTROPY),
        ("np.random.default_rng(seed=None)", ENTROPY),
        ("np.random.default_rng(3)", ""),
        ("np.random.Generator(np.random.PCG64())", ENTROPY),
        ("random.Random()", ENTROPY),
        ("tempfile.mkdtemp()", PROCESS),
        ("os.getpid()", PROCESS),
        ("os.path.getmtime('x')", FILES),
        ("from os.path import exists as there\nthere('x' * n)", FILES),
        ("Path('x').stat()", FILES),
        ("def f(p): return p.stat().st_size\nf(1)", FILES),
        ("for p in folder.glob('*'): pass", FILES),
        ("os.path.join('a', 'b')", ""),
        ("ast.walk(t)", ""),
        ("id(x)", ADDRESS),
        ("str(id(object()))", ADDRESS),
        ("def f(): return id(x)\nf()", ADDRESS),
        ("id(x) == id(y)", ""),
        ("def id(x): return 1\nid(x)", ""),
        ("hash('x')", HASH),
        ("hash(3)", ""),
        ("class C:\n    def __hash__(self): return hash(self.a)\nC()", ""),
        ("def f(time):\n    return time.time()\nf(1)", ""),
    ],
)
def test_what_gives_something_else_each_time(source: str, reason: str) -> None:
    """By its text, through the imports of the cell itself."""
    found = analyse(source).unrepeatable
    assert [why.partition(" (`")[0] for why in found] == ([reason.partition(" (`")[0]] if reason else [])


@pytest.mark.parametrize(
    ("setup", "source", "reason"),
    [
        ("import time as clock", "clock.time_ns()", CLOCK.format("clock.time_ns")),
        ("import time as clock", "clock.sleep(0)", ""),
        ("from time import time as now", "now()", CLOCK.format("now")),
        ("from uuid import uuid4 as fresh", "x = fresh()", ENTROPY.format("fresh")),
        ("from datetime import datetime as d", "d.now()", CLOCK.format("d.now")),
        ("import numpy.random as r", "r.default_rng()", ENTROPY.format("r.default_rng")),
        ("from numpy.random import default_rng as r", "r()", ENTROPY.format("r")),
        ("from numpy.random import default_rng as r", "r(3)", ""),
        ("import numpy as np\nseed = None", "np.random.default_rng(seed)", ENTROPY.format("np.random.default_rng")),
        ("import numpy as np\nseed = 3", "np.random.default_rng(seed)", ""),
        ("from os.path import exists as there", "there('x')", FILES.format("there")),
        ("from os import listdir as ls", "ls()", FILES.format("ls")),
        ("def f(p): return p.exists()", "f(p)", FILES.format(".exists")),
        ("from random import seed as s", "s()", ENTROPY.format("s")),
        ("def now(): return 1", "now()", ""),
        ("import time as t\ndef now(): return t.time()", "now()", CLOCK.format("t.time")),
        ("from time import time as t\ndef now(): return t()", "now()", CLOCK.format("t")),
    ],
)  # fmt: skip
def test_names_of_earlier_cells_are_asked_what_they_stand_for(setup: str, source: str, reason: str) -> None:
    """The object behind the name tells, whatever it was called."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(setup, namespace)
    names = analyse(source)
    found = reach(names.reads | names.calls, namespace, called=names.called).unrepeatable
    assert found == ((reason,) if reason else ())


class Touchy:
    """Any look at it is an error."""

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(name)


@pytest.mark.parametrize(
    ("value", "full"),
    [
        (time, "time.x"),
        (time.time, "time.time.x"),
        (uuid.uuid4, "uuid.uuid4.x"),
        (datetime, "datetime.datetime.x"),
        (secrets.choice, "random.choice.x"),
        (random.seed, "random.seed.x"),
        (np.random, "numpy.random.x"),
        (3, ""),
        (pd.DataFrame(), ""),
    ],
)
def test_the_full_name_behind_a_name(value: Any, full: str) -> None:
    """Modules, functions and classes have one; objects do not, and are not touched."""
    assert full_name("name.x", {"name": value}) == full


def test_objects_are_not_touched() -> None:
    """Not even their ``__class__`` is asked for."""
    assert full_name("name.x", {"name": Touchy()}) == ""


def test_imports_come_before_custom() -> None:
    """``np`` is NumPy unless an import says otherwise."""
    assert spelled_out("np.x", {}) == "numpy.x"
    assert spelled_out("np.x", {"np": "other"}) == "other.x"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a > @lim and b < @top", {"lim", "top"}),
        ("select * from frame join other using (k)", {"frame", "other"}),
        ("plain", set()),
    ],
)
def test_variables_that_queries_name(text: str, names: set[str]) -> None:
    """In pandas' manner and in DuckDB's."""
    assert names_in_text([text]) == names


def test_what_a_star_binds() -> None:
    """What the module says, else what has no underscore; nothing is imported to find out."""
    assert star_names("secrets") == frozenset(secrets.__all__)
    assert "sin" in (star_names("math") or ())
    assert star_names("surely_not_imported") is None
