"""Value digests: equal content is equal, any change shows, no code of the user's runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.digest.values import Budget, value_digest

PRELUDE = textwrap.dedent("""
    import abc, argparse, array, collections, dataclasses, datetime, decimal, enum, fractions, functools, io
    import itertools, operator, pathlib, random, re, struct, types, typing, uuid, weakref, zoneinfo

    class Plain:
        def __init__(self, **held):
            self.__dict__.update(held)

        def double(self):
            return 2

    class Slotted:
        __slots__ = ("a", "b")

        def __init__(self, a):
            self.a = a

    class Below(Slotted):
        __slots__ = ("c", "__dict__", "__weakref__")

    class Stack(list):
        depth = 0

    class Text(str):
        pass

    class Whole(int):
        pass

    class Table(dict):
        pass

    class Pair(typing.NamedTuple):
        x: object
        y: object = None

    Point = collections.namedtuple("Point", "x y")

    class Colour(enum.Enum):
        RED = 1
        BLUE = 2

    class Right(enum.Flag):
        READ = 1
        WRITE = 2

    @dataclasses.dataclass
    class Data:
        x: object
        y: list = dataclasses.field(default_factory=list)

    @dataclasses.dataclass(frozen=True, slots=True)
    class Frozen:
        x: object

    class Base(abc.ABC):
        @abc.abstractmethod
        def area(self): ...

    class Square(Base):
        def __init__(self, side):
            self.side = side

        def area(self):
            return self.side**2

    class Failed(ValueError):
        pass

    def with_note(error, note):
        error.note = note
        return error

    def make(n):
        def made(x, m=n):
            return x + n + m
        return made

    def closing(held):
        return lambda: held

    def called(function, *arguments):
        for argument in arguments:
            function(argument)
        return function

    def cyclic(value):
        whole = [value]
        whole.append(whole)
        return whole

    def moved(file, at):
        file.seek(at)
        return file

    def drawn(generator, times):
        for _ in range(times):
            generator.random()
        return generator

    def to_front(ordered, key):
        ordered.move_to_end(key, last=False)
        return ordered

    def advanced(counter):
        next(counter)
        return counter
