"""Weights as rows, and one of them moved by its last bit: exact for every type, with no generator drawn from."""

from __future__ import annotations

import hashlib
import math
import random
import struct
from typing import Any

import numpy as np
import pytest
import torch

from jupyter_repro.errors import BadWord, GoldenRefused
from jupyter_repro.goldens.perturb import perturb
from jupyter_repro.goldens.weights import tensor_rows

_FLOATS = {"float16": np.int16, "float32": np.int32, "float64": np.int64}


def test_a_row_is_what_it_says() -> None:
    """Digest of the row-major bytes, shape, type, Euclidean norm; the same for torch and NumPy."""
    values = [3.0, 4.0, 0.0]
    (one,) = tensor_rows({"w": torch.tensor([values])})
    (two,) = tensor_rows({"w": np.array([values], dtype=np.float32)})
    assert one == two
    assert one.sha256 == hashlib.sha256(struct.pack("<3f", *values)).hexdigest()
    assert (one.shape, one.dtype, one.norm) == ((1, 3), "float32", 5.0)


@pytest.mark.parametrize(
    "tensor",
    [
        torch.arange(6.0).reshape(2, 3).t(),
        torch.ones(2, dtype=torch.bfloat16),
        torch.tensor(3),
        torch.tensor([True, False]),
        torch.ones(2, dtype=torch.complex64),
        torch.empty(0),
        torch.eye(3).to_sparse(),
        torch.ones(40_000),
    ],
    ids=["transposed", "bfloat16", "number", "bool", "complex", "empty", "sparse", "large"],
)
def test_every_kind_of_tensor(tensor: torch.Tensor) -> None:
    """Each has a row, the same for an equal tensor of another layout in memory."""
    assert tensor_rows({"w": tensor}) == tensor_rows({"w": tensor.clone()})
    if tensor.dim() == 2 and not tensor.is_sparse:
        assert tensor_rows({"w": tensor}) == tensor_rows({"w": tensor.contiguous()})


def test_names_of_what_is_nested() -> None:
    """A module, an optimizer's state, numbers; what has no numbers is refused by its name."""
    model = torch.nn.Sequential(torch.nn.Linear(1, 2), torch.nn.BatchNorm1d(2))
    names = [row.name for row in tensor_rows(model)]
    assert names == sorted(["0.weight", "0.bias", *(f"1.{key}" for key in model[1].state_dict())])
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    assert "param_groups.0.lr" in [row.name for row in tensor_rows(optimizer)]
    assert [row.name for row in tensor_rows([1, {"a": np.float32(2)}])] == ["0", "1.a"]
    with pytest.raises(BadWord, match=r"`a\.b` is of type `str`"):
        tensor_rows({"a": {"b": "text"}})
    with pytest.raises(BadWord, match="holds no numbers"):
        tensor_rows({"a": np.array([object()])})


@pytest.mark.parametrize("library", ["torch", "numpy"])
@pytest.mark.parametrize("dtype", sorted(_FLOATS))
def test_one_bit_of_one_weight(library: str, dtype: str) -> None:
    """Exactly one element moves, by one unit in the last place, to the place that is told."""
    values = np.linspace(-2, 3, 24).astype(dtype).reshape(2, 3, 4)
    weights: Any = {"w": torch.from_numpy(values.copy()) if library == "torch" else values.copy()}
    name, index = perturb(weights, seed="r/1")
    now = np.asarray(weights["w"])
    (changed,) = np.flatnonzero((now != values).ravel())
    assert (name, index) == ("w", changed)
    bits = _FLOATS[dtype]
    assert abs(int(now.ravel().view(bits)[index]) - int(values.ravel().view(bits)[index])) == 1


def test_bfloat16_and_what_is_not_contiguous() -> None:
    """The bits are those of the very parameter, whatever its type and layout."""
    for tensor in (torch.ones(3, 4, dtype=torch.bfloat16), torch.arange(1.0, 13.0).reshape(3, 4).t()):
        before = tensor.clone()
        perturb({"w": tensor}, seed="r/1")
        assert int((tensor != before).sum()) == 1


def test_each_run_another_weight() -> None:
    """By the number of the run alone, again and again the same; no stream moves on."""
    model = torch.nn.Linear(30, 30)
    states = random.getstate(), torch.get_rng_state(), np.random.get_state()[1].tolist()  # type: ignore[index]  # the legacy state is a tuple
    places = [perturb(model, seed=f"r/{number}") for number in range(5)]
    again = [perturb(model, seed=f"r/{number}") for number in range(5)]
    assert places == again
    assert len(set(places)) == 5
    assert states[0] == random.getstate()
    assert torch.equal(states[1], torch.get_rng_state())
    assert states[2] == np.random.get_state()[1].tolist()  # type: ignore[index]  # as above


def test_only_what_is_trained() -> None:
    """Frozen parameters, buffers and numbers that have no last bit are left alone."""
    model = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.Linear(2, 1, bias=False))
    model[0].requires_grad_(False)
    model[1].weight.data = torch.tensor([[0.0, 1.0]])
    assert [perturb(model, seed=f"r/{number}") for number in range(6)] == [("1.weight", 1)] * 6


@pytest.mark.parametrize(
    "weights",
    [
        {},
        {"a": torch.zeros(3)},
        {"a": torch.arange(3)},
        {"a": torch.tensor([math.nan, math.inf])},
        {"a": 1.0},
    ],
    ids=["none", "zeros", "whole", "not finite", "a float"],
)
def test_nothing_to_move(weights: Any) -> None:
    """That no weight could be moved is said: a calibration without it would find that all is exact."""
    with pytest.raises(GoldenRefused):
        perturb(weights, seed="r/1")
