"""What cells really read, bind and delete, against what is said before they run."""

from __future__ import annotations

import builtins
import sys
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.replay.names import analyse
from jupyter_repro.replay.reach import Reached, reach

if TYPE_CHECKING:
    from pathlib import Path


class Watched(dict[str, Any]):
    """A namespace that notes which names it had from the start are read: CPython asks a subclass."""

    start: dict[str, Any] | None = None

    def __getitem__(self, name: str) -> Any:
        if self.start is not None:
            before, now = self.start.get(name, self), self.get(name, self)
            if now is before:
                self.read.add(name)
        return super().__getitem__(name)

    def begin(self) -> None:
        """Start to watch."""
        self.read: set[str] = set()
        self.start = dict(self)

    def changed(self) -> tuple[set[str], set[str]]:
        """Return the names that were bound and deleted since."""
        start, self.start = self.start or {}, None
        bound = {name for name, value in self.items() if start.get(name, self) is not value}
        return bound, start.keys() - self.keys()


def namespace_of(setup: str) -> Watched:
    namespace = Watched({"__name__": "__main__", "In": ["", setup]})
    run(setup, namespace)
    return namespace


def run(source: str, namespace: dict[str, Any]) -> None:
    """Run a source as a cell."""
    exec(compile(source, "<cell>", "exec"), namespace)


PYTHON = [
    ("x = [1]; y = [2]", "def f(): return [x for x in y] + [x]\nf()"),
    ("x = 1; y = 2; c = 0", "if c:\n    def f(): return x\nelse:\n    def f(): return y\nf()"),
    ("x = 1", "class A:\n    x = 2\n    def m(self): return x\nA().m()"),
    ("x = 1", "class A:\n    x = 2\n    y = [x for _ in (1, 2)]"),
    ("x = 1", "class A:\n    x = 2\n    y = (lambda: x)()"),
    ("x = 1\ndef d(f): return f(0) or f", "class A:\n    x = 0\n    @d\n    def y(self): return x"),
    ("x = 1", "def f():\n    x = 5\n    def g():\n        global x\n        def h(): return x\n        h()\n    g()\nf()"),
    ("i = 0; y = [1]; s = [9]", "def f(): return [0 for s[i] in y]\nf()"),
    ("i = 0; y = [1]; s = [9]", "[0 for s[i] in y]"),
    ("x = 1\ndef f(): return 0", "for i in range(2):\n    f()\n    def f(): return x"),
    ("x = 1", "def g():\n    def f(a=(x := 3)): return x\n    return f()\ng()"),
    ("x = 1", "[x := i for i in (1, 2)]\nx"),
    ("e = 1", "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    pass"),
    ("x = [1]; y = 2", "x[0]: y"),
    ("x = 1; import contextlib", "with contextlib.suppress(ZeroDivisionError):\n    1 / 0\n    x = 3\ny = x"),
    ("x = 1", "exec('y = x')"),
    ("x = 1", "code = 'y = x'\nexec(code)"),
    ("x = 1", "globals()['y'] = globals()['x']"),
    ("x = 1", "def f():\n    exec('global x; x = 2')\nf()"),
    ("x = 1", "def f():\n    yield x\nnext(f())"),
    ("x = 1", "async def f(): return x\nc = f()\ntry:\n    c.send(None)\nexcept StopIteration: pass"),
    ("x = 1", "match x:\n    case int(real=r): r"),
    ("x = 1", "class A:\n    @property\n    def p(s): return 1\n    @p.setter\n    def p(s, v): x\nA().p = 3"),
]  # fmt: skip

