"""Finds generators that draw the same numbers where several streams were meant."""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING, Any

from jupyter_repro.records.streams import Twins

from .held import generators_in, kind_of
from .verify import digest_of
from .workers import WORKERS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

__all__ = ["find_twins"]

_DEPTH, _MOST = 4, 2_000
_SKIPPED = (types.ModuleType, types.FunctionType, type)


def find_twins(namespace: Mapping[str, object]) -> tuple[Twins, ...]:
    """Return the generators of a namespace that share a stream, with each other or with a global one.

    Looked at are the values, what they hold a few steps down, and DataLoaders with workers. Nothing is
    drawn, and nothing of the user's is called.
    """
    found: dict[int, tuple[str, Any]] = {id(made): (name, made) for name, made in _globals()}
    copied: list[Twins] = []
    for name, value in namespace.items():
        if issubclass(type(value), _SKIPPED):
            continue
        loads = _is_loader(value)
        holder: Any = value
        dataset = f"{name}.dataset"
        held = (
            generators_in(holder.dataset, depth=_DEPTH, most=_MOST)
            if loads
            else generators_in(value, depth=_DEPTH, most=_MOST)
        )
        for each in held:
            found.setdefault(id(each.generator), (f"{dataset if loads else name}{each.path}", each.generator))
        if loads and held and _copies(holder):
            where = tuple(f"{dataset}{each.path}" for each in held)
            copied.append(Twins(holders=where, kind="copied to workers"))
    return (*_grouped(found), *copied)


def _globals() -> Iterator[tuple[str, Any]]:
    import random

    yield "Python's global generator", getattr(random.random, "__self__", None)
    numpy: Any = sys.modules.get("numpy.random")
    if numpy is not None:
        yield "NumPy's global generator", numpy.mtrand._rand  # noqa: SLF001 - NumPy has no public way to name it
    torch: Any = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "default_generator"):
        yield "torch's global generator", torch.default_generator


def _grouped(found: Mapping[int, tuple[str, Any]]) -> Iterator[Twins]:
    """Yield equal states first; generators that are among them already are not told again by their origin."""
    states: dict[Hashable, list[str]] = {}
    origins: dict[Hashable, list[str]] = {}
    for name, made in found.values():
        if kind_of(made):
            states.setdefault(_state(made), []).append(name)
            origin = _origin(made)
            if origin is not None:
                origins.setdefault(origin, []).append(name)
    told: set[str] = set()
    for names in states.values():
        if len(names) > 1:
            told.update(names)
            yield Twins(holders=tuple(names), kind="equal state")
    for names in origins.values():
        if len(names) > 1 and not told.issuperset(names):
            yield Twins(holders=tuple(names), kind="same origin")


def _state(made: Any) -> Hashable:
    kind = kind_of(made)
    if kind == "python":
        return kind, made.getstate()
    if kind == "torch":
        return kind, str(made.device), bytes(made.get_state().tolist())
    state = made.bit_generator.state if kind == "numpy" else made.get_state(legacy=False)
    # whoever draws through either interface, it is one stream of one bit generator
    inner = state["state"]
    return (
        "numpy",
        state["bit_generator"],
        digest_of(name.encode() + _bytes(inner[name]) for name in sorted(inner)),
    )


def _bytes(value: Any) -> bytes:
    return value.tobytes() if hasattr(value, "tobytes") else repr(value).encode()


def _origin(made: Any) -> Hashable | None:
    """Return where the stream of a generator began, if that can be told from it."""
    kind = kind_of(made)
    if kind == "torch":
        return kind, str(made.device), made.initial_seed()
    if kind != "numpy":
        return None
    sequence = getattr(made.bit_generator, "seed_seq", None)
    entropy = getattr(sequence, "entropy", None)
    if not isinstance(entropy, int):
        return None
    return kind, type(made.bit_generator).__name__, entropy, tuple(getattr(sequence, "spawn_key", ()))


def _is_loader(value: object) -> bool:
    kind: Any = getattr(sys.modules.get("torch.utils.data"), "DataLoader", None)
    return isinstance(kind, type) and issubclass(type(value), kind)


def _copies(loader: Any) -> bool:
    """Whether each worker of a DataLoader draws from a copy of the same generators."""
    if WORKERS.on or not loader.num_workers or loader.worker_init_fn is not None:
        return False
    return not hasattr(loader, "held_generators")
