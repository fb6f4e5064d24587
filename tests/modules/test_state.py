"""The state of a module: definitions by their code, other globals by their content."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.digest.values import Budget
from jupyter_repro.modules.state import ModuleState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

SOURCE = '''
from __future__ import annotations
import abc, collections, dataclasses, enum, functools, logging, math, re, threading, typing
from pathlib import Path

RATE = 0.1
TABLE = {"a": [1, 2]}
log = logging.getLogger(__name__)
_lock = threading.Lock()
WORD = re.compile("[a-z]+")
T = typing.TypeVar("T")
Pairs = list[tuple[int, int]]
root = math.sqrt

def plain(x, y=1, *, z=(1, 2)):
    """A function."""
    return x + y + RATE

def counted(x, seen=[]):
    seen.append(x)
    return seen

def closed(n):
    def inner(x):
        return x * n
    return inner

double = closed(2)

@functools.lru_cache
def cached(x):
    return x

@functools.wraps(plain)
def wrapped(*args):
    return plain(*args)

class Color(enum.Enum):
    RED = 1

class Base(abc.ABC):
    @abc.abstractmethod
    def f(self): ...

class Model(Base):
    rate = 0.5
    names = ["a"]
    def f(self):
        return self.rate
    @property
    def g(self):
        return 1
    @staticmethod
    def h():
        return 2
    @classmethod
    def i(cls):
        return 3

@dataclasses.dataclass
class Config:
    lr: float = 0.1

class Point(typing.NamedTuple):
    x: int = 0

class Simple:
    total = 0
    def __init__(self):
        self.seen = []
    def f(self):
        return self.total

simple = Simple()

class Left: ...
class Right:
    left = Left
Left.right = Right
'''


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[[str], ModuleType]]:
    """A factory of modules from their source."""
    names: list[str] = []

    def make(source: str, name: str = "repro_state") -> ModuleType:
        file = tmp_path / f"{name}.py"
        file.write_text(source)
        spec = importlib.util.spec_from_file_location(name, file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        names.append(name)
        exec(compile(source, str(file), "exec"), module.__dict__)
        return module

    yield make
    for name in names:
        sys.modules.pop(name, None)


def digest(state: ModuleState) -> str:
    """Return the digest of a state that is known."""
    found, why = state.digest(namespace={}, budget=Budget(bytes=4_000_000, items=50_000))
    assert found is not None, why
    return found


def test_a_module_of_many_kinds_has_a_digest(made: Callable[[str], ModuleType]) -> None:
    """What modules commonly hold is told, the same after the module has been made anew."""
    first, second = ModuleState(made(SOURCE)), ModuleState(made(SOURCE))
    assert digest(first) == digest(first) == digest(second)


CHANGES = [
    "m.RATE = 0.2",
    "m.TABLE['a'].append(3)",
    "m.new = 1",
    "del m.root",
    "m.WORD = __import__('re').compile('[a-z]*')",
    "m.plain = lambda x: x",
    "m.plain.__code__ = (lambda x, y=1, *, z=(1, 2): 0).__code__",
    "m.plain.__defaults__ = (2,)",
    "m.plain.__kwdefaults__ = {'z': 5}",
    "m.plain.note = 1",
    "m.counted(1)",
    "m.double = m.closed(3)",
    "m.Model.rate = 0.6",
    "m.Model.names.append('b')",
    "m.Model.f = lambda self: 1",
    "m.Model.h = staticmethod(lambda: 3)",
    "m.Config.lr = 5",
    "m.Simple.total = 1",
    "m.Simple.f.__code__ = (lambda self: 5).__code__",
    "m.simple.seen.append(1)",
    "m.simple.other = 1",
    "m.simple = m.Simple",
    "m.Left.note = 1",
    "m.Right.left = m.Right",
]


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_state_is_seen(change: str, made: Callable[[str], ModuleType]) -> None:
    """Assignments from outside, changes in place, patched functions and class attributes count."""
    module = made(SOURCE)
    state = ModuleState(module)
    before = digest(state)
    exec(change, {"m": module})
    assert digest(state) != before
    assert digest(ModuleState(module)) == digest(state), "what is kept is what would be found"


@pytest.mark.parametrize("act", ["m.cached(1)", "m.plain(1)", "m.log.setLevel(10)", "m._lock.acquire()"])
def test_using_a_module_is_no_change(act: str, made: Callable[[str], ModuleType]) -> None:
    """A cache that gives the same results, a lock and a logger hold nothing that a result follows from."""
    module = made(SOURCE)
    state = ModuleState(module)
    before = digest(state)
    exec(act, {"m": module})
    assert digest(state) == before


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("x = (i for i in ())", "x"),
        ("class Meta(type): ...\nclass A(metaclass=Meta): ...", "Meta"),
        ("big = 'x' * 10_000_000", "big"),
    ],
)
def test_what_cannot_be_looked_inside_has_a_reason(
    source: str, reason: str, made: Callable[[str], ModuleType]
) -> None:
    """The state is unknown, and which global makes it so is said."""
    found, why = ModuleState(made(source)).digest(namespace={}, budget=Budget())
    assert found is None
    assert reason in why
    assert "repro_state." in why


def test_methods_of_the_user_never_run(made: Callable[[str], ModuleType]) -> None:
    """No ``__eq__``, ``__hash__``, ``__repr__``, ``__getattr__`` or property runs."""
    module = made(
        "def no(*args): raise AssertionError(args)\n"
        "class Mine:\n"
        "    __eq__ = __hash__ = __repr__ = __getattr__ = __reduce__ = __getstate__ = __len__ = no\n"
        "    __class__ = property(no)\n"
        "one = Mine()\n"
    )
    state = ModuleState(module)
    assert digest(state) == digest(state)