OBJECTS = [
    ("k = 2\nclass P:\n    def __add__(s, o): return k\np = P()", "p + 1"),
    ("k = 2\nclass P:\n    def __enter__(s): return k\n    def __exit__(s, *a): k\np = P()", "with p: pass"),
    ("k = 2\nclass P:\n    def __iter__(s): return iter([k])\np = P()", "for i in p: pass"),
    ("k = 2\nclass P:\n    def __format__(s, f): return str(k)\np = P()", "f'{p}'"),
    ("k = 2\nclass P:\n    def __getitem__(s, i): return k\np = P()", "p[0]"),
    ("k = 2\nclass P:\n    def __delitem__(s, i): k\np = P()", "del p[0]"),
    ("k = 2\nclass P:\n    def __contains__(s, i): return k\np = P()", "1 in p"),
    ("k = 2\nclass P:\n    def __bool__(s): return bool(k)\np = P()", "if p: pass"),
    ("k = 2\nclass P:\n    def __str__(s): return str(k)\np = P()", "str(p)"),
    ("k = 2\nclass P:\n    def __del__(s): k\np = P()", "del p"),
    ("k = 2\nclass P:\n    @property\n    def a(s): return k\np = P()", "p.a"),
    ("k = 2\nclass P:\n    def __getattr__(s, n): return k\np = P()", "p.a"),
    ("k = 2\nclass P:\n    __slots__ = ('f',)\np = P()\np.f = lambda: k", "p.f()"),
    ("k = 2\nclass B:\n    def m(s): return k\nclass P(B): pass\np = P()", "p.m()"),
    ("k = 2\nclass M(type):\n    def __call__(c): return k\nclass P(metaclass=M): pass", "P()"),
    ("k = 2\nclass B:\n    def __init_subclass__(c): k", "class C(B): pass"),
    ("k = 2\nclass D:\n    def __get__(s, o, t): return k\nclass P:\n    a = D()\np = P()", "p.a"),
    ("k = 2\nclass P:\n    def a(s): return k\nz = {P(): 1}", "next(iter(z)).a()"),
    ("k = 2\nclass P:\n    def m(s): return k\nz = [P().m]", "z[0]()"),
    ("k = 2\nclass B: pass\nb = B()\nb.hooks = {'a': [lambda: k]}", "b.hooks['a'][0]()"),
    ("k = 2\nz = {'a': lambda: k}", "z['a']()"),
    ("k = 2\ndef f(a, g=lambda: k): return g()", "f(1)"),
    ("k = 2\ndef out():\n    def inner(): return k\n    return lambda: inner()\nf = out()", "f()"),
    ("k = 2\nimport functools\nf = functools.partial(lambda a: k, 1)", "f()"),
    ("k = 2\nimport functools\n@functools.lru_cache\ndef f(): return k", "f()"),
    ("k = 2\nimport functools\ndef d(f):\n    @functools.wraps(f)\n    def w(): return f()\n    return w\n@d\ndef f(): return k", "f()"),
    ("k = 2\nimport functools\n@functools.singledispatch\ndef f(a): pass\n@f.register\ndef _(a: int): return k", "f(3)"),
    ("k = 2\nimport functools\nclass P:\n    @functools.cached_property\n    def a(s): return k\np = P()", "p.a"),
    ("k = 2\nimport functools\nclass P:\n    b = functools.partialmethod(lambda s, q: k, 1)\np = P()", "p.b()"),
    ("k = 2\nimport enum\nclass E(enum.Enum):\n    A = 1\n    def m(s): return k", "E.A.m()"),
    ("k = 2\nfrom dataclasses import dataclass, field\n@dataclass\nclass D:\n    a: int = field(default_factory=lambda: k)", "D()"),
    ("k = 2\nfrom typing import NamedTuple\nclass T(NamedTuple):\n    a: int\n    def m(s): return k\nt = T(1)", "t.m()"),
    ("k = 2\nimport contextlib\n@contextlib.contextmanager\ndef c():\n    yield k", "with c(): pass"),
    ("k = 2\ndef g():\n    yield 1\n    yield k\na = g()\nnext(a)", "list(a)"),
    ("k = 2\ndef g(f):\n    yield 1\n    yield f()\na = g(lambda: k)\nnext(a)", "list(a)"),
    ("k = 2\na = map(lambda i: k, [1])", "list(a)"),
    ("k = 2\na = (k for _ in [1])", "list(a)"),
    ("k = 2\nasync def g():\n    yield k\na = g()", "try: a.__anext__().send(None)\nexcept StopIteration: pass"),
    ("k = 2\nimport weakref\nclass C:\n    def m(s): return k\nc = C()\nw = weakref.WeakMethod(c.m)", "w()()"),
    ("k = 2\nimport threading\nclass P(threading.Thread):\n    def run(s): k\np = P()", "p.start(); p.join()"),
    ("k = 2\ndef f():\n    global k\n    k = 3", "f()"),
    ("k = 2\nbig = [[object()] for _ in range(3000)] + [lambda: k]", "big[-1]()"),
]  # fmt: skip

