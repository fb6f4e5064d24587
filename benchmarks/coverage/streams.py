"""Twelve streams, drawn from once after a peer was asked; one process a group of them, printed as JSON.

``streams.py PEER GROUP SEED``. What a stream gives is a number, or lists of numbers by generator where several
processes draw: those have to be distinct.
"""

from __future__ import annotations

import json
import os
import random
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from peers import begin

if TYPE_CHECKING:
    from collections.abc import Callable

    from peers import Begun

__all__ = ["GROUPS", "STREAMS", "NotHere", "Stream"]

GROUPS = ("core", "libraries", "late")


class NotHere(Exception):
    """The stream cannot be drawn from on this machine."""


class NotGiven(Exception):
    """The peer has nothing to draw from."""


class Stream(NamedTuple):
    """One row of the table."""

    title: str
    group: str
    draw: Callable[[Begun], Any]
    among: str = ""
    """Who draws, where numbers have to be distinct."""


def _numpy(_begun: Begun) -> float:
    import numpy as np

    return float(np.random.rand())


def _unseeded(_begun: Begun) -> float:
    import numpy as np

    return float(np.random.default_rng().random())


def _torch(_begun: Begun) -> float:
    import torch

    return float(torch.rand(1).item())


def _cuda(_begun: Begun) -> float:
    import torch

    if not torch.cuda.is_available():
        raise NotHere("no GPU")
    return float(torch.rand(1, device="cuda").item())


class Held:
    """A data set with a generator of its own, as albumentations has it."""

    def __init__(self) -> None:
        import numpy as np

        self.rng = np.random.default_rng(0)

    def __len__(self) -> int:
        return 4

    def __getitem__(self, _index: int) -> float:
        return float(self.rng.random())


def _workers(begun: Begun) -> dict[str, list[float]]:
    from torch.utils.data import DataLoader

    loader = DataLoader(Held(), num_workers=2, worker_init_fn=begun.worker_init)
    return {"": [float(number) for _epoch in range(2) for number in loader]}


def _forked(_begun: Begun) -> dict[str, list[float]]:
    import numpy as np
    import torch

    found: dict[str, list[float]] = {"random": [], "NumPy": [], "torch": []}
    for _child in range(2):
        read, write = os.pipe()
        child = os.fork()
        if not child:
            drawn = [random.random(), float(np.random.rand()), float(torch.rand(1).item())]
            os.write(write, json.dumps(drawn).encode())
            os._exit(0)
        os.waitpid(child, 0)
        for name, number in zip(found, json.loads(os.read(read, 1000)), strict=True):
            found[name].append(number)
    return found


def _tensorflow(_begun: Begun) -> float:
    import tensorflow as tf

    return float(tf.random.uniform([1]).numpy()[0])


def _jax(begun: Begun) -> float:
    import jax

    if begun.key is None:
        raise NotGiven("makes no keys")
    return float(jax.random.uniform(begun.key()))


def _cupy(_begun: Begun) -> float:
    try:
        import cupy
    except ImportError:
        raise NotHere("no CuPy without a GPU") from None
    return float(cupy.random.rand())


def _numba(_begun: Begun) -> float:
    import numba
    import numpy as np

    @numba.njit
    def draw() -> float:
        return np.random.rand()

    return float(draw())


STREAMS = {
    "random": Stream("`random`", "core", lambda _begun: random.random()),
    "numpy": Stream("NumPy, global generator", "core", _numpy),
    "unseeded": Stream("NumPy, `default_rng()` without a seed", "core", _unseeded),
    "torch": Stream("torch, CPU", "core", _torch),
    "cuda": Stream("torch, CUDA", "core", _cuda),
    "workers": Stream(
        "a generator that a data set holds, 2 workers, 2 epochs", "core", _workers, "workers or epochs"
    ),
    "forked": Stream("two forked children", "core", _forked, "children"),
    "tensorflow": Stream("TensorFlow", "libraries", _tensorflow),
    "jax": Stream("JAX, a key that follows the seed", "libraries", _jax),
    "cupy": Stream("CuPy", "libraries", _cupy),
    "numba": Stream("numba, inside `@njit`", "libraries", _numba),
    "late": Stream("a library imported after the call (TensorFlow)", "late", _tensorflow),
}


def main(peer: str, group: str, seed: int) -> None:
    """Print what the streams of a group give after the peer was asked."""
    import numpy as np  # noqa: F401 - what a user has imported before the call
    import torch  # noqa: F401 - as above

    if group == "libraries":
        import numba  # noqa: F401 - as above
        import tensorflow as tf  # noqa: F401 - as above
    begun = begin(peer, seed)
    found: dict[str, Any] = {}
    for name, stream in STREAMS.items():
        if stream.group != group:
            continue
        try:
            found[name] = {"drawn": stream.draw(begun)}
        except NotHere as reason:
            found[name] = {"absent": str(reason)}
        except NotGiven as reason:
            found[name] = {"missing": str(reason)}
    print("\n" + json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
