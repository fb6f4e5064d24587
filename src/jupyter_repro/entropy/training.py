"""Modules whose dropout and batch norm are at work while a cell evaluates."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.records import TrainingUse

from .evaluating import evaluations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .evaluating import Evaluation

__all__ = ["training_in"]

_MOST_LAYERS = 100_000


def training_in(source: str, namespace: Mapping[str, Any]) -> tuple[TrainingUse, ...]:
    """Return the randomness of training that a cell let work while it evaluated or sampled.

    Args:
        source: The cell's source, as it ran.
        namespace: The user's names as the cell leaves them. No code of the user's runs.
    """
    return tuple(dict.fromkeys(use for each in evaluations(source) for use in _uses(each, namespace)))


def _uses(seen: Evaluation, namespace: Mapping[str, Any]) -> Iterator[TrainingUse]:
    if seen.kind == "gumbel":
        yield TrainingUse(kind="Gumbel noise", what=seen.what, line=seen.line)
    elif seen.kind == "dropout":
        yield TrainingUse(kind="Monte Carlo dropout", what=seen.what, line=seen.line)
    elif seen.mode in ("", "train") and not seen.unsure:
        yield from _of_module(seen, namespace)


def _of_module(seen: Evaluation, namespace: Mapping[str, Any]) -> Iterator[TrainingUse]:
    module = _found(seen.what, namespace)
    if module is None:
        return
    # a mode that the cell gave above the line and took back below it holds for all layers
    given = seen.mode == "train"
    layers = list(_layers(module))
    drops = sum(_drops(each, given=given) for each in layers)
    norms = sum(_normalises(each, given=given) for each in layers)
    in_training = given or bool(_own(module).get("training"))
    if drops:
        yield TrainingUse(
            kind="dropout" if in_training else "Monte Carlo dropout",
            what=seen.what,
            line=seen.line,
            layers=drops,
        )
    if norms:
        yield TrainingUse(kind="batch norm", what=seen.what, line=seen.line, layers=norms)


def _found(full: str, namespace: Mapping[str, Any]) -> Any:
    """Return the torch module of this name, through plain attributes and submodules only."""
    first, *rest = full.split(".")
    value = namespace.get(first)
    base = sys.modules["torch.nn"].Module
    for part in rest:
        own = _own(value)
        value = _below(value).get(part, own.get(part))
    # what torch.compile gives is a shell around the module
    value = _below(value).get("_orig_mod", value)
    return value if issubclass(type(value), base) else None


def _own(value: Any) -> dict[str, Any]:
    """Return the attributes that an object itself holds, without asking its class."""
    try:
        own = object.__getattribute__(value, "__dict__")
    except (AttributeError, TypeError):
        return {}
    return own if type(own) is dict else {}


def _below(value: Any) -> dict[str, Any]:
    modules = _own(value).get("_modules")
    return modules if isinstance(modules, dict) else {}


def _layers(module: Any) -> Iterator[Any]:
    waiting, seen = [module], {id(module)}
    while waiting and len(seen) < _MOST_LAYERS:
        layer = waiting.pop()
        yield layer
        for below in _below(layer).values():
            if below is not None and id(below) not in seen:
                seen.add(id(below))
                waiting.append(below)


def _drops(layer: Any, *, given: bool) -> bool:
    nn, own = sys.modules["torch.nn"], _own(layer)
    if not (given or own.get("training")):
        return False
    if issubclass(type(layer), nn.modules.dropout._DropoutNd):  # noqa: SLF001 - the one base of all dropout layers
        return bool(own.get("p"))
    if issubclass(type(layer), nn.RNNBase):
        return bool(own.get("dropout")) and own.get("num_layers", 1) > 1
    return issubclass(type(layer), nn.MultiheadAttention) and bool(own.get("dropout"))


def _normalises(layer: Any, *, given: bool) -> bool:
    nn, own = sys.modules["torch.nn"], _own(layer)
    return (
        issubclass(type(layer), nn.modules.batchnorm._NormBase)  # noqa: SLF001 - the one base of all with running statistics
        and bool(own.get("track_running_stats"))
        and (given or bool(own.get("training")))
    )
