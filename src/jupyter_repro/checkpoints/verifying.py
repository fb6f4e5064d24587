"""Whether a checkpoint gives the same steps twice."""

from __future__ import annotations

import contextlib
import copy
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.errors import BadWord
from jupyter_repro.rng.kept import KeptStreams

from .history import history_of, take_history
from .loading import load
from .parts import put_back, state_of
from .plain import pack
from .saving import number_of
from .streams import capture_streams
from .tensors import digest_in_memory

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["Verified", "verify"]


class Verified(msgspec.Struct, frozen=True):
    """What two goes from one checkpoint gave."""

    same: bool
    steps: int
    losses: tuple[str, ...]
    """Of the first go, each as a hexadecimal float where it is a number."""
    difference: str = ""
    """The first one; empty: none."""

    def __bool__(self) -> bool:
        return self.same


class _Go(msgspec.Struct):
    losses: list[str]
    states: dict[str, str]


def verify(
    path: str | os.PathLike[str],
    step: Callable[..., Any],
    given: Mapping[str, Any],
    *,
    steps: int,
    digest: str = "",
) -> Verified:
    """Reload a checkpoint and take some steps, twice; compare every loss, every weight and every stream.

    Afterwards all that was given, and all streams, are as they were before.

    Args:
        path: Its folder.
        step: Takes one step and returns the loss; called with the batch if there is a loader.
        given: As for ``load``.
        steps: How many.
        digest: As for ``load``.

    Raises:
        BadCheckpoint: As for ``load``.
        BadWord: No step is to be taken, or none could be.
    """
    if steps < 1:
        raise BadWord(f"`steps={steps}` takes no step", remedy="write 1 or more")
    objects = {word: each for word, each in given.items() if each is not None}
    with _afterwards_as_before(objects):
        first, second = (_go(path, step, objects, steps=steps, digest=digest) for _ in range(2))
    if not first.losses and not second.losses:
        raise BadWord("the loader gave no batch, so no step was taken", remedy="hand over one that has some")
    return Verified(
        same=first == second,
        steps=len(first.losses),
        losses=tuple(first.losses),
        difference=_difference(first, second),
    )


def _go(
    path: str | os.PathLike[str],
    step: Callable[..., Any],
    objects: Mapping[str, Any],
    *,
    steps: int,
    digest: str,
) -> _Go:
    loaded = load(path, objects, digest=digest, waits=False)
    losses: list[str] = []
    loader = objects.get("loader")
    if loader is None:
        losses.extend(_spelled(step()) for _ in range(steps))
    else:
        first = True
        while len(losses) < steps:
            before = len(losses)
            for batch in loaded.resume(loader):
                losses.append(_spelled(step(batch)))
                if len(losses) == steps:
                    break
            if len(losses) == before and not first:
                break  # a loader without batches
            first = False
    return _Go(losses, dict(_digests(objects)))


def _digests(objects: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for word, each in objects.items():
        if word == "loader":
            continue
        packed = pack(state_of(each, word, plain=word == "extra"))
        for name, tensor in packed.tensors.items():
            yield f"the tensor `{name}` of the {word}", digest_in_memory(tensor)
        for number, array in enumerate(packed.arrays):
            yield f"array {number} of the {word}", array.tobytes().hex()
        yield f"the state of the {word}", repr(packed.tree)
    for name, state in capture_streams().digests.items():
        yield f"the stream `{name}`", state


def _difference(first: _Go, second: _Go) -> str:
    for number, (one, other) in enumerate(zip(first.losses, second.losses, strict=False), start=1):
        if one != other:
            return f"the loss of step {number} is {one} in the first go, {other} in the second"
    if len(first.losses) != len(second.losses):
        return f"{len(first.losses)} steps in the first go, {len(second.losses)} in the second"
    names = [*first.states, *(name for name in second.states if name not in first.states)]
    differs = [name for name in names if first.states.get(name) != second.states.get(name)]
    return f"after {len(first.losses)} steps {differs[0]} differs" if differs else ""


def _spelled(loss: Any) -> str:
    if loss is None:
        return "none"
    if isinstance(loss, (tuple, list)):
        return ", ".join(map(_spelled, loss))
    try:
        return number_of(loss).hex()
    except (TypeError, ValueError):
        return repr(loss)


@contextlib.contextmanager
def _afterwards_as_before(objects: Mapping[str, Any]) -> Iterator[None]:
    streams = KeptStreams()
    states = {
        word: copy.deepcopy(state_of(each, word, plain=word == "extra"))
        for word, each in objects.items()
        if word != "loader" or hasattr(each, "state_dict")
    }
    histories = {word: history_of(objects[word]) for word in ("optimizer", "scaler") if word in objects}
    try:
        yield
    finally:
        for word, state in states.items():
            put_back(objects[word], state, word)
        for word, plain in histories.items():
            take_history(objects[word], plain)
        streams.put_back()
