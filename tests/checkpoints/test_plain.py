"""States become JSON, tensors and arrays, and come back as they were."""

from __future__ import annotations

import json
from collections import Counter, OrderedDict, defaultdict, deque
from typing import Any

import numpy as np
import pytest

from jupyter_repro.checkpoints.plain import Unpacked, pack, unpack
from jupyter_repro.errors import BadCheckpoint

torch = pytest.importorskip("torch", reason="no torch here")


def _round(value: Any) -> Any:
    packed = pack(value)
    tree = json.loads(json.dumps(packed.tree, allow_nan=False))
    return unpack(tree, Unpacked(packed.tensors, packed.arrays.__getitem__))


VALUES: dict[str, Any] = {
    "atoms": [None, True, 1, -0.0, 0.1, "é$", 2**127, 3 + 4j, b"\0\xff"],
    "no numbers": [float("inf"), float("-inf")],
    "shapes": {"a": (1, (2, [3])), "$": 1, 5: {6}, (1, 2): frozenset({"x"})},
    "counter": Counter({30: 1, 60: 2}),
    "kinds": [OrderedDict(b=1, a=2), defaultdict(list, {1: [2]}), defaultdict(None, {1: 2})],
    "deque": deque([1, 2], maxlen=3),
    "numpy": [np.float64(0.1), np.int32(7), np.bool_(True), np.float32("inf")],
    "torch": [torch.float16, torch.device("cpu"), torch.Size([2, 3])],
}


@pytest.mark.parametrize("name", VALUES)
def test_a_value_comes_back(name: str) -> None:
    """Types, keys that are no texts, order and every bit of a number stay."""
    found = _round(VALUES[name])
    assert repr(found) == repr(VALUES[name])
    assert found == VALUES[name]


def test_nan_and_arrays_come_back() -> None:
    """Arrays keep dtype, shape and bits."""
    array = np.array([[np.nan, -0.0, 1.5]], dtype=np.float32)
    nan, found = _round((float("nan"), array))
    assert nan != nan  # noqa: PLR0124 - what NaN is
    assert found.dtype == array.dtype
    assert found.tobytes() == array.tobytes()


def test_tensors_keep_their_names_and_share() -> None:
    """One tensor under two names is held once; a view is held by itself; the version of modules stays."""
    base = torch.arange(6.0)
    state = OrderedDict(weight=base, tied=base, part=base[2:4], none=torch.empty(0))
    state._metadata = {"": {"version": 2}}  # type: ignore[attr-defined] # as torch does
    packed = pack(state)
    assert sorted(packed.tensors) == ["none", "part", "weight"]
    assert packed.tensors["part"].untyped_storage().nbytes() == 8
    found = _round(state)
    assert torch.equal(found["tied"], base)
    assert found._metadata == {"": {"version": 2}}


def test_names_that_meet_are_told_apart() -> None:
    """Two tensors whose paths spell the same are both there."""
    one, two = torch.ones(1), torch.zeros(1)
    found = _round({"a.b": one, "a": {"b": two}})
    assert found["a.b"].item() == 1
    assert found["a"]["b"].item() == 0


class _Own(dict[str, int]):
    pass


def _holds_itself() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


BAD: dict[str, tuple[Any, str]] = {
    "function": ({"a": [len]}, r"`a\.0` is a builtins\.builtin_function_or_method"),
    "object": ({"hook": object()}, "`hook` is a builtins.object"),
    "class of one's own": (_Own(a=1), "it is no plain dict"),
    "factory": ({"d": defaultdict(lambda: 1)}, "`d` is a collections.defaultdict"),
    "objects in an array": (np.array([object()]), "numpy.ndarray"),
    "itself": (_holds_itself(), "holds itself"),
    "sparse": ({"w": torch.eye(2).to_sparse()}, "`w` is sparse"),
    "meta": ({"w": torch.empty(2, device="meta")}, "`w` has no numbers"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_data_is_refused(name: str) -> None:
    """The message names the place and the class."""
    value, says = BAD[name]
    with pytest.raises(BadCheckpoint, match=says):
        pack(value)


def test_an_unknown_kind_is_refused() -> None:
    """A part of a newer version is not taken for a dict."""
    with pytest.raises(BadCheckpoint, match="of the kind `lambda`"):
        unpack({"$": "lambda"}, Unpacked({}, [].__getitem__))
