"""`%%repro twice`: what it says, and that the user is left with exactly one run."""

from __future__ import annotations

import logging
import os
import random
import sys
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from tests.conftest import Bench

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _twice(
    bench: Bench, capsys: pytest.CaptureFixture[str], body: str, line: str = "twice"
) -> tuple[str, str]:
    """Run a cell twice; return what we say of it and what it shows."""
    capsys.readouterr()
    bench.shell.run_cell(f"%%repro {line}\n{body}", store_history=True, cell_id="twice")
    text = capsys.readouterr()
    said = text.err[text.err.index("repro: ") :].strip() if "repro: " in text.err else text.err
    return said, text.out


@pytest.mark.parametrize(
    ("setup", "body", "said"),
    [
        ("x = [1]", "x.append(len(x))", "twice the same: 0 outputs and 1 name (`x`)"),
        ("", "print('a'); print('b')\n7", "twice the same: 2 outputs and 0 names"),
        ("import random", "y = random.random()", "twice the same: 0 outputs and 1 name (`y`)"),
        ("import numpy as np", "y = np.random.rand(3)", "twice the same: 0 outputs and 1 name (`y`)"),
        ("import torch", "y = torch.rand(3)", "twice the same: 0 outputs and 1 name (`y`)"),
        (
            "import numpy as np; g = np.random.default_rng(1)",
            "y = g.random()",
            "twice the same: 0 outputs and 2 names (`g`, `y`)",
        ),
        (
            "import numpy as np; a = np.zeros(4); v = a[:2]",
            "v[0] = a.sum() + 1; print(a)",
            "twice the same: 1 output and 2 names (`a`, `v`)",
        ),
        (
            "def make():\n    n = 0\n    def step():\n        nonlocal n\n        n += 1\n        return n\n    return step\n"
            "step = make()",
            "step()",
            "twice the same: 1 output and 1 name (`step`)",
        ),
        (
            "def f(x, seen=[]):\n    seen.append(x); f.n = len(seen); return f.n",
            "f(1)",
            "twice the same: 1 output and 1 name",
        ),
        (
            "class K:\n    found = []\n    n = 0",
            "K.found.append(1); K.n += 1\nK.n, K.found",
            "twice the same: 1 output",
        ),
        (
            "n = 0\ndef up():\n    global n\n    n += 1",
            "up(); n",
            "twice the same: 1 output and 2 names (`n`, `up`)",
        ),
        (
            "import torch\nm = torch.nn.Linear(2, 1); o = torch.optim.Adam(m.parameters())\n"
            "s = torch.optim.lr_scheduler.StepLR(o, 1)",
            "loss = m(torch.rand(3, 2)).sum(); o.zero_grad(); loss.backward(); o.step(); s.step(); loss.item()",
            "twice the same: 1 output",
        ),
        (
            "import pandas as pd; d = pd.DataFrame({'a': [1, 2]})",
            "d['b'] = d.a * 2; d",
            "twice the same: 1 output and 1",
        ),
        (
            "",
            "import sys; print('lib.py:3: UserWarning: careful', file=sys.stderr)",
            "twice the same: 0 outputs and 0 names",
        ),
        ("", "1 / 0", "twice the same: 1 output and 0 names"),
        (
            "MISSING = object()\ndef f(x=MISSING): return x is MISSING",
            "f(), f(MISSING)",
            "twice the same: 1 output",
        ),
    ],
)
def test_the_same(bench: Bench, capsys: pytest.CaptureFixture[str], setup: str, body: str, said: str) -> None:
    """A cell that gives the same from the same state is said to be the same, and has run once for the user."""
    plain, state = bench.shell, random.getstate()
    plain.run_cell(setup, store_history=True, cell_id="setup")
    assert said in _twice(bench, capsys, body)[0]
    del state


