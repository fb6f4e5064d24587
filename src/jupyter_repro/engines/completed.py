"""Running a function on many items, each outcome told as it comes; one that kills its worker stops no other."""

from __future__ import annotations

import functools
import queue
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .engine import Engine, Future

__all__ = ["Outcome", "completed"]

_Item = TypeVar("_Item")
_POLL_S = 0.5


class Outcome(NamedTuple, Generic[_Item]):
    """How one call ended."""

    item: _Item
    value: Any = None
    error: Exception | None = None


def completed(
    engine: Engine,
    function: Callable[[_Item], Any],
    items: Sequence[_Item],
    *,
    on_running: Callable[[list[_Item]], None] = lambda _items: None,
) -> Iterator[Outcome[_Item]]:
    """Yield the outcomes in the order in which they come.

    A worker that dies may take the calls of others with it. Those whose fate is not known are then run once more, each
    alone, so that only the call that kills its worker is lost.

    Args:
        engine: Where they run.
        function: What is called, with one item.
        items: One call each.
        on_running: Called about twice a second with the items that run now, where the engine can tell.
    """
    again: list[_Item] = []
    for outcome in _once(engine, function, items, on_running):
        if outcome.error is not None and engine.lost(outcome.error):
            again.append(outcome.item)
        else:
            yield outcome
    for item in again:
        yield _alone(engine, function, item)


def _alone(engine: Engine, function: Callable[[_Item], Any], item: _Item) -> Outcome[_Item]:
    single = engine.alone()
    if single is None:
        return Outcome(item, error=RuntimeError("its worker died"))
    try:
        return Outcome(item, single.submit(function, item).result())
    except Exception as error:  # noqa: BLE001 - whatever the call raises is its outcome
        return Outcome(item, error=RuntimeError("its worker died") if single.lost(error) else error)
    finally:
        single.close(kill=True)


def _once(
    engine: Engine,
    function: Callable[[_Item], Any],
    items: Sequence[_Item],
    on_running: Callable[[list[_Item]], None],
) -> Iterator[Outcome[_Item]]:
    done: queue.SimpleQueue[int] = queue.SimpleQueue()
    open_: dict[int, tuple[_Item, Future]] = {}
    for number, item in enumerate(items):
        try:
            future = engine.submit(function, item)
        except Exception as error:  # noqa: BLE001 - a broken engine refuses, and `lost` says so
            yield Outcome(item, error=error)
            continue
        open_[number] = (item, future)
        future.add_done_callback(functools.partial(_tell, done, number))
    while open_:
        try:
            number = done.get(timeout=_POLL_S)
        except queue.Empty:
            on_running([item for item, future in open_.values() if future.running()])
            continue
        item, future = open_.pop(number)
        try:
            yield Outcome(item, future.result())
        except Exception as error:  # noqa: BLE001 - whatever the call raises is its outcome
            yield Outcome(item, error=error)


def _tell(done: queue.SimpleQueue[int], number: int, _future: Future) -> None:
    done.put(number)