LIBRARIES = [
    ("k = 2\nimport numpy as np\nclass P:\n    def a(s): return k\nz = np.array([P(), 1], dtype=object)", "z[0].a()"),
    ("k = 2\nimport numpy as np\ng = np.vectorize(lambda a: a + k)", "g(3)"),
    ("k = 2\nimport numpy as np\ng = np.frompyfunc(lambda a: a + k, 1, 1)", "g(3)"),
    ("k = 2\nimport pandas as pd\nclass P:\n    def a(s): return k\nz = pd.Series([P(), 1])", "z[0].a()"),
    ("k = 2\nimport pandas as pd\ndf = pd.DataFrame({'a': [1]})\ndef f(r): return r * k", "df.a.apply(f)"),
    ("k = 2\nimport pandas as pd\ndef f(s): return k\npd.DataFrame.f = f\ndel f\ndf = pd.DataFrame()", "df.f()"),
    ("k = 2\nimport colorsys\ndef f(): return k\ncolorsys.f = f\ndel f", "colorsys.f()"),
    ("k = 2\nimport torch\nclass N(torch.nn.Module):\n    def forward(s, x): return x * k\nn = N()\nt = torch.ones(1)", "n(t)"),
    ("k = 2\nimport torch\nn = torch.nn.Linear(1, 1)\nh = n.register_forward_hook(lambda *a: k and None)\ndel h\nt = torch.ones(1)", "n(t)"),
    ("k = 2\nfrom sklearn.preprocessing import FunctionTransformer as F\nfrom sklearn.pipeline import make_pipeline\np = make_pipeline(F(lambda a: a * k))", "p.transform([[1]])"),
]  # fmt: skip


@pytest.mark.parametrize(("setup", "cell"), [*PYTHON, *OBJECTS, *LIBRARIES])
def test_nothing_that_a_cell_does_is_left_unsaid(setup: str, cell: str) -> None:
    """Every name that it reads before binding it, binds or deletes was told before it ran."""
    for line in setup.split("\n"):
        if line.startswith(("import ", "from ")):
            pytest.importorskip(line.split()[1].partition(".")[0])
    namespace = namespace_of(setup)
    names = analyse(cell)
    called = reach(names.reads | names.calls, namespace)
    namespace.begin()
    run(cell, namespace)
    bound, deleted = namespace.changed()
    own = {name for name in namespace.read if not name.startswith("__") and not hasattr(builtins, name)}
    assert own - names.reads - called.reads == set()
    assert bound - names.writes - called.mutates - {"__annotations__"} == set()
    assert deleted - names.deletes - called.mutates == set()


def reached(setup: str, *names: str, **options: Any) -> Reached:
    return reach(names, namespace_of(setup), **options)


@pytest.mark.parametrize(
    ("setup", "reads"),
    [
        ("a = [1, 'x', (2.0, None)]; b = {'k': [1]}", set()),
        ("k = 1\ndef f(): return k\na = 1", set()),
        ("import numpy as np, pandas as pd\na = pd.DataFrame({'x': list('abc'), 'y': np.arange(3)})", set()),
        ("k = 1\ndef f(): return k\na = [{'x': [i]} for i in range(5000)]", set()),
        ("k = 1\ndef f(): return k\nclass C: pass\na = [C() for _ in range(3000)]", {"k"}),
        ("a = []\na.append(a)", set()),
        ("a = [[] for _ in range(30)]\nfor i in a: i.extend(a)", set()),
    ],
)
def test_data_reaches_no_function(setup: str, reads: set[str]) -> None:
    """Only where there is too much to look at are all functions of the notebook taken for reached."""
    assert reached(setup, "a").reads == reads


@pytest.mark.parametrize(
    ("body", "opaque"),
    [
        ("return eval('k')", ("`eval`",)),
        ("return globals()", ("`globals`",)),
        ("return locals(), vars()", ()),
        ("import __main__", ("`__main__`",)),
        ("import sys; return sys.modules[__name__]", ("`sys.modules` by a computed name",)),
        ("import sys; return sys._getframe(1).f_locals", ("`_getframe`", "`f_locals`")),
        ("return get_ipython().user_ns", ("`get_ipython()`",)),
        ("return get_ipython().__class__", ()),
        ("return __name__ == '__main__'", ()),
    ],
)
def test_ways_around_the_text_are_named(body: str, opaque: tuple[str, ...]) -> None:
    """So that the verdict says why it does not know."""
    assert reached(f"def f():\n    {body}", "f").opaque == opaque


