"""Functions, closures, classes, caches and iterators."""

from __future__ import annotations

from truth.family import Family

__all__ = ["CACHES", "CLASSES", "CLOSURES", "FUNCTIONS", "ITERATORS"]

FUNCTIONS = Family(
    name="functions",
    kinds={"function": ("f", "g"), "changer": ("h",)},
    first={"function": "def {new}(z):\n    return z * {small}", "changer": "def {new}(z, acc=[]):\n    acc.append(z)\n    return list(acc)"},
    makes={
        "function": (
            "def {new}(z):\n    return {int} + {small}", "def {new}(z):\n    return z * {small}", "{new} = lambda z: z + {int}",
            "def {new}(z):\n    return {function}(z) + 1", "def {new}(z):\n    {list}.append({small})\n    return z",
            "def {new}(z):\n    global a\n    a = z\n    return z", "def {new}(z, b={int}):\n    return z - b",
            "def {new}(z, *rest, k={int}, **more):\n    return z + k + len(rest)", "def {new}(z):\n    {dict}['k'] = z\n    return len({dict})",
            "{new} = {function}", "import functools\n{new} = functools.partial(max, {int})", "def {new}(z):\n    return sum(i for i in {list} if isinstance(i, int)) + z",
            "def {new}(z):\n    if {int} > {small}:\n        return {int}\n    return z", "def {new}(z):\n    try:\n        return {int} // z\n    except ZeroDivisionError:\n        return {small}",
        ),
        "changer": ("def {new}(z, acc=[]):\n    acc.append(z)\n    return list(acc)", "def {new}(z, acc={list}):\n    acc.append(z)\n    return list(acc)"),
        "int": ("{new} = {function}({small})", "{new} = {function}({int})", "{new} = max({function}(i) for i in ({small}, 2))", "{new} = (lambda q: q + {int})({small})"),
        "list": ("{new} = {changer}({small})", "{new} = list(map({function}, [{small}, {int}]))", "{new} = [{function}(i) for i in range(3)]", "{new} = sorted([3, 1, 2], key={function})"),
    },
    changes=("{function}({int})", "{changer}({int})", "{function}.calls = {int}", "{changer}.__defaults__[0].append({small})", "{function}.__defaults__ = ({int},)", "list(map({function}, [{small}]))"),
    shows=("{function}({small})", "{changer}({small})", "list(map({function}, [{small}]))", "getattr({function}, 'calls', None)", "{function}.__name__", "{function}"),
)  # fmt: skip

CLOSURES = Family(
    name="closures",
    kinds={"closure": ("k", "tick"), "decorator": ("deco",)},
    first={
        "closure": "def make(m={int}):\n    def inner():\n        nonlocal m\n        m += 1\n        return m\n    return inner\n{new} = make()",
        "decorator": "def {new}(fn):\n    def around(*args):\n        return fn(*args) + {int}\n    return around",
    },
    makes={
        "closure": (
            "def make(m={int}):\n    def inner():\n        nonlocal m\n        m += 1\n        return m\n    return inner\n{new} = make()",
            "def make(keep={list}):\n    def inner():\n        keep.append(len(keep))\n        return len(keep)\n    return inner\n{new} = make()",
            "def make(step):\n    return lambda: {int} + step\n{new} = make({small})", "{new} = {closure}", "{new} = [lambda: i + {int} for i in range(3)][{small} % 3]",
        ),
        "decorator": (
            "def {new}(fn):\n    def around(*args):\n        return fn(*args) + {int}\n    return around",
            "log = []\ndef {new}(fn):\n    def around(*args):\n        log.append(args)\n        return fn(*args) + len(log)\n    return around",
            "def {new}(fn):\n    {list}.append({small})\n    return fn",
        ),
        "function": ("@{decorator}\ndef {new}(z):\n    return z + {small}", "{new} = {decorator}({function})"),
        "int": ("{new} = {closure}()", "{new} = {closure}() + {closure}()"),
    },
    changes=("{closure}()", "[{closure}() for _ in range({small})]", "if {int} > {small}:\n    {closure}()"),
    shows=("{closure}()", "{function}({small})", "({closure}(), {int})"),
)  # fmt: skip

_CLASS = (
    "class {new}:\n    count = 0\n    def __init__(self, value):\n        self.value = value\n        self.items = []\n"
    "    def grow(self):\n        self.value += {small}\n        return self.value\n"
    "    def read(self):\n        return self.value + {int}\n"
    "    def add(self):\n        type(self).count += 1\n        self.items.append(type(self).count)\n        return len(self.items)\n"
    "    def __repr__(self):\n        return f'<{{sorted(vars(self).items())}}>'"
)

