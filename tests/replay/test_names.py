"""What a source may read, bind and change in place, by its text alone."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from jupyter_repro.replay.names import Names, analyse


def found(source: str, fields: str) -> dict[str, Any]:
    """Return the fields, sets as sorted text."""
    names = analyse(source)
    return {
        field: " ".join(sorted(value)) if isinstance(value := getattr(names, field), frozenset) else value
        for field in fields.split()
    }


def case(source: str, **expected: Any) -> Any:
    return pytest.param(source, expected, id=source.replace("\n", " / ")[:60])


PLAIN = [
    case("", reads="", writes="", has_calls=False),
    case("x = 1", reads="", writes="x", maybe_writes=""),
    case("x = y", reads="y", writes="x"),
    case("x = 1\ny = x", reads="", writes="x y"),
    case("y = x\nx = 1", reads="x", writes="x y"),
    case("x, (y, *z) = w", reads="w", writes="x y z", iterates="w"),
    case("x, y = 1, z", reads="z", iterates=""),
    case("x = y = z", reads="z", writes="x y"),
    case("x += 1", reads="x", writes="x", maybe_writes="", may_mutate="x"),
    case("x: int = 1", reads="int", writes="x"),
    case("x: int", reads="int", writes=""),
    case("x: T = y", reads="T y", writes="x"),
    case("x[0] = y", reads="x y", writes="", mutates="x"),
    case("x.a.b = y", reads="x y", writes="", mutates="x"),
    case("x[0] += 1", reads="x", writes="", mutates="x"),
    case("x[i], y.a = 1, 2", reads="i x y", mutates="x y"),
    case("get(x).a = 1", reads="get x", may_mutate="x", mutates=""),
    case("x.f().a = 1", reads="x", mutates="x"),
    case("del x", reads="x", writes="", deletes="x"),
    case("x = 1\ndel x\ny = x", reads="x", deletes="x"),
    case("del x[0], y.a", reads="x y", deletes="", mutates="x y"),
    case("del (x, y)", deletes="x y"),
    case("f'{x!r:>{w}}'", reads="w x"),
    case("(y := x)", reads="x", writes="y", maybe_writes=""),
    case("a and (y := x)\ny", reads="a x y", maybe_writes="y"),
    case("(y := x) and y", reads="x"),
    case("z = (y := 1) if c else 2\ny", reads="c y", maybe_writes="y"),
    case("import a.b, c as d", reads="", writes="a d"),
    case("from a import b, c as d", reads="", writes="b d"),
    case("from a import *", opaque=("`from a import *`",)),
    case("import __main__", opaque=("`import __main__`",)),
    case("assert x, y", reads="x y"),
    case("lambda: x", reads="x"),
    case("x = 1 +", compiles=False, reads="", writes=""),
    case("x = await f(y)\nasync for i in x: z = i", reads="f y", writes="i x z"),
    case("async with a as b:\n    c = b", reads="a", writes="b c", maybe_writes=""),
]

FLOW = [
    case("if c:\n    x = 1\ny = x", reads="c x", writes="x y", maybe_writes="x"),
    case("if c:\n    x = 1\nelse:\n    x = 2\ny = x", reads="c", maybe_writes=""),
    case("if c:\n    x = 1\nelse:\n    raise E\ny = x", reads="E c", maybe_writes=""),
    case("if c:\n    x = 1\nelif d:\n    x = 2\ny = x", reads="c d x", maybe_writes="x"),
    case("for i in s:\n    x = i\ny = x", reads="s x", maybe_writes="i x", iterates="s"),
    case("for i in range(3):\n    x = i\ny = x + i", reads="range", maybe_writes=""),
    case("for i in range(0):\n    x = i\ny = x", reads="range x", maybe_writes="i x"),
    case("for i in range(5, 0, -2):\n    x = i\ny = x", reads="range", maybe_writes=""),
    case("for i in range(n):\n    x = i\ny = x", reads="n range x", maybe_writes="i x"),
    case("for i, v in enumerate([a, b]):\n    x = v\ny = x", reads="a b enumerate", maybe_writes=""),
    case("for i in [*a]:\n    x = i\ny = x", reads="a x"),
    case("for i in (1, 2):\n    if i: break\n    x = i\ny = x", reads="x", maybe_writes="x"),
    case("for i in (1, 2):\n    y = x\n    x = i", reads="x", maybe_writes=""),
    case("for x[0] in s: pass", reads="s x", mutates="x"),
    case("for i in s: pass\nelse:\n    x = 1", maybe_writes="i x"),
    case("while c:\n    x = 1\ny = x", reads="c x", maybe_writes="x"),
    case("while True:\n    x = 1\n    if x: break\n    z = 1\ny = x, z", reads="z", maybe_writes="z"),
    case("try:\n    x = 1\nexcept E:\n    pass\ny = x", reads="E x", maybe_writes="x"),
    case("try:\n    x = 1\nexcept E:\n    x = 2\ny = x", reads="E", maybe_writes=""),
    case("try:\n    x = 1\nexcept E:\n    raise\ny = x", reads="E", maybe_writes=""),
    case("try:\n    x = 1\nexcept E as e:\n    e\nelse:\n    z = x", reads="E", maybe_writes="e x z"),
    case("try:\n    x = 1\nfinally:\n    y = x", reads="x", maybe_writes=""),
    case("try:\n    f()\nfinally:\n    x = 1\ny = x", reads="f", maybe_writes=""),
    case(
        "with a as x, b(x) as y:\n    z = x, y",
        reads="a b",
        writes="x y z",
        maybe_writes="",
        may_mutate="a x",
    ),
    case("with a as x.b: pass", reads="a x", mutates="x"),
    case("with suppress(E):\n    x = 1\ny = x", reads="E suppress x", maybe_writes="x"),
    case("match v:\n    case [a, *b]: pass\n    case {'k': c, **d}: pass", reads="v", maybe_writes="a b c d"),
    case("match v:\n    case 1: x = 1\n    case _: x = 2\ny = x", reads="v", maybe_writes=""),
    case(
        "match v:\n    case 1: x = 1\n    case P(q=z) if w: x = z\ny = x", reads="P v w x", maybe_writes="x z"
    ),
    case("match v:\n    case p.Q: x = 1", reads="p v"),
    case("match v:\n    case [a]: a.f()", may_mutate="a v"),
    case("try:\n    f()\nexcept E as e:\n    pass\ne", reads="E e f", deletes="e", maybe_writes="e"),
    case("try:\n    x = 1\nfinally:\n    del x\ny = x", deletes="x"),
    case("with a.suppress(E):\n    x = 1\ny = x", reads="E a x", maybe_writes="x"),
    case("x[i]: int", reads="i int x", mutates=""),
    case("for i in r:\n    f()\n    def f(): return x", reads="f r x"),
    case("for i in r: pass", has_calls=True, branching=False, conditional=True),
    case("for i in range(n): pass", has_calls=False),
    case("a + b", has_calls=False, conditional=False),
    case("with lock: pass", has_calls=True, calls="lock", may_mutate="lock"),
    case("if c:\n    x[0] = 1", mutates="", may_mutate="x"),
    case("x if c else y", reads="c x y"),
]

SCOPES = [
    case("[x for x in y]\nx", reads="x y", iterates="y"),
    case("{a: b for a, b in d.items() if a > lim}", reads="d lim", writes=""),
    case("[i * j for i in r for j in i if k]", reads="k r"),
    case("[y := i for i in r]\ny", reads="r y", maybe_writes="y"),
    case("(x + i for i in r)", reads="r x"),
    case("x = [x for x in x]", reads="x", writes="x"),
    case("[[j for j in i] for i in m]", reads="m"),
    case("def f(a, b=c, *d, e: T = g, **h) -> R:\n    return a, b, d, e, h, x", reads="R T c g", writes="f"),
    case("def f():\n    return x", reads="", writes="f"),
    case("def f():\n    return x\nf()", reads="x", calls="f"),
    case("def f():\n    return x\ny = f", reads="x"),
    case("x = 1\ndef f():\n    return x\nf()", reads=""),
    case("def f():\n    return x\nx = 1\nf()", reads=""),
    case("def f():\n    x = 1\n    return x\nf()", reads="", writes="f"),
    case("def f():\n    global x\n    x = y\nf()", reads="y", writes="f x", maybe_writes="x"),
    case("def f():\n    global x\n    x += 1", reads="", writes="f"),
    case("def f():\n    global x\n    del x\nf()", reads="x", deletes="x"),
    case("def f():\n    def g():\n        return x\n    return g()\nf()", reads="x"),
    case(
        "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += y\n    g()\nf()",
        reads="y",
        writes="f",
    ),
    case("def f():\n    x = 1\n    def g():\n        global x\n        x = 2\n    g()\nf()", writes="f x"),
    case("def f(n):\n    return g(n)\ndef g(n):\n    return f(n) + x\nf(1)", reads="x"),
    case("def f():\n    return g()\nh = f\ndef g():\n    return x\nh()", reads="g x"),
    case("if c:\n    def f(): return x\nelse:\n    def f(): return y\nf()", reads="c x y"),
    case("def f(): return x\ndef f(): return y\nf()", reads="y"),
    case("f = lambda v: v * x", reads="", writes="f"),
    case("f = lambda v=d: v * x\nf(1)", reads="d x"),
    case("g(lambda v: v * x)", reads="g x"),
    case("@deco\ndef f():\n    return x", reads="deco x", calls="deco"),
    case("@functools.lru_cache(maxsize=n)\ndef f():\n    return x", reads="functools n"),
    case("async def f():\n    return await x", reads="", writes="f"),
    case("async def f():\n    return await x\nawait f()", reads="x"),
    case("def f():\n    yield from x\nlist(f())", reads="list x", iterates="x"),
    case("class C:\n    a = x\n    b = a", reads="x", writes="C"),
    case("class C(B, metaclass=M):\n    pass", reads="B M", writes="C"),
    case("class C:\n    def m(self):\n        return x", reads="", writes="C"),
    case("class C:\n    def m(self):\n        return x\nC().m()", reads="x"),
    case("class C:\n    @property\n    def m(self):\n        return x", reads="property", writes="C"),
    case("class C(B):\n    def m(self):\n        return x", reads="B x"),
    case("class C:\n    x = 1\n    def m(self):\n        return x\nC()", reads="x"),
    case("class C:\n    global x\n    x = 1", writes="C x"),
    case("class C:\n    z = 1\nz", reads="z"),
    case("def f():\n    class C:\n        a = x\n    return C\nf()", reads="x", writes="f"),
    case("def f():\n    import a\n    from b import c\n    return a, c\nf()", reads="", writes="f"),
    case("def f():\n    try: pass\n    except E as e: return e\nf()", reads="E", writes="f"),
    case("def f(v):\n    match v:\n        case [a, *b]: return a, b\nf(1)", reads="", writes="f"),
    case("def f():\n    return [i for i in x]\nf()", reads="x", iterates="x"),
    case("def f():\n    return [x for x in y] + [x]\nf()", reads="x y"),
    case("def f():\n    [x := i for i in y]\n    return x\nf()", reads="y", writes="f"),
    case("def f():\n    def g(a=(x := 1)): pass\n    return x\nf()", reads="", writes="f"),
    case("[0 for s[i] in y]", reads="i s y", may_mutate="s y"),
    case("class C:\n    x = 1\n    y = [x for _ in z]", reads="x z"),
    case("class C:\n    x = 1\n    y = [i for i in x]", reads=""),
    case("class C:\n    x = 1\n    y = (lambda: x)()", reads="x"),
    case("class C:\n    x = 1\n    @d\n    def m(self): return x", reads="d x"),
    case("class C:\n    y = x\n    x = 1\n    z = x", reads="x"),
    case("def f():\n    x = 1\n    class C:\n        x = x\nf()", reads="x"),
    case("def f():\n    x = 1\n    class C:\n        y = x\nf()", reads=""),
    case(
        "class C:\n    @property\n    def p(s): return x\n    @p.setter\n    def p(s, v): y", reads="property"
    ),
    case(
        "class C:\n    @property\n    def p(s): return x\n    @p.setter\n    def p(s, v): y\nC()",
        reads="property x y",
    ),
    case(
        "def f():\n    x = 1\n    def g():\n        global x\n        def h(): return x\n        h()\n    g()\nf()",
        reads="x",
    ),
    case("def f():\n    (x): int\n    return x\nf()", reads="x"),
]

CALLS = [
    case("f(x)", reads="f x", calls="f", may_mutate="x", has_calls=True, branching=False),
    case("x.append(y)", reads="x y", calls="x", may_mutate="x y", mutates=""),
    case("f(*a, k=b, **c)", may_mutate="a b c", iterates="a"),
    case("f([x, (y,), {'k': z}])", may_mutate="x y z"),
    case("f(x.a[0])", may_mutate="x"),
    case("len(x)", may_mutate="", has_calls=False, iterates=""),
    case("print(x, file=out)", may_mutate="out", has_calls=False),
    case("sum(x)", may_mutate="", iterates="x"),
    case("bytes(x)", iterates="x"),
    case("next(iter(x))", iterates="x"),
    case("map(f, x)", iterates="f x", may_mutate="f", calls="f map", has_calls=True),
    case("len = f\nlen(x)", may_mutate="f x", has_calls=True),
    case("y in x", iterates="x"),
    case("[*x]", iterates="x"),
    case("a, b = x", iterates="x"),
    case("if c:\n    f(x)", branching=True),
    case("[f(i) for i in x]", branching=True),
    case("c and f()", branching=True),
    case("def f():\n    return g()\nf()", branching=False, has_calls=True),
    case("def f():\n    if c: return g()\nf()", branching=True),
    case("df.query('a > @lim and b < @top')", reads="df lim top"),
    case("duckdb.sql(f'select * from frame join other using (k)')", reads="duckdb frame other"),
    case("sorted(x, key=f)", calls="f sorted", has_calls=True, may_mutate="f"),
    case("sorted(x, key=lambda r: r[1])", has_calls=False),
    case("sorted(x, key=lambda r: f(r))", has_calls=True),
    case("list(map(str, [1, 2]))", has_calls=False, branching=False),
    case("next(x)", has_calls=True, iterates="x"),
    case("print(len(x), sum(x), sorted(x), str(x), f'{x}')", has_calls=False, branching=False),
    case("y = x\ny.append(1)", may_mutate="x y"),
    case("y = x.a\ny[0] = 1", mutates="y", may_mutate="x"),
    case("d = {}\nd['k'] = x\nd['k'].f()", may_mutate="d x"),
    case("y = x\ny += z", may_mutate="x y z", iterates="z"),
    case("f = x.append\nf(1)", may_mutate="x"),
    case("for r in x:\n    for c in r: c.f()", may_mutate="c x", iterates="r x"),
    case("list(x)[0].a = 1", iterates="x", mutates="x"),
    case("def f(): return x\nf().append(1)", may_mutate="x"),
    case("def f():\n    y = x\n    def g(): y.append(1)\n    g()\nf()", may_mutate="x"),
    case("task >> other", may_mutate="other task"),
    case("random.getstate()", rng_state=True),
    case("with torch.random.fork_rng(): pass", rng_state=True),
]

OPAQUE = [
    case("exec('x = y')", reads="y", writes="x", maybe_writes="", opaque=()),
    case("eval(' x + 1')", reads="x", opaque=()),
    case("exec('x = 1', {})", opaque=("`exec` of computed text",)),
    case("exec(code)", reads="code", opaque=("`exec` of computed text",)),
    case("exec('1 +')", opaque=("the body of `exec`",)),
    case("g = globals", opaque=("`globals`",)),
    case("globals()[n] = 1", opaque=("`globals()`",)),
    case("globals()['x'] = globals()['y']", opaque=(), reads="y", writes="x", maybe_writes=""),
    case("globals()['x'] += 1", opaque=(), reads="x", writes="x"),
    case("del globals()['x']", opaque=(), deletes="x"),
    case("globals()['x'].append(1)", opaque=(), may_mutate="x"),
    case("'x' in globals() or 'y' not in dir()", opaque=(), reads="x y"),
    case("globals().get('x', d)", opaque=(), reads="d x"),
    case("globals().setdefault('x', 1)", opaque=(), reads="x", writes="x"),
    case("globals().pop('x')", opaque=(), deletes="x"),
    case("globals().update(x=1)", opaque=("`globals()`",)),
    case("def f():\n    globals()['x'] = 1\nf()", opaque=(), writes="f x", maybe_writes="x"),
    case("def f():\n    return locals(), vars()\nf()", opaque=()),
    case("class C:\n    a = locals()", opaque=("`locals()`",)),
    case("code = 'y = x'\nexec(code)", reads="x", writes="code y", opaque=()),
    case("code = 'y'\ncode = z\nexec(code)", opaque=("`exec` of computed text",)),
    case("exec(compile('y = x', 'f', 'exec'), globals())", reads="x", writes="y", opaque=()),
    case("exec('def f(): return x')\nf()", reads="x", writes="f", opaque=()),
    case("def f():\n    exec('global x; x = y')\nf()", reads="y", writes="f x"),
    case("def eval(m): return x\neval(1)", reads="x", opaque=()),
    case("def eval(m): pass\ndef go(): return eval(1)\ngo()", opaque=()),
    case("import sys\nsys.modules['__main__'].x", opaque=("`__main__`",)),
    case("sys.modules[__name__].x", opaque=("`sys.modules` by a computed name",)),
    case("if __name__ == '__main__':\n    f()", opaque=()),
    case("__import__('__main__').x", opaque=("`__main__`",)),
    case("from __main__ import x", reads="x", writes="x"),
    case("inspect.currentframe().f_back.f_locals", opaque=("`f_locals`", "`f_back`", "`currentframe`")),
    case("f.__globals__", opaque=("`__globals__`",)),
    case("setattr(m, 'x', 1)", mutates="m"),
    case("if c:\n    delattr(m, 'x')", mutates="", may_mutate="m"),
    case("importlib.reload(m)", mutates="m"),
    case("'google.colab' in str(get_ipython())", opaque=()),
    case("get_ipython().__class__.__name__", opaque=()),
    case("str(x)\nget_ipython().user_ns", opaque=("`get_ipython()`",)),
    case("get_ipython().run_cell('y = x')", reads="x", writes="y", opaque=()),
    case("pd.eval('a + b')", reads="a b pd"),
    case("smf.ols('y ~ scale(x)', data=df)", reads="df scale smf x y"),
    case("from a import *", stars=("a",)),
    case("locals()", opaque=("`locals()`",)),
    case("vars()", opaque=("`vars()`",)),
    case("vars(x)", opaque=(), reads="vars x"),
    case("dir()", opaque=("`dir()`",)),
    case("def f():\n    return globals()", opaque=()),
    case("def f():\n    return globals()\nf()", opaque=("`globals()`",)),
    case("get_ipython().user_ns['x']", opaque=("`get_ipython()`",)),
    case("time.time()", unrepeatable=("it reads the clock (`time.time`)",)),
    case("time.strftime('%Y', t)", unrepeatable=()),
    case(
        "np.random.default_rng()",
        unrepeatable=("it draws from the system's entropy (`np.random.default_rng`)",),
    ),
    case("np.random.default_rng(1)", unrepeatable=()),
    case("import duckdb\nduckdb.sql('from t')", unrepeatable=("it may read files unseen (`duckdb.sql`)",)),
    case("import netCDF4 as nc\nnc.Dataset('t')", unrepeatable=("it may read files unseen (`nc.Dataset`)",)),
    case("from rasterio import open as o\no('t')", unrepeatable=("it may read files unseen (`o`)",)),
    case("import sqlite3\nsqlite3.connect('t').execute('x')", unrepeatable=()),
    case("open('t').read()", unrepeatable=()),
    case("import torch\ntorch.load('t')", unrepeatable=()),
    case(
        "import psycopg2\npsycopg2.connect('t')",
        unrepeatable=("it connects to what may answer otherwise next time (`psycopg2.connect`)",),
    ),
    case("random.seed(None)", unrepeatable=("it draws from the system's entropy (`random.seed`)",)),
    case("def f(time):\n    return time.time()\nf(1)", unrepeatable=()),
]

HISTORY = [
    case("_", reads="", history="_"),
    case("Out[1], _3, _i, In", history="In Out _3 _i"),
    case("for _ in (1, 2):\n    _", history=""),
    case("_, x = y\n_", history=""),
    case("[_ for _ in x]", history=""),
    case("def f():\n    return _\nf()", history="_"),
]


@pytest.mark.parametrize(("source", "expected"), [*PLAIN, *FLOW, *SCOPES, *CALLS, *OPAQUE, *HISTORY])
def test_the_names_of_a_source(source: str, expected: dict[str, Any]) -> None:
    """Each construct has the names that Python gives it."""
    assert found(source, " ".join(expected)) == expected


@pytest.mark.skipif(sys.version_info < (3, 12), reason="PEP 695 came with Python 3.12")
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        case("def f[T](x: T) -> list[T]:\n    return y\nf(1)", reads="list y", writes="f"),
        case("def f[T: B](x: T): pass", reads="B", writes="f"),
        case("class C[T](B[T]):\n    a: T", reads="B", writes="C"),
        case("type A[T] = dict[T, U]", reads="U dict", writes="A"),
    ],
)
def test_type_parameters_are_local(source: str, expected: dict[str, Any]) -> None:
    """``T`` belongs to its definition."""
    assert found(source, " ".join(expected)) == expected


@pytest.mark.parametrize("source", ["\x00", "(" * 500 + ")" * 500, "x = 0b2", "return 1 +", "\ud800"])
def test_what_does_not_compile_has_no_names(source: str) -> None:
    """No error comes out of the analysis."""
    assert analyse(source) == Names(compiles=False)
