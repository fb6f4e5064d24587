"""Child seeds and generators by name: each part of a program has a stream of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from jupyter_repro.errors import BadWord, NoSeed

from .derive import derive
from .named import NAMED
from .rank import global_rank
from .seeds import check_seed

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Domain", "GeneratorKind", "child_seed", "generator", "named_seed"]

Domain = Literal["shared", "rank"]
"""``shared``: the same in every process of a distributed job; ``rank``: one of its own for each."""

GeneratorKind = Literal["numpy", "torch", "jax", "python"]


def child_seed(name: str, *, domain: Domain = "shared", seed: int | None = None) -> int:
    """Return the 32-bit seed that belongs to the name, always the same under one seed.

    Args:
        name: What the stream is for: ``split/train``, ``model/init``, ``augment``.
        domain: ``rank`` gives each process of a distributed job its own.
        seed: What to derive from; None takes the seed in force.

    Raises:
        BadWord: The name is empty or no text, or the domain or the seed is not one.
        NoSeed: No seed is in force and none is given.
    """
    return named_seed(name, domain=domain, seed=seed, bits=32)


def generator(
    name: str,
    *,
    kind: GeneratorKind = "numpy",
    domain: Domain = "shared",
    seed: int | None = None,
    device: str = "cpu",
) -> Any:
    """Return a new generator that belongs to the name; twice the same name gives the same numbers twice.

    Args:
        name: What the stream is for.
        kind: ``numpy`` makes an ``np.random.Generator``, ``torch`` a ``torch.Generator``, ``jax`` a typed
            key, ``python`` a ``random.Random``.
        domain: As for :func:`child_seed`.
        seed: As for :func:`child_seed`.
        device: Where a torch generator lives.

    Raises:
        BadWord: As for :func:`child_seed`, or the kind is not known.
        NoSeed: As for :func:`child_seed`.
    """
    make = _MAKERS.get(kind)
    if make is None:
        raise BadWord(f"no generator is of the kind `{kind}`", remedy=f"take one of {', '.join(_MAKERS)}")
    return make(named_seed(name, domain=domain, seed=seed), device)


def named_seed(name: str, *, domain: Domain = "shared", seed: int | None = None, bits: int = 128) -> int:
    """Return the seed that belongs to the name, with so many bits.

    Raises:
        BadWord: As for :func:`child_seed`.
        NoSeed: As for :func:`child_seed`.
    """
    if not isinstance(name, str) or not name:
        raise BadWord("a stream needs a name", remedy='write, for example, `child_seed("split/train")`')
    root = NAMED.take_root() if seed is None else check_seed(seed)
    if root is None:
        raise NoSeed(
            f"no seed is in force, so `{name}` has none",
            remedy="write `%repro seed=42` or `jupyter_repro.seed(42)` first, or give `seed=`",
        )
    if domain == "shared":
        return derive(root, "name", name, bits=bits)
    if domain == "rank":
        return derive(root, "name", name, "rank", global_rank().rank, bits=bits)
    raise BadWord(f"`{domain}` is no domain", remedy="take `shared` or `rank`")


def _numpy(seed: int, _device: str) -> Any:
    import numpy as np

    return np.random.default_rng(seed)


def _torch(seed: int, device: str) -> Any:
    import torch

    return torch.Generator(device=device).manual_seed(seed % 2**64)


def _jax(seed: int, _device: str) -> Any:
    import jax

    # 32 bits: without jax_enable_x64 a key takes no more
    return jax.random.key(seed % 2**32)


def _python(seed: int, _device: str) -> Any:
    import random

    return random.Random(seed)  # noqa: S311 - for simulations, no secret


_MAKERS: dict[str, Callable[[int, str], Any]] = {
    "numpy": _numpy,
    "torch": _torch,
    "jax": _jax,
    "python": _python,
}
