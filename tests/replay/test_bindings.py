"""What is bound anew is found without going through all that the shell has put into the namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.replay.bindings import Bindings

if TYPE_CHECKING:
    from collections.abc import Callable


class Hidden(dict[str, bool]):
    """The shell's names begin with an underscore."""

    def __missing__(self, name: str) -> bool:
        return name.startswith("_")


def cell(namespace: dict[str, Any]) -> None:
    """Do what the shell does at each cell with a result."""
    number = namespace.get("__count", 0) + 1
    namespace["__count"] = number
    namespace[f"_i{number}"] = namespace[f"_{number}"] = f"the text of cell {number}"


STEPS: dict[str, Callable[[dict[str, Any]], object]] = {
    "cell": cell,
    "bind a": lambda names: names.update(a=object()),
    "bind b": lambda names: names.update(b=object()),
    "bind anew and a": lambda names: (
        names.update(c=object()),
        names.pop("a", None),
        names.update(a=object()),
    ),
    "delete a": lambda names: names.pop("a", None),
    "delete results": lambda names: [names.pop(name) for name in list(names) if name[1:].isdigit()],
    "delete sources": lambda names: [names.pop(name) for name in list(names) if name.startswith("_i")],
    "reset": lambda names: names.clear(),
}


def plainly(before: dict[str, Any], now: dict[str, Any]) -> tuple[set[str], set[str]]:
    """Return what a look at every name finds."""
    users = {name: value for name, value in now.items() if not Hidden()[name]}
    bound = {name for name, value in users.items() if name not in before or before[name] is not value}
    return bound, before.keys() - users.keys()


@given(st.lists(st.lists(st.sampled_from(sorted(STEPS)), max_size=5), max_size=8))
def test_a_scan_finds_what_a_look_at_every_name_finds(rounds: list[list[str]]) -> None:
    """Whatever is bound, deleted or reset between two scans, also by the shell."""
    namespace: dict[str, Any] = {"a": 1}
    bindings = Bindings(Hidden())
    users = bindings.all(namespace)
    for steps in rounds:
        for step in steps:
            STEPS[step](namespace)
        moved = bindings.moved(namespace, users, turn=bindings.turn)
        assert (moved.bound, moved.gone) == plainly(users, namespace)
        users = {name: value for name, value in namespace.items() if not Hidden()[name]}


def test_a_scan_goes_back_only_to_what_is_known() -> None:
    """Of thousands of names of the shell's, those of the last cell are looked at."""

    class Counted(dict[str, Any]):
        looked = 0

        def __reversed__(self) -> Any:
            for name in list(self)[::-1]:
                Counted.looked += 1
                yield name

    namespace = Counted()
    bindings = Bindings(Hidden())
    for _ in range(500):
        cell(namespace)
    users = bindings.all(namespace)
    bindings.moved(namespace, users, turn=bindings.turn)
    cell(namespace)
    bindings.moved(namespace, users, turn=bindings.turn)
    Counted.looked = 0
    cell(namespace)
    namespace["mine"] = 1
    assert bindings.moved(namespace, users, turn=bindings.turn).bound == {"mine"}
    assert Counted.looked < 10