CLASSES = Family(
    name="classes",
    kinds={"class": ("C", "D"), "object": ("o", "p")},
    first={"class": _CLASS, "object": "{new} = {class}({int})"},
    makes={
        "class": (
            _CLASS,
            "class {new}({class}):\n    def read(self):\n        return super().read() * {small}",
            "class {new}({class}):\n    count = {int}\n    @property\n    def double(self):\n        return self.value * 2",
        ),
        "object": ("{new} = {class}({int})", "{new} = {object}", "{new} = {class}({small})", "import copy\n{new} = copy.copy({object})", "import copy\n{new} = copy.deepcopy({object})"),
        "int": ("{new} = {object}.value", "{new} = {object}.grow()", "{new} = {object}.read()", "{new} = {class}.count"),
        "list": ("{new} = {object}.items", "{new} = [{object}, {object}]", "{new} = [{class}(i).value for i in range(2)]"),
    },
    changes=(
        "{object}.value = {int}", "{object}.items = {list}", "{object}.grow()", "{object}.add()", "{object}.items.append({small})", "{class}.count = {int}",
        "{object}.extra = {small}", "setattr({object}, 'value', {small})", "vars({object})['value'] = {int}", "{object}.__class__ = {class}",
        "{class}.read = lambda self: {int}", "for each in [{object}]:\n    each.value += 1", "{object}.__dict__.update(value={small})", "del {object}.items[:]",
    ),
    shows=(
        "{object}", "{object}.read()", "isinstance({object}, {class})", "{class}.count", "type({object}).__name__", "{object}.value", "{object}.add()",
        "({object}.value, {object}.items)", "getattr({object}, 'extra', None)", "type({object}) is {class}",
    ),
)  # fmt: skip

CACHES = Family(
    name="caches",
    kinds={"cached": ("slow",), "memo": ("memo",)},
    first={"memo": "{new} = {{}}", "cached": "import functools\n@functools.lru_cache(maxsize=None)\ndef {new}(z):\n    return z + {int}"},
    makes={
        "cached": (
            "import functools\n@functools.lru_cache(maxsize=None)\ndef {new}(z):\n    return z + {int}",
            "import functools\n@functools.cache\ndef {new}(z):\n    {list}.append(z)\n    return len({list})",
            "def {new}(z):\n    if z not in {memo}:\n        {memo}[z] = z + {int}\n    return {memo}[z]",
        ),
        "memo": ("{new} = {{}}", "{new} = {{{small}: {int}}}"),
        "int": ("{new} = {cached}({small})", "{new} = {memo}.setdefault({small}, {int})", "{new} = {cached}({small}) + {cached}({int})"),
        "object": ("import functools\nclass Lazy:\n    @functools.cached_property\n    def value(self):\n        return {int}\n    items = []\n    def read(self):\n        return self.value\n{new} = Lazy()",),
    },
    changes=("{cached}({small})", "getattr({cached}, 'cache_clear', {memo}.clear)()", "{memo}.clear()", "{memo}[{small}] = {int}"),
    shows=("{cached}({small})", "{memo}", "getattr({cached}, 'cache_info', {memo}.copy)()", "{memo}.get({small})"),
)  # fmt: skip

ITERATORS = Family(
    name="iterators",
    kinds={"iterator": ("it", "jt")},
    first={"iterator": "{new} = iter({list})"},
    makes={
        "iterator": (
            "{new} = iter({list})", "{new} = (i for i in {list})", "{new} = {iterator}", "{new} = map(str, {list})", "{new} = enumerate({list})",
            "def walk():\n    for i in range(9):\n        yield i + {int}\n{new} = walk()", "import itertools\n{new} = itertools.count({int})", "{new} = zip({list}, range(9))",
            "import itertools\n{new} = itertools.cycle([{small}, {small}])", "{new} = iter({dict})", "{new} = reversed({list})", "{new} = filter(None, {list})",
        ),
        "int": ("{new} = len(str(next({iterator}, -1)))",),
        "list": ("{new} = [q for q, _ in zip({iterator}, range(2))]", "import itertools\n{new} = list(itertools.islice({iterator}, 2))"),
    },
    changes=("next({iterator}, None)", "for q in {iterator}:\n    break", "held = next({iterator}, None)", "for q, _ in zip({iterator}, range({small})):\n    pass"),
    shows=("next({iterator}, None)", "sum(1 for _ in zip({iterator}, range(5)))", "[q for q, _ in zip({iterator}, range(3))]"),
)  # fmt: skip
