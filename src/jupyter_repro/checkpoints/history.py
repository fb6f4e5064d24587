"""Learning rates and loss scales, step by step, for those that are followed."""

from __future__ import annotations

import functools
import weakref
from typing import TYPE_CHECKING, Any

from jupyter_repro.rng.guarded import attempt

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Log", "follow", "history_of", "is_followed", "take_history", "unfollow"]

_CHUNK = 512


class Log:
    """A value after each step, where it changed: ``[[step, value], ...]``, steps counted from 0."""

    def __init__(self, rows: list[list[Any]] | None = None, steps: int = 0) -> None:
        self._rows: list[list[Any]] = [] if rows is None else rows
        self.steps = steps
        self._waiting: list[Any] = []
        self.undo: Callable[[], None] = lambda: None

    def add(self, value: Any) -> None:
        """Take a number, a tensor with one, or a tuple of them; a device is not waited for."""
        self._waiting.append(value)
        if len(self._waiting) >= _CHUNK:
            self._settle()

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        self._settle()
        return {"steps": self.steps, "changes": [list(row) for row in self._rows]}

    def begin_with(self, plain: dict[str, Any]) -> None:
        """Go on after what a checkpoint holds."""
        self._waiting = []
        self._rows, self.steps = [list(row) for row in plain["changes"]], plain["steps"]

    def _settle(self) -> None:
        for waiting in self._waiting:
            values = waiting if isinstance(waiting, tuple) else (waiting,)
            value = [float(each) for each in values]
            if not self._rows or self._rows[-1][1] != value:
                self._rows.append([self.steps, value])
            self.steps += 1
        self._waiting = []


_LOGS: weakref.WeakKeyDictionary[Any, Log] = weakref.WeakKeyDictionary()


def follow(*, optimizer: Any = None, scaler: Any = None) -> None:
    """Log from now on the learning rates of an optimizer at each step, and the scale of a gradient scaler."""
    for each in _all(optimizer):
        if each not in _LOGS:
            _LOGS[each] = log = Log()
            hook = each.register_step_post_hook(_rates_to(log))
            log.undo = hook.remove
    for each in _all(scaler):
        if each not in _LOGS:
            _LOGS[each] = log = Log()
            _wrap_update(each, log)


def unfollow() -> None:
    """Take every hook away; what was logged is forgotten."""
    for log in list(_LOGS.values()):
        attempt(log.undo)
    _LOGS.clear()


def is_followed(value: Any) -> bool:
    """Whether every one of these is logged."""
    return all(each in _LOGS for each in _all(value))


def history_of(value: Any) -> Any:
    """Return what was logged of one, or of several by name; None where nobody follows it."""
    if isinstance(value, dict):
        return {str(name): history_of(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [history_of(each) for each in value]
    return _LOGS[value].to_json() if value in _LOGS else None


def take_history(value: Any, plain: Any) -> None:
    """Let what is logged go on after what a checkpoint holds, where it is followed."""
    if isinstance(value, dict) and isinstance(plain, dict):
        for name, each in value.items():
            take_history(each, plain.get(str(name)))
    elif isinstance(value, (list, tuple)) and isinstance(plain, list):
        for each, one in zip(value, plain, strict=False):
            take_history(each, one)
    elif value is not None and isinstance(plain, dict) and "changes" in plain:
        follow(**{"scaler" if hasattr(value, "get_scale") else "optimizer": value})
        _LOGS[value].begin_with(plain)


def _all(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _rates_to(log: Log) -> Callable[..., None]:
    def stepped(optimizer: Any, *_: Any) -> None:
        log.add(tuple(_kept(group["lr"]) for group in optimizer.param_groups))

    return stepped


def _kept(value: Any) -> Any:
    return value.detach().clone() if hasattr(value, "detach") else value


def _wrap_update(scaler: Any, log: Log) -> None:
    holder = weakref.ref(scaler)
    update = type(scaler).update

    @functools.wraps(update)
    def updated(*arguments: Any, **more: Any) -> Any:
        own: Any = holder()
        result = type(own).update(own, *arguments, **more)
        scale = getattr(own, "_scale", None)  # get_scale() would wait for the device
        if scale is not None:
            log.add(_kept(scale))
        return result

    scaler.update = updated
    log.undo = functools.partial(_unwrap, holder)


def _unwrap(holder: weakref.ref[Any]) -> None:
    scaler = holder()
    if scaler is not None:
        vars(scaler).pop("update", None)
