"""The table of scenarios: documents, what is done, what must be said. Add a row for each departure found."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SCENARIOS", "Scenario"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scenario:
    """One session, and the verdicts at its end."""

    name: str
    resource: str
    """The kind of resource that decides: name, rng, file, setting, module, effects."""
    cells: Mapping[str, str]
    acts: tuple[str, ...]
    """One act a line: ``run a b``, ``run all``, ``edit a: x = 2``, ``delete a``, ``move a to 2``,
    ``insert z at 1: y = 1``, ``write data.csv: text``."""
    expected: Mapping[str, str]
    """Cell -> verdict; cells that are not named may have any true one."""
    seeded: bool = False
    """``%repro seed=42`` is in the configuration."""
    tagged: tuple[str, ...] = ()
    """Cells that are allowed to raise."""
    coincides: tuple[str, ...] = ()
    """Cells that are rightly flagged, although this time run-all happens to give the same."""
    not_yet: str = ""
    """Why the row does not hold yet; empty for what must hold."""


def _names(name: str, cells: dict[str, str], acts: str, expected: dict[str, str], **more: object) -> Scenario:
    return _row("name", name, cells, acts, expected, **more)


def _row(
    resource: str, name: str, cells: dict[str, str], acts: str, expected: dict[str, str], **more: object
) -> Scenario:
    lines = tuple(part.strip() for part in acts.split(" | "))
    return Scenario(name=name, resource=resource, cells=cells, acts=lines, expected=expected, **more)  # type: ignore[arg-type]  # the rows are checked by the tests


_NAMES = (
    _names("what stands below an error was not read", {"a": "x = 1", "b": "y = undefined\nz = x"}, "run a b | edit a: x = 2 | run a", {"b": "reproduced"}, tagged=("b",)),
    _names("another name of the list is gone", {"a": "xs = [1]", "b": "ys = xs", "c": "xs.append(2)"}, "run all | delete b", {"a": "reproduced", "c": "reproduced"}),
    _names("another name of the list is another list", {"a": "xs = [1]", "b": "ys = xs", "c": "xs.append(2)", "d": "n = len(ys)"}, "run all | edit b: ys = [7]", {"b": "edited", "c": "unknown", "d": "stale"}),
    _names("twice the same, if nothing above interferes", {"a": "d = {}", "b": "pair = [d]\npair[0].clear()", "c": "d['k'] = 4"}, "run a c c", {"b": "not run", "c": "unknown"}),
    _names("top to bottom", {"a": "x = 1", "b": "y = x + 1", "c": "print(x, y)"}, "run all", {"a": "reproduced", "b": "reproduced", "c": "reproduced"}),
    _names("the same value again makes nothing stale", {"a": "x = 1", "b": "y = x"}, "run a b a", {"a": "reproduced", "b": "reproduced"}),
    _names("edit and not run", {"a": "x = 1", "b": "y = x"}, "run all | edit a: x = 2", {"a": "edited", "b": "stale"}),
    _names("edit and run", {"a": "x = 1", "b": "y = x"}, "run all | edit a: x = 2 | run a", {"a": "reproduced", "b": "stale"}),
    _names("edit, run and revert", {"a": "x = 1", "b": "y = x"}, "run all | edit a: x = 2 | run a | edit a: x = 1 | run a", {"a": "reproduced", "b": "reproduced"}),
    _names("a reverted edit that was never run", {"a": "x = 1", "b": "y = x"}, "run all | edit a: x = 2 | edit a: x = 1", {"a": "reproduced", "b": "reproduced"}),
    _names("a default argument that a cell would change which has not run", {"a": "def h(z, acc=[]):\n    acc.append(z)\n    return list(acc)", "b": "h(1)", "c": "h(0)"}, "run a c", {"b": "not run", "c": "unknown"}),
    _names("an attribute of a class that was set again to the same, and would be set above", {"a": "n = 1", "b": "class C:\n    def read(self):\n        return 0\no = C()", "d": "o.read()", "e": "C.read = lambda self: n"}, "run all | insert x at 2: C.read = lambda self: n | run x", {"d": "unknown"}, coincides=("x",)),
    _row("module", "a module was taken away, and is not there the second time", {"a": "import sys, colorsys", "b": "sys.modules.pop('colorsys', None) is None", "c": "if 'colorsys' in sys.modules:\n    del sys.modules['colorsys']"}, "run a b b c", {"b": "unknown", "c": "unknown"}),
    _row("file", "a file that a captured cell appends to", {"a": "%%capture\nwith open('log.txt', 'a') as log:\n    log.write('3')"}, "run a", {"a": "input changed"}),
    _row("file", "a file that a captured cell reads", {"a": "%%capture\ntext = open('data.csv').read()", "b": "text"}, "run all | write data.csv: x", {"a": "input changed", "b": "stale"}),
    _row("effects", "a program that a captured cell starts", {"a": "%%capture\nimport subprocess\ndone = subprocess.run(['true']).returncode"}, "run a", {"a": "unknown"}),
    _names("read from a later cell", {"a": "y = x", "b": "x = 1"}, "run b a", {"a": "out of order", "b": "reproduced"}),
    _names("read from a deleted cell", {"a": "x = 1", "b": "y = x"}, "run all | delete a", {"b": "hidden state"}),
    _names("read from an edited-away line", {"a": "x = 1", "b": "y = x"}, "run all | edit a: z = 1 | run a", {"a": "reproduced", "b": "hidden state"}),
    _names("counted up twice", {"a": "x = 0", "b": "x += 1"}, "run a b b", {"a": "reproduced", "b": "not idempotent"}),
    _names("counted up twice, read after", {"a": "x = 0", "b": "x += 1", "c": "y = x"}, "run a b b c", {"b": "not idempotent", "c": "stale"}),
    _names("counted up twice, read between", {"a": "x = 0", "b": "x += 1", "c": "y = x"}, "run a b c b", {"b": "not idempotent", "c": "reproduced"}),
    _names("counted up twice after a fresh start", {"a": "x = 0", "b": "x += 1"}, "run a b a b", {"a": "reproduced", "b": "reproduced"}),
    _names("never run", {"a": "x = 1", "b": "y = 2"}, "run a", {"a": "reproduced", "b": "not run"}),
    _names("a cell above was skipped", {"a": "x = 1", "b": "x = 2", "c": "y = x"}, "run a c", {"b": "not run", "c": "stale"}),
    _names("a new cell above", {"a": "x = 1", "b": "y = x"}, "run all | insert n at 1: x = 5", {"n": "not run", "b": "stale"}),
    _names("moved below its reader", {"a": "x = 1", "b": "y = x"}, "run all | move a to 1", {"a": "reproduced", "b": "out of order"}),
    _names("swapped, both orders are good", {"a": "x = 1", "b": "y = 2"}, "run all | move a to 1", {"a": "reproduced", "b": "reproduced"}),
    _names("appended twice", {"a": "xs = [1]", "b": "xs.append(2)", "c": "n = len(xs)"}, "run a b b c", {"b": "not idempotent", "c": "stale"}),
    _names("set twice to the same", {"a": "xs = [1, 2]", "b": "xs[0] = 5", "c": "n = xs[0]"}, "run a b b c", {"a": "reproduced", "b": "reproduced", "c": "reproduced"}),
    _names("changed through an alias, read before", {"a": "xs = [1]\nys = xs", "b": "n = len(xs)", "c": "ys.append(2)"}, "run a c b", {"b": "out of order"}),
    _names("changed through a container", {"a": "xs = [1]\nd = {'k': xs}", "b": "d['k'].append(2)", "c": "n = len(xs)"}, "run a b b c", {"b": "not idempotent", "c": "stale"}),
    _names("no longer shared", {"a": "xs = [1]", "b": "ys = xs", "c": "xs.append(2)", "d": "n = len(ys)"}, "run all | edit b: ys = list(xs) | run b d", {"d": "stale"}),
    _names("a global read through a function", {"a": "scale = 2", "b": "def f(v):\n    return v * scale", "c": "y = f(3)", "d": "scale = 5"}, "run a b d c", {"c": "out of order"}),
    _names("a function edited", {"a": "def f():\n    return 1", "b": "y = f()"}, "run all | edit a: def f(): return 2 | run a", {"a": "reproduced", "b": "stale"}),
    _names("a function with another comment", {"a": "def f():\n    return 1", "b": "y = f()"}, "run all | edit a: def f(): return 1  # one | run a", {"a": "reproduced", "b": "reproduced"}),
    _names("a function that counts in a global", {"a": "n = 0", "b": "def f():\n    global n\n    n += 1", "c": "f()", "d": "n"}, "run a b c c d", {"c": "not idempotent", "d": "stale"}),
    _names("a default argument that collects", {"a": "def f(z, acc=[]):\n    acc.append(z)\n    return list(acc)", "b": "f(1)"}, "run a b b", {"b": "not idempotent"}),
    _names("a closure that counts", {"a": "def make():\n    m = 0\n    def up():\n        nonlocal m\n        m += 1\n        return m\n    return up\nup = make()", "b": "up()"}, "run a b b", {"b": "not idempotent"}),
    _names("a decorated function", {"a": "k = 1", "b": "def deco(fn):\n    return lambda z: fn(z) + k", "c": "@deco\ndef g(z):\n    return z", "d": "g(1)", "e": "k = 9"}, "run a b c e d", {"d": "out of order"}),
    _names("a class defined anew", {"a": "class C:\n    def go(self):\n        return 1", "b": "o = C()", "c": "o.go()"}, "run all | edit a: class C: go = lambda self: 2 | run a", {"a": "reproduced", "b": "stale", "c": "stale"}),
    _names("an attribute set twice", {"a": "class C:\n    n = 0\no = C()", "b": "o.n += 1", "c": "o.n"}, "run a b b c", {"b": "not idempotent", "c": "stale"}),
    _names("a class attribute", {"a": "class C:\n    n = 0", "b": "C.n += 1", "c": "C().n"}, "run a b b c", {"b": "not idempotent", "c": "stale"}),
    _names("a method that mutates", {"a": "class B:\n    def __init__(self):\n        self.s = []\n    def add(self, v):\n        self.s.append(v)\nb = B()", "b": "b.add(1)", "c": "len(b.s)"}, "run a b b c", {"b": "not idempotent", "c": "stale"}),
    _names("an iterator used up", {"a": "it = iter([1, 2, 3])", "b": "next(it)"}, "run a b b", {"b": "not idempotent"}),
    _names("deleted below", {"a": "x = 1", "b": "y = x", "c": "del x"}, "run all", {"a": "reproduced", "b": "reproduced", "c": "reproduced"}),
    _names("deleted above its reader", {"a": "x = 1", "b": "y = x", "c": "del x"}, "run all | move c to 1", {"b": "stale"}),
    _names("deleted above, made again below", {"a": "x = 3", "b": "del x", "c": "y = x", "d": "x = 1"}, "run a b d c", {"a": "reproduced", "b": "reproduced", "c": "out of order"}),
    _names("deleted above, made again below, a list", {"a": "x = [3]", "b": "del x", "c": "y = x", "d": "x = [1]"}, "run a b d c", {"a": "reproduced", "b": "reproduced", "c": "out of order"}),
    _names("bound by a walrus", {"a": "x = 0", "b": "if (x := 3) > 2:\n    pass", "c": "x"}, "run all | run a", {"a": "reproduced", "b": "reproduced", "c": "reproduced"}),
    _names("bound by a loop", {"a": "i = 9", "b": "for i in range(3):\n    pass", "c": "i"}, "run a c b", {"c": "stale"}),
    _names("a comprehension keeps its variable", {"a": "i = 9", "b": "xs = [i for i in range(3)]", "c": "i"}, "run a c b", {"c": "reproduced"}),
    _names("a branch not taken", {"a": "x = 1", "b": "if x > 3:\n    y = 1\nelse:\n    y = 2", "c": "y"}, "run all | edit a: x = 5 | run a", {"b": "stale", "c": "stale"}),
    _names("fed otherwise, same outcome", {"a": "x = 1", "b": "big = x > 0\nprint(big)", "c": "x = 7"}, "run a b c b", {"b": "reproduced"}),
    _names("a name that shadows a builtin", {"a": "n = sum([1, 2])", "b": "sum = max"}, "run all | run a", {"a": "out of order", "b": "reproduced"}),
    _names("code as text", {"a": "x = 1", "b": "exec('y = x + 1')", "c": "y"}, "run all | edit a: x = 2 | run a", {"b": "stale", "c": "stale"}),
    _names("names by text", {"a": "y = 'x' in globals()", "b": "x = 1"}, "run b a", {"a": "out of order"}),
)  # fmt: skip

_LIBRARIES = (
    _names("an array changed in place", {"i": "import numpy as np", "a": "u = np.zeros(3)", "b": "u += 1", "c": "u.sum()"}, "run i a b b c", {"b": "not idempotent", "c": "stale"}),
    _names("a view writes through", {"i": "import numpy as np", "a": "u = np.zeros(3)\nv = u[1:]", "b": "v[0] += 5", "c": "u.sum()"}, "run i a b b c", {"b": "not idempotent", "c": "stale"}),
    _names("an array filled twice with the same", {"i": "import numpy as np", "a": "u = np.zeros(3)", "b": "u.fill(2)", "c": "u.sum()"}, "run i a b b c", {"b": "reproduced", "c": "reproduced"}),
    _names("out= writes", {"i": "import numpy as np", "a": "u = np.ones(3)", "b": "np.add(u, 1, out=u);", "c": "u.sum()"}, "run i a b b c", {"b": "not idempotent", "c": "stale"}),
    _names("a column assigned", {"i": "import pandas as pd", "a": "df = pd.DataFrame({'p': [1, 2]})", "b": "df['p'] = df['p'] * 2", "c": "df.p.sum()"}, "run i a b b c", {"b": "not idempotent", "c": "stale"}),
    _names("a column assigned twice alike", {"i": "import pandas as pd", "a": "df = pd.DataFrame({'p': [1, 2]})", "b": "df['q'] = 7", "c": "df.q.sum()"}, "run i a b b c", {"b": "reproduced", "c": "reproduced"}),
    _names("a slice of a frame is a copy", {"i": "import pandas as pd", "a": "df = pd.DataFrame({'p': [1, 2]})", "b": "part = df.loc[:0].copy()\npart['p'] = 9", "c": "df.p.sum()"}, "run i a c b", {"c": "reproduced"}),
    _names("a frame grows a column below", {"i": "import pandas as pd", "a": "df = pd.DataFrame({'p': [1, 2]})", "b": "df.shape", "c": "df['r'] = 1"}, "run i a c b", {"b": "out of order"}),
)  # fmt: skip

_RNG = (
    _row("rng", "seeded and in order", {"a": "import random\nx = random.random()", "b": "y = random.random()"}, "run all", {"a": "reproduced", "b": "reproduced"}, seeded=True),
    _row("rng", "drawn once more", {"a": "import random\nx = random.random()", "b": "y = random.random()"}, "run a b a", {"a": "rng shifted", "b": "reproduced"}, seeded=True),
    _row("rng", "a draw above was skipped", {"a": "import random", "b": "random.random()", "c": "y = random.random()"}, "run a c", {"b": "not run", "c": "unknown"}, seeded=True),
    _row("rng", "numpy's global generator", {"i": "import numpy as np", "a": "x = np.random.rand()", "b": "y = np.random.rand()"}, "run i a b b", {"a": "reproduced", "b": "rng shifted"}, seeded=True),
    _row("rng", "seeded with nothing", {"a": "import random", "b": "random.seed()", "c": "x = random.random()", "d": "y = random.random()"}, "run all", {"b": "unknown", "c": "rng shifted", "d": "rng shifted"}, seeded=True),
    _row("rng", "seeded with nothing, and then seeded", {"a": "import random", "b": "random.seed()\nrandom.seed(2)", "c": "x = random.random()"}, "run all", {"b": "unknown", "c": "unknown"}, seeded=True),
    _row("rng", "perhaps seeded with nothing", {"a": "import random\nn = 0", "b": "if n:\n    random.seed()", "c": "x = random.random()"}, "run all", {"b": "unknown", "c": "unknown"}, seeded=True),
    _row("rng", "drawn from twice and never seeded", {"a": "import random", "b": "x = random.random()", "c": "y = random.random()"}, "run all", {"b": "rng shifted", "c": "rng shifted"}),
    _row("rng", "never seeded", {"a": "import random\nx = random.random()"}, "run all", {"a": "rng shifted"}),
    _row("rng", "seeded by the cell itself", {"a": "import random\nrandom.seed(1)\nx = random.random()"}, "run a a", {"a": "reproduced"}),
    _row("rng", "draws, and seeds at its end", {"a": "import random", "b": "x = random.random()\nrandom.seed(2)"}, "run a b b", {"b": "rng shifted"}, seeded=True),
    _row("rng", "draws in a function, and seeds at its end", {"a": "import random\ndef f():\n    return random.random()", "b": "x = f()\nrandom.seed(2)"}, "run a b b", {"b": "rng shifted"}, seeded=True),
    _row("rng", "seeds after a call that draws nothing", {"a": "import random\ndef f():\n    return 1", "b": "x = f()\nrandom.seed(2)\ny = random.random()"}, "run a b b", {"b": "reproduced"}, seeded=True),
    _row("rng", "the seeding cell was deleted", {"s": "import random\nrandom.seed(1)", "a": "x = random.random()"}, "run all | delete s", {"a": "hidden state"}),
    _row("rng", "a generator is a value", {"i": "import numpy as np", "a": "rng = np.random.default_rng(1)", "b": "x = rng.normal()"}, "run i a b b", {"b": "not idempotent"}),
    _row("rng", "a generator made anew", {"i": "import numpy as np", "a": "rng = np.random.default_rng(1)", "b": "x = rng.normal()"}, "run i a b a b", {"a": "reproduced", "b": "reproduced"}),
    _row("rng", "as many draws as its input says", {"a": "import random\nn = 0", "b": "[random.random() for _ in range(n)];", "c": "random.random()"}, "run all | edit a: import random; n = 2 | run a", {"b": "stale", "c": "unknown"}, seeded=True),
)  # fmt: skip

_FILES = (
    _row("file", "read as it lies there", {"a": "text = open('data.csv').read()"}, "run a a", {"a": "reproduced"}),
    _row("file", "changed from outside", {"a": "text = open('data.csv').read()"}, "run a | write data.csv: p,q", {"a": "input changed"}),
    _row("file", "changed from outside, pandas", {"i": "import pandas as pd", "a": "df = pd.read_csv('data.csv')", "b": "len(df)"}, "run all | write data.csv: p,q", {"a": "input changed", "b": "stale"}),
    _row("file", "written above, read below", {"a": "with open('t.txt', 'w') as t:\n    t.write('1')", "b": "open('t.txt').read()"}, "run all", {"a": "reproduced", "b": "reproduced"}),
    _row("file", "written anew above", {"a": "with open('t.txt', 'w') as t:\n    t.write('1')", "b": "open('t.txt').read()"}, "run all | edit a: with open('t.txt', 'w') as t: t.write('2') | run a", {"a": "reproduced", "b": "stale"}),
    _row("file", "appended to at each run", {"a": "with open('data.csv', 'a') as t:\n    t.write('9')"}, "run a", {"a": "unknown"}),
    _row("file", "appended to a file made above", {"a": "with open('t.txt', 'w') as t:\n    t.write('1')", "b": "with open('t.txt', 'a') as t:\n    t.write('9')"}, "run a b", {"a": "reproduced", "b": "reproduced"}),
    _row("file", "a pickle", {"a": "import pickle\nwith open('t.pkl', 'wb') as t:\n    pickle.dump([1], t)", "b": "import pickle\nwith open('t.pkl', 'rb') as t:\n    xs = pickle.load(t)", "c": "xs.append(2)", "d": "len(xs)"}, "run a b c d b", {"b": "reproduced", "c": "reproduced", "d": "reproduced"}),
    _row("file", "entered before it was there", {"a": "%cd -q sub", "b": "import os\nos.makedirs('sub', exist_ok=True)"}, "run a b", {"a": "input changed", "b": "reproduced"}),
    _row("file", "a folder made twice", {"a": "import os\nos.mkdir('sub')"}, "run a", {"a": "input changed"}, tagged=("a",)),
    _row("file", "a folder made if need be", {"a": "import os\nos.makedirs('sub', exist_ok=True)"}, "run a", {"a": "reproduced"}),
    _row("file", "removed", {"a": "import os\nos.remove('data.csv')"}, "write data.csv: 1 | run a", {"a": "input changed"}, tagged=("a",)),
    _row("file", "made above and removed", {"a": "open('t.txt', 'w').close()", "b": "import os\nos.remove('t.txt')"}, "run all", {"a": "reproduced", "b": "reproduced"}),
    _row("file", "removed if it is there", {"a": "from pathlib import Path\nPath('t.txt').unlink(missing_ok=True)"}, "run a", {"a": "reproduced"}),
    _row("file", "renamed", {"a": "import os\nos.rename('data.csv', 'b.csv')"}, "write data.csv: 1 | run a", {"a": "input changed"}, tagged=("a",)),
    _row("file", "made only if it is new", {"a": "open('new.txt', 'x').close()"}, "run a", {"a": "input changed"}, tagged=("a",)),
    _row("file", "asked whether it is there", {"i": "import os", "a": "there = os.path.exists('data.csv')"}, "run all", {"a": "reproduced"}),
    _row("file", "asked whether it is there, which a later cell makes", {"i": "import os", "a": "there = os.path.exists('t.txt')", "b": "open('t.txt', 'w').close()"}, "run all", {"a": "input changed", "b": "reproduced"}),
    _row("file", "asked by a path of pathlib", {"i": "from pathlib import Path\nHERE = Path('.')", "a": "there = (HERE / 't.txt').exists()", "b": "open('t.txt', 'w').close()"}, "run i b a", {"a": "reproduced", "b": "reproduced"}),
    _row("file", "made if it is not there", {"i": "import os", "a": "if not os.path.exists('t.txt'):\n    open('t.txt', 'w').close()\n    print('made')"}, "run all", {"a": "input changed"}),
    _row("file", "a folder made if it is not there", {"i": "import os", "a": "if not os.path.exists('out'):\n    os.makedirs('out')"}, "run all", {"a": "reproduced"}),
    _row("file", "a folder of pathlib made if it is not there", {"i": "from pathlib import Path", "a": "OUT = Path('out')\nif not OUT.is_dir():\n    OUT.mkdir(parents=True)"}, "run all", {"a": "reproduced"}),
    _row("file", "a folder made if it is not there, and said", {"i": "import os", "a": "if not os.path.exists('out'):\n    os.makedirs('out')\n    print('made')"}, "run all", {"a": "input changed"}),
    _row("file", "asked in a loop", {"i": "import os", "a": "found = [os.path.exists(name) for name in ('a', 'b')]"}, "run all", {"a": "unknown"}),
    _row("file", "asked of a name that goes on", {"i": "import os", "a": "name = 'a'\nfound = os.path.exists(name)\nname = 'data.csv'"}, "run all", {"a": "unknown"}),
)  # fmt: skip

_SETTINGS = (
    _row("setting", "print options below", {"i": "import numpy as np", "a": "np.array([1 / 3])", "b": "np.set_printoptions(precision=2)"}, "run i b a", {"a": "out of order", "b": "reproduced"}),
    _row("setting", "print options above", {"i": "import numpy as np", "a": "np.set_printoptions(precision=2)", "b": "np.array([1 / 3])"}, "run all", {"a": "reproduced", "b": "reproduced"}),
    _row("setting", "decimal precision", {"a": "import decimal\ndecimal.getcontext().prec = 5", "b": "decimal.Decimal(1) / 7"}, "run all | edit a: import decimal; decimal.getcontext().prec = 9 | run a", {"a": "reproduced", "b": "stale"}, not_yet="a plain assignment of a setting is taken to read it"),
    _row("setting", "a variable of the environment", {"i": "import os", "a": "os.environ['APP_MODE'] = 'one'", "b": "os.environ['APP_MODE']"}, "run all | edit a: os.environ['APP_MODE'] = 'two' | run a", {"a": "reproduced", "b": "stale"}),
    _row("setting", "a variable set below", {"i": "import os", "a": "os.environ.get('APP_MODE')", "b": "os.environ['APP_MODE'] = 'one'"}, "run i b a", {"a": "out of order", "b": "reproduced"}),
    _row("file", "a file that a cell would write which has not run", {"a": "open('kept.txt', 'w').write('1')", "b": "open('kept.txt').read()"}, "run b", {"a": "not run", "b": "unknown"}, tagged=("b",)),
    _row("file", "a cell that has not run only reads the file", {"a": "n = len(open('data.csv').read())", "b": "text = open('data.csv').read()"}, "run b", {"a": "not run", "b": "reproduced"}),
    _row("setting", "digits of results", {"a": "%precision 4", "b": "1 / 3", "c": "x = 1 / 3"}, "run a b | edit a: %precision 6 | run a", {"a": "reproduced", "b": "stale", "c": "not run"}),
    _row("setting", "digits of results, set by a cell that has not run", {"a": "%precision 4", "b": "1 / 3", "c": "x = 1 / 3"}, "run b c", {"a": "not run", "b": "unknown", "c": "reproduced"}),
    _row("setting", "which results are shown", {"a": "%config InteractiveShell.ast_node_interactivity = 'all'", "b": "1\n2", "c": "x = 1"}, "run b a c", {"b": "unknown", "c": "reproduced"}),
    _row("name", "a closure that a cell would call which has not run", {"a": "def make():\n    m = 0\n    def inner():\n        nonlocal m\n        m += 1\n        return m\n    return inner\ntick = make()", "b": "tick()", "c": "x = tick()"}, "run a c", {"b": "not run", "c": "unknown"}),
    _row("setting", "a variable that a cell would set which has not run", {"a": "import os", "b": "os.environ['APP_MODE'] = 'one'", "c": "os.environ.get('APP_MODE')"}, "run a c", {"b": "not run"}),
    _row("setting", "a variable that hangs on itself", {"i": "import os", "a": "os.environ['APP_MODE'] = os.environ.get('APP_MODE', '') + 'x'"}, "run i a a", {"a": "not idempotent"}),
    _row("setting", "a variable set by magic", {"a": "%env APP_MODE=one", "b": "import os\nos.environ['APP_MODE']"}, "run all | edit a: %env APP_MODE=two | run a", {"a": "reproduced", "b": "stale"}),
    _row("setting", "the path of imports grows at each run", {"a": "import sys\nsys.path.insert(0, 'here')"}, "run a a", {"a": "not idempotent"}),
)  # fmt: skip

_MODULES = (
    _row("module", "a user module's counter", {"a": "import helper\nhelper.counted()"}, "run a a", {"a": "not idempotent"}),
    _row("module", "a user module used in order", {"a": "import helper", "b": "helper.scaled(2)"}, "run all", {"a": "reproduced", "b": "reproduced"}),
    _row("module", "a user module's state set below", {"i": "import helper", "a": "y = helper.SCALE", "b": "helper.SCALE = 9"}, "run i b a", {"a": "out of order", "b": "reproduced"}),
    _row("module", "a name from a module whose state was set", {"a": "import helper as hp\nhp.SCALE = 3", "b": "from helper import SCALE"}, "run a b | move a to 1", {"b": "out of order"}),
    _row("module", "edited on disk", {"a": "import helper", "b": "y = helper.SCALE"}, "run all | write helper.py: SCALE = 5", {"a": "input changed", "b": "input changed"}, coincides=("a",)),
    _row("module", "a cell that has not run may change its state", {"a": "import helper\nhelper.counted()", "b": "import helper\nxs = list(helper.SEEN)"}, "run b", {"a": "not run", "b": "unknown"}),
    _row("module", "an attribute that a deleted cell put into a library", {"a": "import string\nstring.shared = 1", "b": "import string\ny = getattr(string, 'shared', 2)"}, "run all | delete a", {"b": "hidden state"}),
    _row("module", "an attribute that the cell above put into a library", {"a": "import string\nstring.shared = 1", "b": "import string\ny = getattr(string, 'shared', 2)"}, "run all", {"a": "reproduced", "b": "reproduced"}),
    _row("module", "an import cell edited and not run", {"a": "import math", "b": "y = math.sqrt(4)"}, "run all | edit a: import math, json", {"a": "edited", "b": "reproduced"}),
    _row("module", "an import cell edited to another module", {"a": "import math as m", "b": "y = m.sqrt(4)"}, "run all | edit a: import cmath as m", {"a": "edited", "b": "stale"}),
    _row("module", "a function's import edited and not run", {"a": "from math import sqrt", "b": "y = sqrt(4)"}, "run all | edit a: from math import sqrt, floor", {"a": "edited", "b": "reproduced"}),
    _row("module", "an attribute that a cell would put into a library", {"a": "import string\nstring.shared = 1", "b": "y = getattr(string, 'shared', 2)"}, "run all | edit a: import string; string.shared = 3", {"a": "edited", "b": "stale"}),
    _row("module", "a call of a library in a cell that has not run", {"a": "import math", "n": "math.floor(2.5)", "b": "y = math.sqrt(4)"}, "run a b", {"n": "not run", "b": "reproduced"}),
    _row("module", "the user's own module imported by an edited cell", {"a": "import helper", "b": "y = helper.SCALE"}, "run all | edit a: import helper, math", {"a": "edited", "b": "reproduced"}),
    _row("module", "built in by a later cell", {"a": "shared", "b": "import builtins\nbuiltins.shared = 1"}, "run b a", {"a": "out of order"}, tagged=("a",)),
    _row("module", "all names of a module", {"a": "from math import *", "b": "y = sqrt(4) + floor(2.5)", "c": "z = y"}, "run a b c a", {"a": "reproduced", "b": "reproduced", "c": "reproduced"}),
    _row("module", "all names of a module that comes with the cell", {"a": "from colorsys import *\ny = rgb_to_hsv(1, 2, 3)", "b": "z = y"}, "run all", {"a": "reproduced", "b": "reproduced"}),
    _row("module", "all names of another module, not run", {"a": "from math import *", "n": "from cmath import *", "b": "y = sqrt(4)"}, "run a b", {"n": "not run", "b": "stale"}),
    _row("module", "all names of a module, imported below", {"a": "y = sqrt(4)", "b": "from math import *"}, "run b a", {"a": "out of order", "b": "reproduced"}),
)  # fmt: skip

_EFFECTS = (
    _row("effects", "the clock", {"a": "import time\nt = time.time()"}, "run a", {"a": "unknown"}),
    _row("effects", "the system's entropy", {"a": "import uuid\nu = uuid.uuid4()"}, "run a", {"a": "unknown"}),
    _row("effects", "another program", {"a": "!echo hello"}, "run a", {"a": "unknown"}),
    _row("effects", "the last result", {"a": "41 + 1", "b": "y = _"}, "run all", {"a": "reproduced", "b": "reproduced"}),
    _row("effects", "the result of a later cell", {"a": "41 + 1", "b": "y = _", "c": "y + 1"}, "run all | run b", {"b": "out of order"}),
    _row("effects", "the result before the last", {"a": "41 + 1", "b": "7", "c": "y = _"}, "run b a c", {"c": "stale"}),
    _row("effects", "the result of an edited cell", {"a": "41 + 1", "b": "y = _"}, "run all | edit a: 40 + 1", {"a": "edited", "b": "stale"}),
    _row("effects", "the same result again", {"a": "41 + 1", "b": "y = _"}, "run all | edit a: 40 + 2 | run a", {"a": "reproduced", "b": "reproduced"}),
    _row("effects", "a result that can change", {"a": "xs = [1]", "b": "xs", "c": "y = _"}, "run all", {"c": "unknown"}),
    _row("effects", "no result yet", {"a": "y = _"}, "run all", {"a": "reproduced"}),
    _row("effects", "a result above that was not there", {"a": "y = _", "b": "5"}, "run b a", {"a": "out of order"}),
    _row("effects", "the name of the last result bound", {"a": "2", "b": "for _ in range(3):\n    pass", "c": "y = _ + 3"}, "run a c", {"c": "unknown"}),
    _row("effects", "the name of the last result bound below", {"a": "2", "b": "y = _ + 3", "c": "_ = 7"}, "run all", {"b": "reproduced"}),
    _row("effects", "the name of the last result bound by a text", {"a": "5", "b": "exec('_ = 3')", "c": "y = _"}, "run a c b", {"c": "unknown"}),
    _row("effects", "the last result in a function", {"a": "1 + 1", "b": "def f():\n    return _", "c": "y = f()", "d": "3"}, "run a b d c", {"c": "unknown"}),
    _row("effects", "an error stops run-all", {"a": "x = 1", "b": "1 / 0", "c": "y = x"}, "run all", {"a": "reproduced", "b": "reproduced", "c": "unknown"}),
    _row("effects", "an error that is allowed", {"a": "x = 1", "b": "1 / 0", "c": "y = x"}, "run all", {"a": "reproduced", "b": "reproduced", "c": "reproduced"}, tagged=("b",)),
    _row("effects", "what was done before the error counts", {"a": "xs = []", "b": "xs.append(1)\n1 / 0", "c": "len(xs)"}, "run a b b c", {"b": "not idempotent", "c": "stale"}, tagged=("b",)),
    _row("effects", "an interrupt", {"a": "raise KeyboardInterrupt"}, "run a", {"a": "unknown"}),
)  # fmt: skip

_SETTLED = (
    _names("a number that a doubted cell says outright", {"a": "import time\nt = time.time()\nn = 4", "b": "y = n"}, "run all", {"a": "unknown", "b": "reproduced"}),
    _names("a number that a stale cell says outright", {"a": "x = 1", "b": "y = x\nn = 4", "c": "z = n"}, "run all | edit a: x = 2 | run a", {"b": "stale", "c": "reproduced"}),
    _names("a number that an edited cell says anew", {"a": "x = 1", "b": "y = x", "c": "w = x"}, "run all | edit a: x = 2 | run a c | edit a: x = 1", {"a": "edited", "b": "reproduced", "c": "stale"}),
    _names("a number that a function may bind as well", {"a": "def f(z):\n    global n\n    n = z", "b": "x = 1", "c": "n = 4\nf(x)", "d": "y = n"}, "run all | edit b: x = 2 | run b", {"c": "stale", "d": "stale"}),
    _names("a number that a text in a function may bind", {"a": "def f(z):\n    exec('globals()[\"n\"] = z')", "b": "x = 1", "c": "n = 4\nf(x)", "d": "y = n"}, "run all | edit b: x = 2 | run b", {"d": "stale"}),
    _names("a number that a cell may not come to", {"a": "x = 1", "b": "y = 3 / x\nn = 4", "c": "z = n"}, "run all | edit a: x = 0 | run a", {"b": "stale", "c": "stale"}, tagged=("b",), coincides=()),
    _names("a number bound under a condition", {"a": "x = 1", "b": "if x:\n    n = 4", "c": "z = n"}, "run all | edit a: x = 2 | run a", {"b": "stale", "c": "stale"}, coincides=("b", "c")),
    _names("a number bound in any case", {"a": "x = 1", "b": "try:\n    y = 1 / x\nexcept ZeroDivisionError:\n    y = 0\nfinally:\n    n = 4", "c": "z = n"}, "run all | edit a: x = 0 | run a", {"b": "stale", "c": "reproduced"}),
    _names("a list said outright, and one that is changed after", {"a": "x = 1", "b": "xs = [x]\nys = [1]", "c": "n = len(ys)", "d": "zs = [1]\nzs.append(x)", "e": "k = len(zs)"}, "run all | edit a: x = 2 | run a", {"b": "stale", "c": "reproduced", "e": "stale"}, coincides=("e",)),
    _names("a list said outright, that another name changes", {"a": "x = 1", "b": "ys = [1]\nzs = ys\nzs.append(x)", "c": "n = ys[-1]"}, "run all | edit a: x = 2 | run a", {"b": "stale", "c": "stale"}),
)  # fmt: skip

_HISTORY = (
    _row("history", "how many results there were", {"a": "41 + 1", "b": "y = len(Out)"}, "run all", {"a": "reproduced", "b": "reproduced"}),
    _row("history", "how many results there were, one of them twice", {"a": "41 + 1", "b": "y = len(Out)"}, "run a a b", {"a": "reproduced", "b": "hidden state"}),
    _row("history", "results by number", {"a": "41 + 1", "b": "7", "c": "y = _1 + Out[2]"}, "run all", {"c": "reproduced"}),
    _row("history", "a result by the number of its run", {"a": "41 + 1", "b": "7", "c": "y = _1"}, "run b a c", {"c": "hidden state"}),
    _row("history", "the same result under that number", {"a": "7", "b": "6 + 1", "c": "y = _1"}, "run b a c", {"c": "reproduced"}),
    _row("history", "the number of a cell that shows nothing", {"a": "x = 1", "b": "print(1)", "c": "5", "d": "y = Out.get(1), Out.get(2), _3"}, "run all", {"d": "reproduced"}),
    _row("history", "the number of a cell that is edited", {"a": "41 + 1", "b": "y = _1"}, "run all | edit a: 40 + 1", {"b": "stale"}),
    _row("history", "a result by number that can change", {"a": "[1]", "b": "y = _1", "c": "y = str(Out)"}, "run all", {"b": "unknown", "c": "unknown"}),
    _row("history", "all results", {"a": "1", "b": "'two'", "c": "Out", "d": "y = str(_oh)"}, "run all", {"c": "reproduced", "d": "reproduced"}),
    _row("history", "all results, in another order", {"a": "1", "b": "'two'", "c": "Out"}, "run b a c", {"c": "hidden state"}),
    _row("history", "the second last result", {"a": "1", "b": "2", "c": "y = __"}, "run all", {"c": "reproduced"}),
    _row("history", "the result before the last, shown again", {"a": "1", "b": "2", "c": "y = __"}, "run a b a c", {"c": "hidden state"}),
    _row("history", "how many cells had run", {"a": "x = 1", "b": "n = len(In), get_ipython().execution_count"}, "run all", {"b": "reproduced"}),
    _row("history", "how many cells had run, one of them twice", {"a": "x = 1", "b": "n = len(In)", "c": "k = get_ipython().execution_count"}, "run a a b c", {"b": "hidden state", "c": "hidden state"}),
    _row("history", "blank cells have no number", {"a": "5", "b": " ", "c": "y = _2, len(In)", "d": "2"}, "run d | delete d | insert d at 0: 2 | run a b c", {"c": "reproduced"}),
    _row("history", "the text of the cell before", {"a": "x = 1", "b": "t = _i, In[-2], _i1"}, "run all", {"b": "reproduced"}),
    _row("history", "the text of another cell before", {"a": "x = 1", "n": "z = 2", "b": "t = _i", "c": "t = In[-2]", "d": "u = str(In)"}, "run a b c d", {"b": "hidden state", "c": "reproduced", "d": "hidden state"}),
    _row("history", "results taken away", {"a": "5", "b": "Out.clear()", "c": "y = len(Out)"}, "run a c b", {"b": "reproduced", "c": "unknown"}),
    _row("history", "results taken away above", {"a": "5", "b": "Out.clear()", "c": "y = len(Out)"}, "run all", {"c": "unknown"}),
    _row("history", "a result that is captured", {"a": "%%capture\n41", "b": "y = len(Out)"}, "run all", {"b": "unknown"}),
    _row("history", "a name of the last results bound", {"a": "1", "b": "2", "n": "__ = 3", "c": "4", "d": "y = __, _"}, "run all", {"d": "unknown"}),
    _row("history", "a result with the end that shows nothing", {"a": "5;", "b": "y = len(Out)"}, "run b", {"a": "not run", "b": "unknown"}),
)  # fmt: skip

SCENARIOS: tuple[Scenario, ...] = (
    *_NAMES,
    *_SETTLED,
    *_LIBRARIES,
    *_RNG,
    *_FILES,
    *_SETTINGS,
    *_MODULES,
    *_EFFECTS,
    *_HISTORY,
)