""")

DIFFERENT = {
    "atoms": ["None", "1", "True", "1.0", "'1'", "b'1'", "1j", "0", "False", "0.0", "-0.0", "''", "b''", "bytearray()",
              "float('nan')", "float('inf')", "...", "NotImplemented", "2**200", "-2**200", "2**200 + 1", "complex(0, -0.0)",
              "'a' * 5000", "'a' * 4999 + 'b'", "b'a' * 5000", "bytearray(b'a' * 5000)", "chr(0xD800)"],
    "containers": ["[]", "()", "{}", "set()", "frozenset()", "[1]", "[True]", "[1.0]", "['1']", "(1,)", "{1}", "{True}",
                   "{1: None}", "[[1], 2]", "[1, [2]]", "[[1, 2]]", "[[], []]", "[[[]]]", "{1: {2: 3}}", "{1: {2: 4}}",
                   "[-0.0]", "[0.0]", "{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}", "{(1, 2)}", "{(1, 3)}", "{1, 'a'}",
                   "[None]", "[...]", "range(3)", "range(4)", "slice(1, 2)", "slice(1, 3)", "slice(1, 2, 1)",
                   "frozenset({1, 2})", "{1, 2}", "[{1}, {2}]", "[{2}, {1}]", "list(range(1000))",
                   "[*range(999), 999.0]", "[*range(999), [999]]"],
    "cycles": ["cyclic(1)", "cyclic(2)", "[cyclic(1)]", "[1, [1]]"],
    "collections": ["collections.OrderedDict(a=1, b=2)", "collections.OrderedDict(b=2, a=1)",
                    "to_front(collections.OrderedDict(a=1, b=3), 'b')", "to_front(collections.OrderedDict(a=1, b=3), 'a')",
                    "collections.Counter('aab')", "collections.Counter('abb')", "collections.defaultdict(list, a=[1])",
                    "collections.defaultdict(set, a=[1])", "collections.deque([1])", "collections.deque([1], 2)",
                    "collections.ChainMap({1: 2})", "collections.ChainMap({1: 3})", "collections.UserDict({1: 2})",
                    "types.SimpleNamespace(a=1)", "types.SimpleNamespace(a=2)", "types.MappingProxyType({1: 2})",
                    "types.MappingProxyType({1: 3})", "{1: 2}"],
    "objects": ["Plain()", "Plain(a=1)", "Plain(a=2)", "Plain(b=1)", "Plain(a=1, b=2)", "Plain(a=Plain())", "Slotted(1)",
                "Slotted(2)", "Below(1)", "Plain", "Slotted", "Square(1)", "Square(2)", "Square", "Base", "Plain(a=1).double"],
    "subclasses": ["Stack([1])", "Stack([2])", "[1]", "Text('a')", "Text('b')", "'a'", "Whole(1)", "Whole(2)", "1",
                   "Table(a=1)", "Table(a=2)", "with_note(Stack([1]), 1)", "with_note(Stack([1]), 2)", "Pair(1)", "Pair(2)",
                   "Pair(1, [1])", "Pair(1, [2])", "Point(1, 2)", "Point(2, 1)", "(1, 2)", "Point"],
    "enums": ["Colour.RED", "Colour.BLUE", "Right.READ", "Right.READ | Right.WRITE", "Colour", "Right", "1"],
    "data classes": ["Data(1)", "Data(2)", "Data(1, [1])", "Frozen(1)", "Frozen(2)", "Data", "Frozen",
                     "dataclasses.make_dataclass('Made', [('x', int, dataclasses.field(metadata={1: 1}))])",
                     "dataclasses.make_dataclass('Made', [('x', int, dataclasses.field(metadata={1: 2}))])"],
    "exceptions": ["ValueError()", "ValueError(1)", "TypeError(1)", "Failed(1)", "Failed(2)", "with_note(Failed(1), 1)",
                   "OSError(2, 'gone', 'a')", "OSError(2, 'gone', 'b')", "KeyError('a')", "StopIteration(1)",
                   "UnicodeDecodeError('utf-8', b'a', 0, 1, 'bad')", "ImportError('x', name='a')", "ImportError('x', name='b')"],
    "functions": ["lambda: 1", "lambda: 2", "lambda: 1.0", "lambda x: x", "lambda y: y", "lambda x=1: x", "lambda x=2: x",
                  "lambda *, x=1: x", "lambda *, x=2: x", "make(3)", "make(4)", "closing(1)", "closing([1])", "closing([2])",
                  "len", "print", "str.upper", "'a'.upper", "'b'.upper", "object.__init__", "dict.fromkeys", "list.append",
                  "[1].append", "[2].append", "functools.partial(len, [1])", "functools.partial(len, [2])",
                  "functools.reduce", "random.sample", "random.choice", "operator.itemgetter(1)", "operator.itemgetter(2)",
                  "operator.attrgetter('a')", "operator.attrgetter('b')", "operator.methodcaller('a')", "with_note(make(3), 1)"],
    "functions of a library": ["operator.attrgetter('a.b')", "re.compile", "re.escape",
                               "functools.wraps(print)(lambda: 1)",
                               "typing.no_type_check(make(1))", "collections.namedtuple('A', 'b')._make",
                               "collections.namedtuple('A', 'c')._make", "functools.singledispatch(make(1))",
                               "functools.singledispatch(make(2))", "functools.partialmethod(make(1))"],
    "caches": ["functools.lru_cache(make(1))", "functools.lru_cache(make(2))", "functools.lru_cache(maxsize=1)(make(1))",
               "called(functools.lru_cache(make(1)), 1)", "called(functools.lru_cache(make(1)), 2)",
               "called(functools.lru_cache(make(1)), 1, 2)", "called(functools.lru_cache(maxsize=None)(make(1)), 1)",
               "called(functools.lru_cache(maxsize=None)(make(1)), 2)", "called(functools.lru_cache(make(1)), 1, 1)"],
    "moments": ["datetime.date(2020, 1, 1)", "datetime.datetime(2020, 1, 1)", "datetime.datetime(2020, 1, 1, fold=1)",
                "datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)", "datetime.time(1)", "datetime.time(1, fold=1)",
                "datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))",
                "datetime.datetime(2020, 1, 1, tzinfo=zoneinfo.ZoneInfo('UTC'))", "datetime.timedelta(1)",
                "datetime.timedelta(2)", "datetime.timezone.utc"],
    "standard": ["decimal.Decimal('1.0')", "decimal.Decimal('1.00')", "fractions.Fraction(1, 2)", "uuid.UUID(int=1)",
                 "pathlib.PurePosixPath('a')", "pathlib.PurePosixPath('b')", "re.compile('a')", "re.compile('a', re.I)",
                 "re.compile(b'a')", "re.match('a', 'ab')", "re.match('a', 'ac')", "random.Random(1)", "random.Random(2)",
                 "drawn(random.Random(1), 1)", "io.StringIO('a')", "io.BytesIO(b'a')", "moved(io.StringIO('a'), 1)",
                 "array.array('i', [1])", "array.array('l', [1])", "array.array('i', [2])", "memoryview(b'a')", "memoryview(b'b')",
                 "memoryview(bytearray(b'a'))", "memoryview(b'abcd')[::2]", "memoryview(b'abcd')[1::2]",
                 "itertools.count(1)", "itertools.count(2)", "itertools.count(1, 2)", "advanced(itertools.count(0, 2))",
                 "struct.Struct('i')", "struct.Struct('l')", "weakref.ref(int)", "weakref.ref(str)",
                 "argparse.Namespace(a=1)", "argparse.Namespace(a=2)"],
    "types": ["int", "list[int]", "list[str]", "dict[str, int]", "int | str", "int | None", "typing.Optional[str]",
              "typing.List[int]", "typing.Any", "typing.TypeVar('T')", "typing.TypeVar('U')", "type", "object", "typing.Callable"],
    "modules": ["re", "operator", "functools"],
}  # fmt: skip
"""Groups of sources of values whose digests all differ."""

SAME = [
    ("float('nan')", "float('nan')"),
    ("{1: 2, 'a': [3]}", "dict([(1, 2), ('a', [3])])"),
    ("{'a', 'b', 'c', 'd'}", "{'d', 'c', 'b', 'a'}"),
    ("{('a', 1), ('b', 2), ('c', 3)}", "{('c', 3), ('b', 2), ('a', 1)}"),
    ("{1, 2.5, 'a', None}", "{None, 'a', 2.5, 1}"),
    ("['ab', 'ab']", "[''.join(['a', 'b']), 'ab']"),
    ("cyclic(1)", "cyclic(1)"),
    ("Plain(a=[1])", "Plain(a=[1])"),
    ("make(3)", "make(3)"),
    ("called(functools.lru_cache(make(1)), 1)", "called(functools.lru_cache(make(1)), 1)"),
    ("Failed('a')", "Failed('a')"),
    ("memoryview(b'abcd')[::2]", "memoryview(b'axcx')[::2]"),
    ("random.Random(1)", "random.Random(1)"),
]

OPAQUE = {
    "(x for x in ())": "an iterator",
    "zip(x for x in ())": "an iterator",
    "itertools.cycle([1])": "an iterator",
    "[itertools.chain([1])]": "an iterator",
    "open('/dev/null')": "an open file",
    "__import__('threading').Lock()": "a lock",
    "__import__('threading').RLock()": "a lock",
    "__import__('threading').Thread()": "a thread",
    "__import__('queue').Queue()": "a lock",
    "__import__('socket').socket()": "a socket",
    "__import__('sqlite3').connect(':memory:')": "a database connection",
    "random.SystemRandom()": "a generator that draws from the system's entropy",
    "object()": "a bare object",
    "Plain(held=object())": "a bare object",
    "weakref.proxy(Plain)": "a weak",
    "[1] * 6000 + [[]]": "too many parts",
    "'a' * 2_000_000": "too big",
    "{1: 'a' * 2_000_000}": "too big",
    "b'a' * 80_000_000": "too big",
    "list(range(1_000_000))": "too big",
    "[[i] for i in range(6000)]": "too many parts",
    "{i: [] for i in range(6000)}": "too many parts",
}


def evaluated(*sources: str) -> list[Any]:
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(PRELUDE, "<prelude>", "exec", dont_inherit=True), names)
    return [eval(compile(source, "<value>", "eval", dont_inherit=True), names) for source in sources]


def digests(sources: list[str]) -> dict[str, str]:
    return dict(zip(sources, map(digest, evaluated(*sources)), strict=True))


def digest(value: Any, budget: Budget | None = None) -> str:
    budget = Budget(items=50_000) if budget is None else budget
    found = value_digest(value, budget=budget)
    assert found is not None, budget.why
    return found


ELSEWHERE = textwrap.dedent("""
    import json, sys
    from jupyter_repro.digest.values import Budget, value_digest

    prelude, sources = json.load(sys.stdin)
    names = {"__name__": "__main__"}
    exec(compile(prelude, "<prelude>", "exec", dont_inherit=True), names)
    found = {}
    for source in sources:
        value = eval(compile(source, "<value>", "eval", dont_inherit=True), names)
        found[source] = value_digest(value, budget=Budget(items=50_000))
    json.dump(found, sys.stdout)
