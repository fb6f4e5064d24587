"""Seeders that are loaded with their library, each against the real one; CuPy alone against a stand-in."""

from __future__ import annotations

import importlib
import random
import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.rng.libs import RARE

if TYPE_CHECKING:
    from jupyter_repro.rng.libs import OnDemand

SEEDERS = {seeder.name: seeder for seeder in RARE}


def _seeder(name: str) -> OnDemand:
    pytest.importorskip(name, reason=f"{name} is not installed")
    return SEEDERS[name]


def test_names_lead_to_classes() -> None:
    """Every stand-in finds its class, without the library."""
    for seeder in RARE:
        home = importlib.import_module(f"jupyter_repro.rng.libs.{seeder.name}")
        assert isinstance(getattr(home, seeder._class), type)


@pytest.mark.parametrize(("name", "module"), [("scipy", "scipy.stats"), ("sklearn", "sklearn.utils")])
def test_through_numpy(name: str, module: str) -> None:
    """SciPy and scikit-learn draw from NumPy's generator, which is asked of them."""
    pytest.importorskip(module, reason=f"{name} is not installed")
    seeder = SEEDERS[name]
    assert seeder.loaded()
    seeder.seed(42)
    (row,) = seeder.settings(42)
    assert (row.effective, row.effect) == ("through numpy", "in force")
    assert row.verified_by == "its check_random_state(None) is NumPy's generator"
    assert (seeder.digests(), seeder.expected(42)) == ({}, {})
    seeder.restore(seeder.capture())


def test_numba() -> None:
    """Seeded as inside `@njit`, and given back in the middle of a Gaussian pair."""
    seeder = _seeder("numba")
    import numba
    import numpy as np

    draw = numba.njit(lambda: (np.random.rand(), random.random()))
    gauss = numba.njit(lambda: np.random.normal(0.0, 1.0))
    kept = seeder.capture()
    seeder.seed(42)
    assert seeder.settings(42)[0].effect == "in force"
    assert seeder.digests() == seeder.expected(42)
    first = draw()
    assert first[0] == 0.3745401188473625
    gauss()
    state, digests = seeder.capture(), seeder.digests()
    expected = [gauss() for _ in range(3)]
    seeder.seed(7)
    seeder.restore(state)
    assert seeder.digests() == digests
    assert [gauss() for _ in range(3)] == expected
    seeder.restore(kept)


def test_jax() -> None:
    """There is nothing to seed; the configuration is told, and how to get keys."""
    seeder = _seeder("jax")
    seeder.seed(42)
    (row,) = seeder.settings(42)
    assert row.effect == "not available"
    assert "default_prng_impl=threefry2x32" in row.effective
    assert "jupyter_repro.generator(" in row.note
    seeder.restore(seeder.capture())
    assert (seeder.digests(), seeder.expected(42)) == ({}, {})


def test_tensorflow() -> None:
    """The eager stream is `tf.random.set_seed`'s, and goes on where it was after restore."""
    seeder = _seeder("tensorflow")
    import tensorflow as tf

    def draw() -> list[float]:
        return [float(tf.random.uniform([1])[0]) for _ in range(3)]

    tf.random.set_seed(42)
    documented = draw()
    tf.random.get_global_generator().uniform([1])
    seeder.seed(42)
    assert seeder.settings(42)[0].effect == "in force"
    assert seeder.digests() == seeder.expected(42)
    assert draw() == documented
    state, digests = seeder.capture(), seeder.digests()
    expected = [*draw(), float(tf.random.get_global_generator().uniform([1])[0])]
    seeder.seed(7)
    seeder.restore(state)
    assert seeder.digests() == digests
    assert [*draw(), float(tf.random.get_global_generator().uniform([1])[0])] == expected
    seeder.seed(2**31)
    assert "modulo 2**31 - 1" in seeder.settings(2**31)[0].note


class _State:
    """What the stand-in for CuPy has in place of a cuRAND generator."""

    def __init__(self, seed: int) -> None:
        self.given = seed

    def rand(self) -> float:
        return 0.5


@pytest.fixture
def cupy(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A stand-in with CuPy's names: the hardware is absent, so this tests our calls and not CuPy."""
    module: Any = ModuleType("cupy")
    module.random = SimpleNamespace(RandomState=_State)
    module.cuda = SimpleNamespace(is_available=lambda: True, Device=lambda: SimpleNamespace(id=0))
    home: Any = ModuleType("cupy.random._generator")
    home._random_states = {}
    monkeypatch.setitem(sys.modules, "cupy", module)
    monkeypatch.setitem(sys.modules, "cupy.random._generator", home)
    return module


def test_cupy(cupy: Any) -> None:
    """The current device gets a new generator, and the user's own object back."""
    seeder = SEEDERS["cupy"]
    states = sys.modules["cupy.random._generator"]._random_states  # type: ignore[attr-defined] # the stand-in's
    users = states[0] = _State(5)
    kept, digests = seeder.capture(), seeder.digests()
    seeder.seed(2**32 + 7)
    assert (vars(states[0])["given"], states[0] is users) == (7, False)
    assert seeder.digests() == seeder.expected(2**32 + 7)
    seen = {seeder.digests()["cupy:0"] for _ in range(3) if states[0].rand()}
    assert len(seen) == 3
    seeder.seed(7)
    assert seeder.digests() == seeder.expected(7)
    row = seeder.settings(2**32 + 7)[0]
    assert (row.effective, row.verified_by) == (
        "7",
        "not verified: cuRAND cannot tell a generator's state",
    )
    seeder.restore(kept)
    assert states == {0: users}
    assert seeder.digests() == digests
    cupy.cuda.is_available = lambda: False
    seeder.seed(1)
    assert states == {0: users}
    assert seeder.settings(1)[0].effect == "not available"