def test_an_eval_of_the_notebook_s_own_hides_nothing() -> None:
    """``def eval(model)`` is a name like any other."""
    assert reached("def eval(m): return k\ndef f(): return eval(1)", "f") == Reached(
        reads=frozenset(("eval", "k")), calls=True
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("return time.time()", "it reads the clock (`time.time`)"),
        ("random.seed(None)", "it draws from the system's entropy (`random.seed`)"),
        ("random.seed()", "it draws from the system's entropy (`random.seed`)"),
        ("random.seed(3)", ""),
        ("return np.random.default_rng()", "it draws from the system's entropy (`np.random.default_rng`)"),
        ("return np.random.default_rng(seed=3)", ""),
    ],
)
def test_clocks_and_entropy_behind_functions(body: str, why: str) -> None:
    """Whatever Python's release compiles a call to."""
    assert reached(f"def f(): {body}", "f").unrepeatable == ((why,) if why else ())


@pytest.mark.parametrize(
    ("body", "calls", "branching"),
    [
        ("return 1", False, False),
        ("return g()", True, False),
        ("return a + b", True, False),
        ("if a: return g()", True, True),
        ("return [g() for _ in a]", True, True),
    ],
)
def test_whether_functions_call_others(body: str, calls: bool, branching: bool) -> None:  # noqa: FBT001 - a table
    """An operator may call a method of the user's."""
    found = reached(f"def f():\n    {body}", "f")
    assert (found.calls, found.branching) == (calls, branching)


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module of the user's, beside the notebook."""
    name = f"helper_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(
        "import time\nHOOKS = []\nSCALE = 2\n"
        "def scaled(x): return x * SCALE\n"
        "def run(): return [hook() for hook in HOOKS]\n"
        "def now(): return time.time()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield name
    sys.modules.pop(name, None)


def test_globals_of_a_module_are_not_the_notebook_s(module: str) -> None:
    """``SCALE`` of the module is the module's; the module is named."""
    found = reached(f"SCALE = 3\nfrom {module} import scaled", "scaled")
    assert found == Reached(modules=frozenset((module,)), calls=True)


def test_functions_given_to_a_module_are_reached_through_it(module: str) -> None:
    """A callback of the notebook's is called by the module later."""
    setup = f"k = 2\nimport {module} as h\nh.HOOKS.append(lambda: k)\nfrom {module} import run"
    assert reached(setup, "h").reads == {"k"}
    assert reached(setup, "run").reads == {"k"}


def test_what_stands_beside_in_a_module_is_no_reason(module: str) -> None:
    """To name a module is not to call all its functions; to name a function is."""
    assert reached(f"import {module} as h", "h").unrepeatable == ()
    assert reached(f"from {module} import now", "now").unrepeatable == ("it reads the clock (`time.time`)",)


def test_what_takes_the_place_of_a_library_s_own_is_seen_when_told_to_look() -> None:
    """Additions are seen at once, replacements with ``patched``."""
    namespace = namespace_of("k = 2\nimport colorsys\ndef f(*a): return k")
    assert reach(["colorsys"], namespace).reads == frozenset()
    colorsys = namespace["colorsys"]
    original = colorsys.rgb_to_hsv
    try:
        colorsys.rgb_to_hsv = namespace["f"]
        assert reach(["colorsys"], namespace, patched=True).reads == {"k"}
    finally:
        colorsys.rgb_to_hsv = original


def test_no_code_of_the_user_runs() -> None:
    """Objects are looked at from outside."""
    setup = (
        "class Touchy:\n"
        "    def __getattribute__(s, n): raise AssertionError\n"
        "    def __eq__(s, o): raise AssertionError\n"
        "    def __hash__(s): raise AssertionError\n"
        "    def __len__(s): raise AssertionError\n"
        "    def __iter__(s): raise AssertionError\n"
        "a = [Touchy(), Touchy]"
    )
    assert reached(setup, "a").reads == {"AssertionError"}


def test_a_container_that_changes_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that adds to it while it is gone through makes every function of the notebook count as reached."""

    def changing(_: object) -> Any:
        raise RuntimeError("dictionary changed size during iteration")

    def used() -> Any:
        return hidden  # type: ignore[name-defined]  # noqa: F821 - a global of the notebook's

    namespace: dict[str, Any] = {"__name__": "__main__", "table": {"a": []}}
    namespace["used"] = type(used)(used.__code__, namespace)
    monkeypatch.setattr("jupyter_repro.replay.reach.parts_of", changing)
    found = reach({"table"}, namespace)
    assert "hidden" in found.reads
    assert not found.complete
    assert "thread" in found.why