""")


@pytest.mark.parametrize("group", DIFFERENT)
def test_different_values_differ_and_equal_ones_do_not(group: str) -> None:
    """Each value has its own digest, and the same when it is made again."""
    sources = DIFFERENT[group]
    once = digests(sources)
    assert once == digests(sources)
    assert len(set(once.values())) == len(sources), _doubles(once)


def _doubles(digests: dict[str, str]) -> list[str]:
    return [source for source, found in digests.items() if list(digests.values()).count(found) > 1]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_equal_content_is_equal(one: str, other: str) -> None:
    """What differs only in how it was made has one digest."""
    assert len(set(map(digest, evaluated(one, other)))) == 1


@pytest.mark.parametrize("seed", ["0", "12345"])
def test_another_process_finds_the_same(seed: str) -> None:
    """Digests hold across processes and hash seeds."""
    sources = sorted({source for group in DIFFERENT.values() for source in group})
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        input=json.dumps([PRELUDE, sources]),
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert digests(sources) == json.loads(done.stdout)


@pytest.mark.parametrize("source", OPAQUE)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_cannot_be_told_has_a_reason(source: str) -> None:
    """No digest comes with the reason in words."""
    budget = Budget()
    assert value_digest(evaluated(source)[0], budget=budget) is None
    assert OPAQUE[source] in budget.why


ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=20)
    | st.binary(max_size=20)
)
KEYS = st.integers() | st.text(max_size=5) | st.none()
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.frozensets(KEYS, max_size=4)
    ),
    max_leaves=12,
)


def exactly(value: Any) -> Any:
    """Return a form in which two values are equal only if their content is the same, type by type."""
    if type(value) in (list, tuple):
        return type(value), tuple(map(exactly, value))
    if type(value) is dict:
        return dict, tuple((exactly(key), exactly(held)) for key, held in value.items())
    if type(value) is frozenset:
        return frozenset, frozenset(map(exactly, value))
    return type(value), repr(value)


@given(VALUES, VALUES)
def test_digests_are_equal_just_where_content_is(one: Any, other: Any) -> None:
    """Two values have one digest if and only if their content is the same, type by type."""
    assert (exactly(one) == exactly(other)) == (digest(one) == digest(other))


@given(VALUES)
def test_a_copy_has_the_same_digest(value: Any) -> None:
    """A copy made through bytes shares no object, and has the same digest."""
    import pickle

    assert digest(value) == digest(pickle.loads(pickle.dumps(value)))


@given(VALUES, st.data())
def test_any_change_shows(value: Any, data: st.DataObject) -> None:
    """An item put into a container, or another one in its place, gives another digest."""
    whole = [value, [value], {"a": value}]
    before = digest(whole)
    other = data.draw(VALUES.filter(lambda each: exactly(each) != exactly(value)))
    at = data.draw(st.integers(0, 2))
    if at == 0:
        whole[0] = other
    elif at == 1:
        whole[1].append(other)
    else:
        whole[2]["a"] = other
    assert digest(whole) != before


def test_where_exceptions_are_caught_is_a_part_of_the_code() -> None:
    """Code that differs only in the table of its ``try`` blocks differs."""

    def tries(x: Any) -> Any:
        try:
            return x()
        except ValueError:
            return None

    code = tries.__code__
    if not hasattr(code, "co_exceptiontable"):
        pytest.skip("before Python 3.11 the blocks are in the bytecode")
    assert digest(code) != digest(code.replace(co_exceptiontable=b""))


def test_an_object_of_a_class_defined_anew_since_is_another() -> None:
    """The names tell whether the class of an object is still the one of that name."""
    old, new = (type("Thing", (), {"__module__": "__main__"}) for _ in range(2))
    budget = Budget()
    now = value_digest(new(), budget=budget, namespace={"Thing": new})
    assert now == value_digest(old(), budget=budget, namespace={"Thing": old})
    assert now != value_digest(old(), budget=budget, namespace={"Thing": new})


def test_many_objects_of_a_class_read_it_once() -> None:
    """The class of a thousand objects is one part of the list."""
    kind: Any = type(
        "Many", (), {"__module__": "__main__", **{f"m{i}": lambda self: self for i in range(100)}}
    )
    whole = [kind() for _ in range(1000)]
    budget = Budget()
    assert value_digest(whole, budget=budget)
    assert budget.items > 0


def test_the_generators_behind_functions_are_resources_of_their_own() -> None:
    """``random.choice`` is the same function after a draw."""
    import random

    choice = random.choice
    before = digest(choice)
    random.random()
    assert digest(choice) == before
    assert digest(random.Random(1).choice) != before
