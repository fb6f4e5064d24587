"""Values as text that is equal if and only if the values are, whatever the process.

This is the oracle's own eye: it shares nothing with the digests of the product. It calls no user code.
"""

from __future__ import annotations

import collections
import datetime as dt
import decimal
import functools
import io
import os
import pathlib
import random
import sys
import types
import uuid
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["spelled"]

_PLAIN = (type(None), bool, int, float, complex, str, bytes, bytearray, range, slice, type(Ellipsis))
_BY_TEXT = (dt.date, dt.time, dt.timedelta, decimal.Decimal, pathlib.PurePath, uuid.UUID)
_LEFT_OUT = frozenset(
    ("__dict__", "__weakref__", "__module__", "__doc__", "__annotations__", "__firstlineno__",
     "__slotnames__", "__static_attributes__", "__qualname__", "__annotate_func__")
)  # fmt: skip


def spelled(value: Any) -> str:
    """Return a value as text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _Speller().spell(value)


class _Speller:
    """One value on its way to text; a part met again is told by its number."""

    def __init__(self) -> None:
        self.open: dict[int, int] = {}

    def spell(self, value: Any) -> str:
        kind = type(value)
        if kind in _PLAIN:
            return f"{kind.__name__}:{value!r}"
        if id(value) in self.open:
            return f"again {len(self.open) - self.open[id(value)]}"
        self.open[id(value)] = len(self.open)
        try:
            return f"{kind.__qualname__}({self._inside(value, kind)})"
        finally:
            del self.open[id(value)]

    def _inside(self, value: Any, kind: type) -> str:
        if issubclass(kind, type):
            return self._class(value)
        for base, way in _WAYS:
            if isinstance(value, base):
                return way(self, value) + self._attributes(value, kind)
        for library in (_numpy, _pandas):
            found = library(self, value)
            if found is not None:
                return found
        if hasattr(kind, "__next__") and kind.__module__ in ("builtins", "itertools"):
            return self._iterator(value)
        if kind.__module__ == "__main__" or isinstance(value, types.SimpleNamespace):
            return self._attributes(value, kind)
        return ""

    def many(self, parts: Any) -> str:
        return ", ".join(self.spell(part) for part in parts)

    def pairs(self, table: Any) -> str:
        return ", ".join(f"{self.spell(key)}: {self.spell(part)}" for key, part in table.items())

    def _attributes(self, value: Any, kind: type) -> str:
        own = getattr(value, "__dict__", None)
        user_made = kind.__module__ == "__main__" or kind in (types.FunctionType, types.SimpleNamespace)
        if not user_made or not isinstance(own, dict):
            return ""
        # an object with other methods is another value
        made_by = self.spell(kind) if kind.__module__ == "__main__" else ""
        return f" {made_by} with {self.pairs(own)}"

    def _class(self, value: type) -> str:
        if value.__module__ != "__main__":
            return f"{value.__module__}.{value.__qualname__}"
        members = {key: part for key, part in vars(value).items() if key not in _LEFT_OUT}
        return f"{value.__qualname__} of {self.many(value.__bases__)}: {self.pairs(members)}"

    def _iterator(self, value: Any) -> str:
        try:
            rest = value.__reduce__()
        except (TypeError, AttributeError):
            return ""
        return self.many(rest[1:])


def _function(speller: _Speller, value: types.FunctionType) -> str:
    cells = [_cell(speller, cell) for cell in value.__closure__ or ()]
    return (
        f"{value.__name__} {_code(speller, value.__code__)} {speller.spell(value.__defaults__)} "
        f"{speller.spell(value.__kwdefaults__)} {cells}"
    )


def _cell(speller: _Speller, cell: types.CellType) -> str:
    try:
        return speller.spell(cell.cell_contents)
    except ValueError:
        return "empty"


def _code(speller: _Speller, value: types.CodeType) -> str:
    # a docstring counts, the name of the file and the lines do not
    consts = speller.many(value.co_consts)
    return f"{value.co_code.hex()} {value.co_names} {value.co_varnames} {value.co_freevars} {consts}"


def _generator(speller: _Speller, value: types.GeneratorType) -> str:
    frame = value.gi_frame
    if frame is None:
        return f"{value.__name__} at its end"
    return f"{value.__name__} {frame.f_lasti} {speller.pairs(dict(frame.f_locals))}"


def _set(speller: _Speller, value: Any) -> str:
    return ", ".join(sorted(speller.spell(part) for part in value))


def _file(_: _Speller, value: io.IOBase) -> str:
    if isinstance(value, (io.StringIO, io.BytesIO)):
        return "closed" if value.closed else f"{value.getvalue()!r} {value.tell()}"
    where = "closed" if value.closed else os.lseek(value.fileno(), 0, os.SEEK_CUR)
    return f"{getattr(value, 'name', '')} {getattr(value, 'mode', '')} {where}"


def _cached(speller: _Speller, value: Any) -> str:
    return f"{speller.spell(value.__wrapped__)} {value.cache_info()}"


def _partial(speller: _Speller, value: functools.partial[Any]) -> str:
    return speller.many((value.func, value.args, value.keywords))


def _method(speller: _Speller, value: types.MethodType) -> str:
    return speller.many((value.__func__, value.__self__))


def _builtin(speller: _Speller, value: types.BuiltinFunctionType) -> str:
    owner = value.__self__
    return value.__name__ + (
        "" if owner is None or isinstance(owner, types.ModuleType) else f" of {speller.spell(owner)}"
    )


_CACHED = type(functools.lru_cache(lambda: None))

_WAYS: tuple[tuple[Any, Callable[[_Speller, Any], str]], ...] = (
    ((list, tuple, collections.deque), lambda s, v: s.many(v)),
    ((dict, types.MappingProxyType), lambda s, v: s.pairs(v)),
    ((set, frozenset), _set),
    (types.FunctionType, _function),
    (types.MethodType, _method),
    (types.BuiltinFunctionType, _builtin),
    (types.CodeType, _code),
    (types.GeneratorType, _generator),
    (types.ModuleType, lambda _, v: v.__name__),
    (_CACHED, _cached),
    (functools.partial, _partial),
    (property, lambda s, v: s.many((v.fget, v.fset, v.fdel))),
    ((staticmethod, classmethod), lambda s, v: s.spell(v.__func__)),
    (functools.cached_property, lambda s, v: s.spell(v.func)),
    (random.Random, lambda _, v: "system" if isinstance(v, random.SystemRandom) else repr(hash_of(v.getstate()))),
    (BaseException, lambda s, v: s.many(v.args)),
    (_BY_TEXT, lambda _, v: str(v)),
    (io.IOBase, _file),
)  # fmt: skip


def hash_of(state: object) -> str:
    """Return a short digest of a long state."""
    import hashlib

    return hashlib.blake2b(repr(state).encode(), digest_size=8).hexdigest()


def _numpy(speller: _Speller, value: Any) -> str | None:
    np = sys.modules.get("numpy")
    if np is None:
        return None
    if isinstance(value, np.ndarray):
        inside = speller.many(value.ravel().tolist()) if value.dtype.hasobject else value.tobytes().hex()
        return f"{value.dtype} {value.shape} {value.flags.writeable} {inside}"
    if isinstance(value, np.generic):
        return f"{value.dtype} {value!r}"
    generators = sys.modules.get("numpy.random")
    if generators is not None and isinstance(value, generators.Generator):
        return hash_of(value.bit_generator.state)
    if generators is not None and isinstance(value, generators.RandomState):
        return hash_of([str(part) for part in value.get_state(legacy=False).items()])
    return None


def _pandas(speller: _Speller, value: Any) -> str | None:
    pd = sys.modules.get("pandas")
    if pd is None:
        return None
    if isinstance(value, pd.DataFrame):
        columns = [speller.spell(value.iloc[:, at]) for at in range(value.shape[1])]
        return f"{speller.spell(value.columns)} {speller.spell(value.index)} {columns} {speller.spell(value.attrs)}"
    if isinstance(value, pd.Series):
        return f"{value.name!r} {value.dtype} {speller.many(value.tolist())} {speller.spell(value.index)}"
    if isinstance(value, pd.Index):
        return f"{value.name!r} {value.dtype} {speller.many(value.tolist())}"
    return None
