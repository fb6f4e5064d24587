"""What is given to be saved, as states, and states put back into it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from jupyter_repro.errors import BadCheckpoint
from jupyter_repro.rng.held import HeldGenerator, kind_of

__all__ = ["class_of", "is_estimator", "position_of", "put_back", "state_of"]


def state_of(value: Any, what: str, *, plain: bool = False) -> Any:
    """Return the state of an object with ``state_dict()``, of a generator, or of several by name.

    Args:
        value: The object, a generator, or a dict or list of them.
        what: What it was given as.
        plain: Whether other values are taken as they are.

    Raises:
        BadCheckpoint: It has no state.
    """
    if hasattr(value, "state_dict"):
        return value.state_dict()
    if kind_of(value):
        return HeldGenerator(what, value).state()
    if isinstance(value, Mapping):
        return {str(name): state_of(each, f"{what}[{name!r}]", plain=plain) for name, each in value.items()}
    if isinstance(value, (list, tuple)) and not plain:
        return [state_of(each, f"{what}[{index}]", plain=plain) for index, each in enumerate(value)]
    if plain:
        return value
    raise BadCheckpoint(
        f"`{what}=` is a {class_of(value)}, which has no `state_dict()`",
        remedy="hand over what holds the state, or put plain data into `extra=`",
    )


def put_back(value: Any, state: Any, what: str) -> None:
    """Put a state into the object that it was taken from, or into one that was made as it was.

    Raises:
        BadCheckpoint: The object cannot take it.
    """
    if hasattr(value, "load_state_dict"):
        try:
            value.load_state_dict(state)
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            raise BadCheckpoint(
                f"the {class_of(value)} that is given as `{what}=` does not take the state that was saved: "
                f"{' '.join(str(error).split())}",
                remedy="make it as the one that was saved",
            ) from error
    elif kind_of(value):
        HeldGenerator(what, value).restore(state)
    elif isinstance(value, Mapping) and isinstance(state, Mapping):
        held = [str(name) for name in value if str(name) in state] if what == "extra" else list(state)
        _same(what, list(map(str, value)), held)
        for name, each in value.items():
            put_back(each, state[str(name)], f"{what}[{name!r}]")
    elif isinstance(value, (list, tuple)) and isinstance(state, list):
        _same(what, list(range(len(value))), list(range(len(state))))
        for index, each in enumerate(value):
            put_back(each, state[index], f"{what}[{index}]")
    elif what.partition("[")[0] != "extra":  # plain data in `extra=` is handed back, not put anywhere
        raise BadCheckpoint(
            f"`{what}=` is a {class_of(value)}, which takes no state", remedy="give what was saved"
        )


def position_of(loader: Any) -> tuple[Any, str]:
    """Return the state of a loader, or None and why it has none."""
    if hasattr(loader, "state_dict") and hasattr(loader, "load_state_dict"):
        return loader.state_dict(), ""
    return None, (
        f"a {class_of(loader)} has no position: one can go on at the beginning of an epoch only; "
        "`jupyter_repro.loader` goes on anywhere"
    )


def is_estimator(value: object) -> bool:
    """Whether it is an estimator of scikit-learn, without importing it."""
    base = getattr(sys.modules.get("sklearn.base"), "BaseEstimator", None)
    return isinstance(base, type) and isinstance(value, base) and not hasattr(value, "state_dict")


def class_of(value: object) -> str:
    """Return the full name of a value's class; of several, each once."""
    if not hasattr(value, "state_dict"):
        each = value.values() if isinstance(value, Mapping) else value
        if isinstance(value, (Mapping, list, tuple)) and each:
            return ", ".join(dict.fromkeys(map(class_of, each)))  # type: ignore[call-overload] # one of the three
    kind = type(value)
    return f"{kind.__module__}.{kind.__qualname__}"


def _same(what: str, mine: list[Any], held: list[Any]) -> None:
    if sorted(mine) != sorted(held):
        raise BadCheckpoint(
            f"`{what}=` has {mine}, and what was saved has {held}",
            remedy="give all that was saved, by the same names",
        )
