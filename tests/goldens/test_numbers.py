"""What a step logs: exact, of every type that a training loop has, and nothing by mistake."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from jupyter_repro.errors import BadWord
from jupyter_repro.goldens.numbers import Logged


class _Device(torch.Tensor):
    """Stands for a tensor on a GPU, which is not here: what is tested is when its number is fetched."""

    fetched = 0

    @property
    def device(self) -> torch.device:  # type: ignore[override]  # a property in torch as well
        return torch.device("cuda")

    def item(self) -> Any:
        raise AssertionError("waits for the device")

    def tolist(self) -> Any:
        _Device.fetched += 1
        return super().tolist()


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (0.1, "float"),
        (3, "int"),
        (True, "int"),
        (torch.tensor(0.1, requires_grad=True), "float32"),
        (torch.tensor([[0.1]], dtype=torch.float64), "float64"),
        (torch.tensor(0.1, dtype=torch.bfloat16), "bfloat16"),
        (np.float32(0.1), "float32"),
        (np.array([3]), "int64"),
        (np.float64(0.1), "float64"),
    ],
    ids=["float", "int", "bool", "grad", "one element", "bfloat16", "np.float32", "array", "np.float64"],
)
def test_numbers(value: Any, dtype: str) -> None:
    """Each is taken exactly, and its type is kept."""
    logged = Logged()
    logged.log(0, loss=value)
    (step,) = logged.steps()
    assert step.values["loss"] == (value.item() if hasattr(value, "item") else value)
    assert type(step.values["loss"]) is float
    assert logged.dtypes == {"loss": dtype}


@pytest.mark.parametrize(
    "value",
    [None, "1", [1.0], torch.ones(2), torch.ones(1, dtype=torch.complex64), np.ones(2), np.array("a"), 1j],
    ids=["none", "text", "list", "two", "complex", "array", "text array", "imaginary"],
)
def test_no_number(value: Any) -> None:
    """What is no single number is named, where it is logged."""
    with pytest.raises(BadWord, match="`loss` is"):
        Logged().log(0, loss=value)


@pytest.mark.parametrize(
    "value",
    [torch.ones(2), torch.ones(1, dtype=torch.complex64), torch.zeros(0), "1"],
    ids=["two", "complex", "none", "text"],
)
def test_no_number_after_numbers(value: Any) -> None:
    """What is no single number is named as well where that name has been one, and the step is not taken."""
    logged = Logged()
    logged.log(0, loss=torch.tensor(1.0))
    with pytest.raises(BadWord, match="`loss` is"):
        logged.log(1, lr=0.1, loss=value)
    assert [step.step for step in logged.steps()] == [0]


def test_types_change() -> None:
    """A number of another type than the first is taken exactly, too; the type that is told is the first."""
    logged = Logged()
    given = (torch.tensor(0.5), torch.tensor(3), 2, torch.tensor(0.1, dtype=torch.float64), np.float32(0.1))
    for step, value in enumerate(given):
        logged.log(step, loss=value)
    numbers = [step.values["loss"] for step in logged.steps()]
    assert numbers == [0.5, 3.0, 2.0, 0.1, float(np.float32(0.1))]
    assert {type(number) for number in numbers} == {float}
    assert logged.dtypes == {"loss": "float32"}


def test_none_after_the_end() -> None:
    """A `log` that was kept from an open block is refused later: what is recorded is not added to."""
    logged = Logged()
    logged.log(0, loss=1.0)
    logged.close()
    with pytest.raises(BadWord, match="is over"):
        logged.log(1, loss=1.0)
    assert len(logged.steps()) == 1


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([3, 2], "step 2 is logged after step 3"),
        ([1, 1], "`loss` of step 1 is logged twice"),
        ([-1], "step -1 is negative"),
        (["0"], "is no whole number"),
        ([0.0], "is no whole number"),
    ],
)
def test_steps_grow(steps: list[Any], words: str) -> None:
    """A step that comes back would overwrite what was logged: it is refused."""
    logged = Logged()
    for step in steps[:-1]:
        logged.log(step, loss=1.0)
    with pytest.raises(BadWord, match=words):
        logged.log(steps[-1], loss=1.0)


def test_a_second_call_adds() -> None:
    """Other names of the same step join it; whole numbers of NumPy are steps as well."""
    logged = Logged()
    logged.log(4, loss=1.0)
    logged.log(np.int64(4), lr=0.1)
    logged.log(7, loss=2.0)
    assert [(step.step, step.values) for step in logged.steps()] == [
        (4, {"loss": 1.0, "lr": 0.1}),
        (7, {"loss": 2.0}),
    ]


def test_a_device_is_waited_for_seldom() -> None:
    """Hundreds of tensors on a device cost one fetch, and hold what they held when they were logged."""
    _Device.fetched = 0
    loss = torch.zeros(()).as_subclass(_Device)
    logged = Logged()
    for step in range(600):
        logged.log(step, loss=loss)
        loss += 1
    assert _Device.fetched == 2
    assert [step.values["loss"] for step in logged.steps()] == list(range(600))
    assert _Device.fetched == 3


def test_a_device_and_a_second_call() -> None:
    """A row that was joined by another is fetched into the row that stays."""
    logged = Logged()
    logged.log(0, loss=1.0)
    logged.log(0, aux=torch.tensor(2.0).as_subclass(_Device))
    assert logged.steps()[0].values == {"loss": 1.0, "aux": 2.0}