@pytest.mark.parametrize(
    ("setup", "body", "parts"),
    [
        (
            "import numpy as np",
            "r = np.random.default_rng().random(3)",
            (
                "`r`: 3 of 3 numbers, the first at [0]",
                "line 2 draws without a seed (`np.random.default_rng()`)",
            ),
        ),
        ("import time", "t = {'at': [time.time_ns()]}", ("`t`: at `['at'][0]`", "it reads the clock")),
        ("import uuid", "print('id', uuid.uuid4())", ("output 1 (text printed): `id ", "`uuid.uuid4()`")),
        ("import os", "os.urandom(4)", ("output 1 (the result)", "draws without a seed (`os.urandom(4)`)")),
        (
            "",
            "a = [id(object()), 1]; k = {id(a): 1}",
            ("`a`: at `[0]`", "1 more: `k`", "the address of an object"),
        ),
        (
            "import functools\n@functools.lru_cache\ndef f(x):\n    print('computed'); return x\nf(1)",
            "f(1)",
            (
                "output 1 is the result in the first run, text printed in the second",
                "`f` (a function with a cache, which was empty for the second run)",
            ),
        ),
    ],
)
def test_a_difference_is_named_with_its_cause(
    bench: Bench, capsys: pytest.CaptureFixture[str], setup: str, body: str, parts: tuple[str, ...]
) -> None:
    """The first thing that differs is named, with what differed and what is likely behind it."""
    bench.shell.run_cell(setup)
    said, _ = _twice(bench, capsys, body)
    assert said.startswith("repro: the second run differs: ")
    for part in parts:
        assert part in said


_EVERYTHING = """
x.append(random.random()); a[1:] += np.random.rand(3); w.data += torch.rand(2)
new = [x, x]; del gone
print('shown', len(x)); print('to stderr', file=sys.stderr)
os.environ['JR_TWICE'] = os.environ.get('JR_TWICE', '') + 'x'
sys.path.append('somewhere'); log.addHandler(logging.NullHandler()); warnings.filterwarnings('ignore', 'so')
x
"""


