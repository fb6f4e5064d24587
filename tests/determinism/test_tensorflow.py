"""TensorFlow's deterministic mode, against the real one: `make libraries` installs it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

tf = pytest.importorskip("tensorflow", reason="tensorflow is not installed")

from jupyter_repro.determinism import Switches  # noqa: E402 - only where it is installed
from jupyter_repro.rng import Streams  # noqa: E402 - as above

if TYPE_CHECKING:
    from collections.abc import Iterator


def _enabled() -> bool:
    config: Any = sys.modules["tensorflow.python.framework.config"]
    return bool(config.is_op_determinism_enabled())


@pytest.fixture
def switches() -> Iterator[Switches]:
    """Switches that are given back, whatever the test does."""
    made = Switches()
    yield made
    made.end()
    assert not _enabled()


def _row(switches: Switches) -> tuple[str, str]:
    rows = {row.name: row for row in switches.settings()}
    found = rows["tensorflow.op_determinism"]
    return found.effective, found.effect


def test_strict_turns_it_on_and_off_gives_it_back(switches: Switches) -> None:
    """Read back from TensorFlow, not from what we asked for."""
    assert not _enabled()
    switches.begin("strict", {})
    assert _row(switches) == ("True", "in force")
    assert _enabled()
    switches.end()
    assert not _enabled()


def test_a_mode_that_was_on_stays_on() -> None:
    """`off` gives back what was found."""
    tf.config.experimental.enable_op_determinism()
    try:
        switches = Switches()
        switches.begin("strict", {})
        switches.end()
        assert _enabled()
    finally:
        sys.modules["tensorflow.python.framework.config"].disable_op_determinism()


def test_it_refuses_unseeded_draws_until_there_is_a_seed(switches: Switches) -> None:
    """TensorFlow's own word under this mode; `%repro seed=42 strict` satisfies it."""
    switches.begin("strict", {})
    context: Any = sys.modules["tensorflow.python.eager.context"]
    context.context()._clear_caches()
    tf.random.set_seed(None) if context.global_seed() is not None else None
    with pytest.raises(RuntimeError, match="seed"):
        tf.random.uniform([1])
    streams = Streams()
    streams.begin(42)
    try:
        first = float(tf.random.uniform([1])[0])
        streams.begin(42)
        assert float(tf.random.uniform([1])[0]) == first
    finally:
        streams.end()


def test_training_twice_gives_the_same_bits(switches: Switches) -> None:
    """A small Keras model, its weights drawn, shuffled and fitted under the seed."""
    switches.begin("strict", {})

    def weights() -> list[bytes]:
        streams = Streams()
        streams.begin(42)
        try:
            model = tf.keras.Sequential(
                [tf.keras.layers.Dense(8, activation="relu"), tf.keras.layers.Dense(1)]
            )
            model.compile(optimizer="adam", loss="mse")
            x = tf.random.normal([64, 4])
            model.fit(x, tf.reduce_sum(x, axis=1), epochs=2, verbose=0)
            return [each.tobytes() for each in model.get_weights()]
        finally:
            streams.end()

    assert weights() == weights()
