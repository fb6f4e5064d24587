"""A switch that is a variable of the environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from jupyter_repro.determinism.switch import Switch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = ["giving_back", "variable_switch"]


def giving_back(name: str) -> Callable[[str | None], None]:
    """Return what puts a variable back to its former value, or takes it out again."""

    def restore(former: str | None) -> None:
        if former is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = former

    return restore


def variable_switch(
    name: str, value: str, *, good: Collection[str] = (), late: Callable[[], str] = str, **fields: Any
) -> Switch:
    """Return a switch that sets the variable, unless it has a value that is as good.

    Args:
        name: The variable.
        value: What is set.
        good: Values of the user's that are kept.
        late: Returns why setting it now has no effect, or nothing; not asked where the value is good.
        fields: The rest of the record: ``why``, ``cost``, ``wanted``, ``absent``, ``module``.
    """

    def put(_: str) -> None:
        if os.environ.get(name) not in (value, *good):
            os.environ[name] = value

    return Switch(
        name=f"env.{name}",
        accepts=lambda _, found: found in good,
        read=lambda: os.environ.get(name, ""),
        verified_by="the variable, which is read when it is needed",
        put=put,
        capture=lambda: os.environ.get(name),
        restore=giving_back(name),
        late=lambda: "" if os.environ.get(name) in (value, *good) else late(),
        late_remedy="`%repro restart` starts the kernel with it",
        **fields,
    )
