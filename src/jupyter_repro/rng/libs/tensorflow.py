"""TensorFlow's global seed, and the generator that numbers the operations without a seed of their own."""

from __future__ import annotations

import random
import sys
from typing import Any

from jupyter_repro.records import Setting
from jupyter_repro.rng.protocol import RngState
from jupyter_repro.rng.verify import digest_of

__all__ = ["TensorflowSeeder"]

_SEED_LIMIT = 2**31 - 1
"""TensorFlow itself takes seeds modulo this."""


class TensorflowSeeder:
    """TensorFlow's eager stream, seeded as ``tf.random.set_seed(42)`` does.

    An operation with a seed of its own, and a ``tf.function``, keep a counter inside TensorFlow, which begins
    anew whenever the global seed is set and cannot be read.
    """

    name = "tensorflow"
    modules: tuple[str, ...] = ("tensorflow",)

    def loaded(self) -> bool:
        """Whether TensorFlow has been imported: this is asked of its stand-in."""
        return "tensorflow" in sys.modules

    def seed(self, value: int) -> None:
        """Call ``tf.random.set_seed`` with the seed modulo 2**31 - 1, as TensorFlow itself takes it."""
        sys.modules["tensorflow"].random.set_seed(value % _SEED_LIMIT)

    def capture(self) -> RngState:
        """Return the global seed, the stream of operation seeds, and the global generator's state."""
        context = _context()
        stream = getattr(context, "_rng", None)
        return RngState(
            streams={
                self.name: (context._seed, None if stream is None else stream.getstate()),  # noqa: SLF001 - as below
                "tensorflow.generator": _generator_state(),
            }
        )

    def restore(self, state: RngState) -> None:
        """Put the seed and both streams back; counters inside TensorFlow begin anew."""
        context = _context()
        seed, stream = state.streams[self.name]
        # set_seed clears the cached operations too, whose counters belong to the other seed
        sys.modules["tensorflow"].random.set_seed(0 if seed is None else seed)
        context._seed = seed  # noqa: SLF001 - TensorFlow has no public way to read or give back its stream
        if stream is not None:
            context._rng = random.Random()  # noqa: S311, SLF001 - no secret, and as above
            context._rng.setstate(stream)  # noqa: SLF001 - as above
        _restore_generator(state.streams["tensorflow.generator"])

    def digests(self) -> dict[str, str]:
        """Return the digest of the seed, the stream of operation seeds, and the global generator."""
        context = _context()
        stream = getattr(context, "_rng", None)
        return {self.name: _digest(context._seed, stream, _generator_state())}  # noqa: SLF001 - as above

    def expected(self, value: int) -> dict[str, str]:
        """Return the digest with the seed and a new stream of operation seeds."""
        reduced = value % _SEED_LIMIT
        twin = random.Random(reduced)  # noqa: S311 - a seeded twin, no secret
        return {self.name: _digest(reduced, twin, _generator_state())}

    def settings(self, value: int) -> tuple[Setting, ...]:
        """Say whether the eager context has the seed, and what cannot be read."""
        reduced = value % _SEED_LIMIT
        seeded = self.digests() == self.expected(value)
        return (
            Setting(
                name="seed.tensorflow",
                requested=str(value),
                effective=str(reduced) if seeded else "",
                effect="in force" if seeded else "not in force",
                verified_by="its eager context has the seed and a new stream of operation seeds"
                if seeded
                else "its eager context does not have the seed",
                note="counters of `tf.function`s and of operations with seeds of their own cannot be read;"
                " `%repro off` starts them anew"
                + ("" if reduced == value else "; TensorFlow takes the seed modulo 2**31 - 1")
                if seeded
                else "its seed function was replaced; restart the kernel",
            ),
        )


def _context() -> Any:
    return sys.modules["tensorflow.python.eager.context"].context()


def _global_generator() -> Any:
    """Return the generator behind ``tf.random.get_global_generator()`` if the user has one; make none."""
    home: Any = sys.modules.get("tensorflow.python.ops.stateful_random_ops")
    return getattr(home, "global_generator", None)


def _generator_state() -> tuple[Any, bytes] | None:
    found = _global_generator()
    return None if found is None else (found, found.state.numpy().tobytes())


def _restore_generator(kept: tuple[Any, bytes] | None) -> None:
    home: Any = sys.modules.get("tensorflow.python.ops.stateful_random_ops")
    if home is None:
        return
    home.global_generator = None if kept is None else kept[0]
    if kept is not None:
        state = kept[0].state
        numpy = sys.modules["numpy"]
        state.assign(numpy.frombuffer(kept[1], dtype=state.dtype.as_numpy_dtype).reshape(state.shape))


def _digest(seed: int | None, stream: Any, generator: tuple[Any, bytes] | None) -> str:
    inner = b"" if stream is None else repr(stream.getstate()).encode()
    return digest_of((repr(seed).encode(), inner, b"" if generator is None else generator[1]))
