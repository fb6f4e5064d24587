"""torch values: content, type, gradient and state count; how memory lies does not. GPUs are not at hand here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from jupyter_repro.digest.values import Budget, value_digest

torch = pytest.importorskip("torch", reason="torch is optional")
nn = torch.nn


def digest(value: Any) -> str:
    budget = Budget()
    found = value_digest(value, budget=budget)
    assert found is not None, budget.why
    return found


def leaf(*, grad: bool = False) -> Any:
    found = torch.ones(3, requires_grad=True)
    if grad:
        found.sum().backward()
    return found


def marked(tensor: Any) -> Any:
    tensor.mark = 1
    return tensor


def drawn(generator: Any) -> Any:
    torch.rand(1, generator=generator)
    return generator


class Net(nn.Module):
    """A model of the user's."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.layer = nn.Linear(2, 2)
        self.norm = nn.BatchNorm1d(2)
        self.note = "a"

    def forward(self, x: Any) -> Any:
        """Return the output."""
        return self.norm(self.layer(x))


def trained(optimizer: str, steps: int) -> tuple[Any, Any]:
    net = Net()
    made = getattr(torch.optim, optimizer)(net.parameters(), lr=0.1)
    for _ in range(steps):
        net(torch.arange(8.0).reshape(4, 2)).square().sum().backward()
        made.step()
    return net, made


DIFFERENT = {
    "tensors": lambda: [
        torch.zeros(3), torch.zeros(4), torch.ones(3), torch.zeros(3, dtype=torch.float64), torch.zeros(3, dtype=torch.bfloat16),
        torch.ones(3, dtype=torch.bfloat16), torch.zeros(3, dtype=torch.int64), torch.zeros(3, 1), torch.zeros(0), torch.tensor(0.0),
        torch.zeros(3, requires_grad=True), leaf(), leaf(grad=True), leaf() * 2, leaf() + 1, nn.Parameter(torch.ones(3)),
        nn.Parameter(torch.ones(3), requires_grad=False), torch.tensor([True]), torch.tensor([1j]), torch.tensor([1j]).conj(),
        marked(torch.zeros(3)), torch.tensor([-0.0]), torch.tensor([0.0]), torch.zeros(3, dtype=torch.float8_e5m2), np.zeros(3, "f4"),
    ],
    "sparse": lambda: [
        torch.eye(3), torch.eye(3).to_sparse(), torch.eye(3).to_sparse_csr(), torch.eye(3).to_sparse_csc(), torch.eye(4).to_sparse(),
        (torch.eye(3) * 2).to_sparse(),
    ],
    "others": lambda: [
        torch.float32, torch.float64, torch.device("cpu"), torch.device("cuda", 1), torch.Size([1]), torch.Size([2]), torch.strided,
        torch.Generator().manual_seed(1), torch.Generator().manual_seed(2), drawn(torch.Generator().manual_seed(1)), torch.add,
        torch.relu, nn.functional.relu, nn.Linear,
    ],
    "modules": lambda: [
        Net(), Net().eval(), Net().double(), trained("SGD", 1)[0], nn.Sequential(Net()), nn.Linear(2, 2, bias=False), nn.ReLU(),
        nn.ReLU(inplace=True), nn.Dropout(0.1), nn.Dropout(0.2),
    ],
    "optimizers": lambda: [trained(name, steps)[1] for name in ("SGD", "Adam") for steps in (0, 1, 2)],
}  # fmt: skip


@pytest.mark.parametrize("group", DIFFERENT)
@pytest.mark.filterwarnings("ignore:Sparse")
def test_different_values_differ(group: str) -> None:
    """Each value has its own digest, and the same when it is made again."""

    def made() -> list[str]:
        torch.manual_seed(1)
        return list(map(digest, DIFFERENT[group]()))

    once = made()
    assert once == made()
    assert len(set(once)) == len(once), [at for at, found in enumerate(once) if once.count(found) > 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (torch.arange(6.0).reshape(2, 3).T, torch.arange(6.0).reshape(2, 3).T.contiguous()),
        (torch.arange(10)[::2], torch.tensor([0, 2, 4, 6, 8])),
        (torch.tensor([1j]).conj(), torch.tensor([complex(0, -1)])),
        (torch.zeros(1).expand(3), torch.zeros(3)),
    ],
)
def test_how_memory_lies_is_no_content(one: Any, other: Any) -> None:
    """Equal elements in equal shape have one digest."""
    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.add_(1),
        lambda x: x.data.fill_(3),
        lambda x: x.numpy().fill(4),
        lambda x: x.requires_grad_(),
        lambda x: x.resize_(2),
    ],
)
def test_any_change_shows_even_where_the_version_counter_stands(change: Any) -> None:
    """Writes through ``.data`` and through NumPy are seen."""
    tensor = torch.zeros(3)
    before = digest(tensor)
    change(tensor)
    assert digest(tensor) != before


@pytest.mark.parametrize(
    "change",
    [
        lambda net: net.layer.weight.data.fill_(0),
        lambda net: net.norm.running_mean.fill_(3),
        lambda net: net.eval(),
        lambda net: setattr(net, "note", "b"),
        lambda net: net.register_forward_hook(lambda *_: None),
        lambda net: net.layer.weight.requires_grad_(False),
        lambda net: net.layer.weight.register_hook(lambda grad: grad),
        lambda net: net.add_module("more", nn.ReLU()),
    ],
)
def test_any_change_of_a_module_shows(change: Any) -> None:
    """Parameters, buffers, modes, attributes and hooks count."""
    net = Net()
    before = digest(net)
    change(net)
    assert digest(net) != before


def test_a_digest_changes_nothing() -> None:
    """No RNG is drawn from, no counter moves, and no gradient is made."""
    net, optimizer = trained("Adam", 1)
    state, version = torch.get_rng_state(), net.layer.weight._version
    digest((net, optimizer))
    assert torch.equal(torch.get_rng_state(), state)
    assert net.layer.weight._version == version


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: torch.zeros(40_000_000), "too big"),
        (lambda: torch.zeros(3, device="meta"), "tensors on meta"),
        (lambda: torch.zeros(3).as_subclass(type("Own", (torch.Tensor,), {})), "tensors of type Own"),
    ],
)
def test_what_is_not_looked_inside_says_why(make: Any, why: str) -> None:
    """No digest comes with the reason in words."""
    budget = Budget()
    assert value_digest(make(), budget=budget) is None
    assert why in budget.why