def test_the_user_has_one_run(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Names, aliases, generators, outputs, variables, paths, handlers and filters are those of one ordinary run."""
    setup = (
        "import random, logging, os, sys, warnings, numpy as np, torch\nlog = logging.getLogger('jr.twice')\n"
        "random.seed(1); np.random.seed(1); torch.manual_seed(1)\n"
        "x = [0]; alias = x; a = np.zeros(4); v = a[1:]; w = torch.zeros(2); gone = 1"
    )

    def left(magic: str) -> tuple[Any, ...]:
        path, filters = list(sys.path), list(warnings.filters)
        os.environ.pop("JR_TWICE", None)
        logging.getLogger("jr.twice").handlers.clear()
        shell = bench.shell
        shell.run_cell(setup)
        objects = {name: shell.user_ns[name] for name in ("x", "alias", "a", "v", "w")}
        capsys.readouterr()
        result = shell.run_cell(magic + _EVERYTHING.lstrip())
        text = capsys.readouterr()
        for name, value in objects.items():
            assert shell.user_ns[name] is value
        assert shell.user_ns["new"][0] is shell.user_ns["new"][1] is objects["x"]
        assert "gone" not in shell.user_ns
        found = (
            result.result,
            objects["a"].tolist(),
            objects["v"].base is objects["a"],
            objects["w"].tolist(),
            text.out,
            text.err.partition("repro: ")[0],
            os.environ["JR_TWICE"],
            sys.path[len(path) :],
            len(logging.getLogger("jr.twice").handlers),
            len(warnings.filters) - len(filters),
            random.getstate(),
            np.random.get_state()[1].tolist(),
            torch.get_rng_state().tolist(),
        )
        sys.path[:] = path
        warnings.filters[:] = filters  # type: ignore[index]  # a list, typed as a sequence
        return found

    once, twice = left(""), left("%%repro twice\n")
    assert once == twice
    assert once[6:10] == ("x", ["somewhere"], 1, 1)
    os.environ.pop("JR_TWICE")


@pytest.mark.parametrize(
    ("setup", "body", "why", "left"),
    [
        ("import pathlib", "n = pathlib.Path('out.txt').write_text('x')", "it wrote `out.txt`", {"n": 1}),
        ("import os", "os.makedirs('folder'); n = 1", "it wrote `folder`", {"n": 1}),
        (
            "import subprocess, sys",
            "n = subprocess.call([sys.executable, '-c', ''])",
            "another program",
            {"n": 0},
        ),
        ("g = (i for i in range(9))", "n = next(g)", "`g` (a generator) cannot be copied", {"n": 0}),
        ("f = open('in.txt')", "n = f.read(1)", "`f` (an open file) cannot be copied", {"n": "a"}),
        (
            "import torch\nw = torch.ones(1, requires_grad=True); loss = (w * 2).sum()",
            "loss.backward(); n = w.grad.item()",
            "`loss` (a tensor that is part of a graph) cannot be copied",
            {"n": 2.0},
        ),
        (
            "class Stubborn:\n    def __deepcopy__(self, memo): raise ValueError('no')\ns = Stubborn()",
            "s.n = n = 1",
            "`s` (ValueError: no) cannot be copied",
            {"n": 1},
        ),
        ("", "n = 1 if True else input()", "`input` would ask you again", {"n": 1}),
        ("import pdb", "n = 1\nif not n: pdb.set_trace()", "`set_trace` would ask you again", {"n": 1}),
        (
            "import threading\nstop = threading.Event()\nt = threading.Thread(target=lambda: stop.wait(60)); t.start()",
            "n = 1",
            "a thread of the notebook's runs on beside it",
            {"n": 1},
        ),
        ("", "n = 1\n%repro seed=4", "it has a line of `%repro`", {"n": 1}),
        ("", "n = 1\nraise KeyboardInterrupt", "it was interrupted", {"n": 1}),
    ],
)
def test_a_cell_with_effects_runs_once(
    bench: Bench,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    setup: str,
    body: str,
    why: str,
    left: dict[str, Any],
) -> None:
    """What a second run would do to the world or to an object that cannot be copied is not done, and said."""
    (tmp_path / "in.txt").write_text("abc", encoding="utf-8")
    bench.shell.run_cell(setup)
    said, _ = _twice(bench, capsys, body)
    assert said.startswith("repro: ran once: ")
    assert why in said
    assert {name: bench.shell.user_ns[name] for name in left} == left
    bench.shell.run_cell(
        "try: f.close()\nexcept NameError: pass\ntry: stop.set(); t.join()\nexcept NameError: pass"
    )


def test_anyway(bench: Bench, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`anyway` runs it again all the same, with the very objects that cannot be copied, and says so."""
    bench.shell.run_cell("g = (i for i in range(9))")
    said, _ = _twice(bench, capsys, "n = next(g)", "twice anyway")
    assert "`n`: `0` in the first run, `1` in the second" in said
    assert "the second run went on with `g` (a generator) where the first had left it" in said
    assert "not copied: `g` (a generator, used by both runs)" in said
    assert bench.shell.user_ns["n"] == 0
    said, _ = _twice(bench, capsys, "with open('out.txt', 'a') as f: f.write('x')", "anyway twice")
    assert "twice the same" in said
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == "xx"


def test_a_cell_that_is_run_again(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that the cell only binds anew need not be copied: training again is no reason to refuse."""
    bench.shell.run_cell("import torch\nw = torch.ones(1, requires_grad=True)")
    for _ in range(2):
        said, _ = _twice(bench, capsys, "loss = (w * 2).sum()\nloss.backward()")
        assert said.startswith("repro: twice the same")


@pytest.mark.parametrize(
    ("setup", "body", "left"),
    [
        ("l = []; put = l.append", "put(1)", "l"),
        ("import functools\n@functools.cache\ndef f(x): return x", "f(1); f(1)", "list(f.cache_info())"),
        ("class B: pass\nimport weakref\nb = B(); w = weakref.ref(b)", "b = B(); gone = w() is None", "gone"),
        (
            "import torch\nm = torch.nn.Linear(2, 1)",
            "m(torch.ones(2)).sum().backward()",
            "m.weight.grad.tolist()",
        ),
    ],
)
def test_left_as_by_one_run(bench: Bench, setup: str, body: str, left: str) -> None:
    """What deepcopy would share between the runs, or keep alive, is as one run leaves it."""
    found = []
    for magic in ("", "%%repro twice\n"):
        bench.shell.run_cell(setup)
        bench.shell.run_cell(magic + body)
        found.append(eval(left, bench.shell.user_ns))
    assert found[0] == found[1]


_RACE = (
    "i = torch.randint(0, 50, (300_000,)); v = torch.randn(300_000); o = torch.zeros(50)\n"
    "for _ in range(40):\n    o.index_put_((i,), v, accumulate=True)"
)


@pytest.mark.skipif(torch.get_num_threads() < 2, reason="a race needs two threads")
def test_trace_names_the_operation(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """With `trace` the operation of torch at which the runs part is named, with its line; else that they are equal."""
    bench.shell.run_cell("import torch")
    told = (_twice(bench, capsys, _RACE, "twice trace")[0] for _ in range(5))  # a race may end alike
    said = next(text for text in told if "differs" in text)
    assert "`o`: " in said
    assert "`index_put_`: float32[50], int64[300000], float32[300000], line 4" in said
    assert "nondeterministic kernel; all inputs are the same" in said
    assert "likely" not in said
    said, _ = _twice(bench, capsys, _RACE, "twice trace strict")
    assert "twice the same" in said
    assert "torch: the first run and the second run are the same: 43 operations" in said


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_forked_children_are_the_same(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """A child of the second run draws what that of the first run drew, and is not counted."""
    bench.shell.run_cell("import os, random\n%repro seed=4")
    body = "r, w = os.pipe(); c = os.fork()\nif c == 0: os.write(w, str(random.random()).encode()); os._exit(0)\n"
    body += "os.waitpid(c, 0); n = os.read(r, 99); os.close(r); os.close(w); del c, r, w\nn"
    said, _ = _twice(bench, capsys, body, "twice anyway")
    assert "twice the same: 1 output and 1 name (`n`)" in said


def test_a_log_file_is_written_once(bench: Bench, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What is logged to a file that an earlier cell opened is not logged again; on the screen it is compared."""
    bench.shell.run_cell(
        "import logging\nlog = logging.getLogger('jr.file'); log.addHandler(logging.FileHandler('a.log', delay=False))"
    )
    said, _ = _twice(bench, capsys, "log.warning('once')")
    bench.shell.run_cell("log.handlers[0].close(); log.handlers.clear()")
    assert said.startswith("repro: twice the same")
    assert (tmp_path / "a.log").read_text(encoding="utf-8") == "once\n"


def test_with_settings(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Settings of the cell govern both runs, derived generators included, and are given back."""
    before = random.getstate()
    body = "import random, numpy as np\nr = np.random.default_rng().random(2), random.random()"
    said, _ = _twice(bench, capsys, body, "twice seed=7 entropy=derive")
    assert "twice the same: 0 outputs and 1 name (`r`)" in said
    assert random.getstate() == before
    assert bench.shell.user_ns["r"][1] == random.Random(7).random()
    bench.shell.run_cell("%repro seed=3 entropy=derive")
    assert "twice the same" in _twice(bench, capsys, body)[0]
    first = bench.shell.user_ns["r"]
    bench.shell.run_cell("%repro seed=3")
    bench.shell.run_cell(body)
    assert first[0].tolist() == bench.shell.user_ns["r"][0].tolist()
    assert first[1] == bench.shell.user_ns["r"][1]


def test_the_record_is_of_one_run(
    new_shell: Callable[[], Any], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The verdicts of a cell that runs twice, and of those below, are those of an ordinary cell."""
    (tmp_path / "in.txt").write_text("abc", encoding="utf-8")
    body = "x.append(random.random()); text = pathlib.Path('in.txt').read_text()"

    def verdicts(magic: str) -> list[dict[str, str]]:
        shell = new_shell()
        shell.run_line_magic("load_ext", "jupyter_repro")
        bench = Bench(shell, tmp_path / f"{len(magic)}.ipynb")
        bench.write(a="%repro seed=1", b="import random, pathlib\nx = []", c=magic + body, d="print(x, text)")
        bench.run_all()
        found = [bench.verdicts()]
        bench.run("c")
        runs = shell.magics_manager.registry["ReproMagics"].session.ledger.runs
        assert [run.cell for run in runs] == ["a", "b", "c", "d", "c"]
        shell.run_cell("%repro off")
        return [*found, bench.verdicts()]

    once, twice = verdicts(""), verdicts("%%repro twice\n")
    assert once == twice
    assert set(once[0].values()) == {"reproduced"}
    assert "twice the same" in capsys.readouterr().err


def test_a_fault_of_ours_leaves_the_cell(
    bench: Bench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where copying or comparing fails, the cell has run as an ordinary one and the line says so."""
    from jupyter_repro.kernel import begun, twice

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("ours")

    with monkeypatch.context() as patch:
        patch.setattr(begun, "Copies", broken)
        said, shown = _twice(bench, capsys, "x = 1\nprint(x)\nx")
        assert (said, shown) == ("repro: ran once: ours", "1\nOut[1]: 1\n")
    with monkeypatch.context() as patch:
        patch.setattr(twice.RunTwice, "_compared", broken)
        said, shown = _twice(bench, capsys, "y = 2\nprint(y)")
        assert "ours" in said
        assert shown == "2\n"
    assert (bench.shell.user_ns["x"], bench.shell.user_ns["y"]) == (1, 2)
    write = sys.stdout.write
    _twice(bench, capsys, "z = 1")
    assert sys.stdout.write == write


def test_figures_are_shown_once(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """The figures of the second run are gone; those of the first are there and are said not to be compared."""
    matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    matplotlib.use("agg")
    bench.shell.run_cell("import matplotlib.pyplot as plt; plt.close('all')")
    said, _ = _twice(bench, capsys, "fig, ax = plt.subplots(); ax.plot([1, 2]);")
    assert bench.shell.user_ns["plt"].get_fignums() == [1]
    assert bench.shell.user_ns["plt"].figure(1) is bench.shell.user_ns["fig"]
    assert "figures (shown after the cell)" in said.replace("`", "")
    bench.shell.run_cell("plt.close('all')")


def test_open_figures_are_not_drawn_on_again(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """A cell that draws on the figure of an earlier one runs once."""
    matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    matplotlib.use("agg")
    bench.shell.run_cell(
        "import matplotlib.pyplot as plt; plt.close('all'); fig = plt.figure(); plt.plot([1])"
    )
    said, _ = _twice(bench, capsys, "plt.plot([2]); n = len(plt.gca().lines)")
    assert "figures are open, and a second run would draw on them" in said
    assert bench.shell.user_ns["n"] == 2
    bench.shell.run_cell("plt.close('all')")


def test_results_are_compared_without_being_shown(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """The user's own way to show a result is asked once, by IPython, where the content of the result is known."""
    bench.shell.run_cell(
        "shown = []\nclass Box:\n    def __repr__(self): shown.append(1); return 'box'\nbox = Box()"
    )
    said, out = _twice(bench, capsys, "box")
    assert "twice the same: 1 output" in said
    assert "box" in out
    assert bench.shell.user_ns["shown"] == [1]


def test_the_second_run_can_be_interrupted(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Stop during the second run leaves the first, and the cell counts as run."""
    bench.shell.run_cell("import time\nstart = time.monotonic(); runs = []")
    bench.shell.user_ns["seen"] = seen = _Counter()
    said, shown = _twice(bench, capsys, "x = 1\nprint('here')\nif seen() > 1: raise KeyboardInterrupt")
    assert said == "repro: ran once: the second run was interrupted"
    assert (shown, bench.shell.user_ns["x"], seen.calls) == ("here\n", 1, 2)


class _Counter:
    """Counts its calls, and is the same object in both runs."""

    calls = 0

    def __call__(self) -> int:
        type(self).calls += 1
        return type(self).calls


@pytest.mark.parametrize("line", ["twice", "twice anyway"])
def test_as_a_line_it_is_refused(bench: Bench, capsys: pytest.CaptureFixture[str], line: str) -> None:
    """`%repro twice` on a line says how it is written."""
    bench.shell.run_cell(f"%repro {line}")
    assert "write `%%repro twice` above a cell" in capsys.readouterr().err + str(
        bench.shell.run_cell(f"%repro {line}").error_in_exec
    )


def test_own_objects_differ_by_attribute(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Objects of the notebook's classes are compared by their attributes, also where `__eq__` would raise."""
    bench.shell.run_cell(
        "import time\nclass Box:\n    def __eq__(self, other): raise RuntimeError\n    __hash__ = None"
    )
    said, _ = _twice(bench, capsys, "b = Box(); b.at = time.time_ns(); b.parts = np = [1, 2]")
    assert "`b`: at `['at']`" in said


def test_torch_numbers(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Tensors and modules are compared by their numbers."""
    bench.shell.run_cell("import torch, os")
    body = "torch.manual_seed(int.from_bytes(os.urandom(4), 'big')); m = torch.nn.Linear(2, 1)"
    state = torch.get_rng_state()
    said, _ = _twice(bench, capsys, body)
    torch.set_rng_state(state)
    assert "`m`: at `['weight']` 2 of 2 numbers" in said


def test_arrays_of_other_shapes(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Shapes that differ are told as shapes."""
    bench.shell.run_cell("import numpy as np, time\ncalls = []")
    bench.shell.user_ns["here"] = calls = []
    del calls
    said, _ = _twice(bench, capsys, "n = np.zeros(time.time_ns() % 1_000_003)")
    assert "`n`: float64[" in said
    assert np is not None
