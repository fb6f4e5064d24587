"""Digests of tensors: every bit counts, wherever and however it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from jupyter_repro.determinism.trace.content import Contents

if TYPE_CHECKING:
    from collections.abc import Callable

_CONTENTS = Contents()
_X = torch.arange(1.0, 13.0).reshape(3, 4)
_LOOKS: dict[str, Callable[[torch.Tensor], int | None]] = {
    "host": lambda tensor: _CONTENTS.digest(tensor)[0],
    # the sum that runs on a device runs on the CPU too
    "device": lambda tensor: _CONTENTS._on_device(torch, tensor.contiguous()),
}


@pytest.mark.parametrize("where", _LOOKS)
@pytest.mark.parametrize(
    "other",
    [
        -_X,
        _X.flip(0),
        _X.t().reshape(3, 4),
        _X * torch.tensor([1.0, -1.0, -1.0, 1.0]),
        _X.nextafter(torch.tensor(99.0)),
        _X[:, [1, 0, 2, 3]],
        torch.zeros(3, 4),
        torch.ones(3, 4),
    ],
    ids=[
        "signs",
        "rows",
        "reshaped",
        "even number of signs",
        "one ulp",
        "two columns swapped",
        "zeros",
        "ones",
    ],
)
def test_what_differs_is_seen(where: str, other: torch.Tensor) -> None:
    """Signs, order and the last bit count; constant tensors are told apart."""
    look = _LOOKS[where]
    assert look(_X) != look(other)
    assert look(_X) == look(_X.clone())


def test_small_changes_that_cancel_out_are_seen() -> None:
    """On a device the sum is not blind to changes of two numbers in opposite directions."""
    bits = torch.arange(1000, dtype=torch.int32)
    look = _LOOKS["device"]
    for step in (1, 2, 3, 8, 256):
        moved = bits.clone()
        moved[10] += step
        moved[11] -= step
        assert look(bits) != look(moved)


@pytest.mark.parametrize(
    "tensor",
    [
        _X.to(torch.bfloat16),
        _X.to(torch.float16),
        _X > 3,
        _X.to(torch.uint8)[0, :3],
        torch.view_as_complex(torch.arange(8.0).reshape(4, 2)),
        torch.empty(0, 3),
        torch.tensor(2.5),
    ],
    ids=["bfloat16", "float16", "bool", "three bytes", "complex", "empty", "scalar"],
)
def test_every_type_has_a_digest(tensor: torch.Tensor) -> None:
    """Types that NumPy does not have too, and sizes that are no multiple of four bytes."""
    for look in _LOOKS.values():
        assert look(tensor) == look(tensor.clone())


def test_layout_does_not_count() -> None:
    """Equal numbers are equal whatever their strides, also behind a conjugate or negative view."""
    image = torch.arange(48.0).reshape(1, 3, 4, 4)
    look = _LOOKS["host"]
    assert look(image) == look(image.to(memory_format=torch.channels_last))
    numbers = torch.view_as_complex(torch.arange(8.0).reshape(4, 2))
    assert look(numbers.conj()) == look(numbers.conj().resolve_conj())
    assert look(numbers.conj()) != look(numbers)


@pytest.mark.parametrize(
    ("tensor", "why"),
    [
        (torch.eye(3).to_sparse(), "a sparse tensor"),
        (torch.ones(2, device="meta"), "a tensor without content"),
    ],
)
def test_what_cannot_be_looked_at_is_named(tensor: torch.Tensor, why: str) -> None:
    """No digest without a reason."""
    assert _CONTENTS.digest(tensor) == (None, why)


def test_no_generator_moves() -> None:
    """Digesting draws nothing."""
    before = torch.get_rng_state()
    for look in _LOOKS.values():
        look(torch.ones(3_000_000))
    assert torch.equal(before, torch.get_rng_state())
