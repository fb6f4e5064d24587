"""Logged numbers, taken as they come: those of a device stay there and are fetched together."""

from __future__ import annotations

import math
import operator
import sys
from typing import Any

from jupyter_repro.errors import BadWord
from jupyter_repro.records.golden import Step

from .weights import is_array, is_torch

__all__ = ["Logged"]

_AT_ONCE = 256
"""Tensors on a device that wait to be fetched: one wait for the device a few hundred steps."""


class Logged:
    """The steps of one run.

    What :meth:`log` runs through stands cold in the caches after a step of training, where each further call and look-up
    costs several times what it does in a loop of its own: hence no helpers, and nothing asked twice.
    """

    def __init__(self) -> None:
        self.dtypes: dict[str, str] = {}
        self._rows: list[tuple[int, dict[str, Any]]] = []
        self._append = self._rows.append
        self._last: float = -1
        self._plain: dict[str, Any] = {}
        """By name, the type whose ``item()`` is a float, once one has come."""
        self._waiting: list[tuple[dict[str, Any], str]] = []

    def log(self, step: int, /, **values: Any) -> None:
        """Take what is logged at a step.

        Raises:
            BadWord: A step comes back, is negative, or is logged twice; a value is no single number.
        """
        plain = self._plain
        try:
            for key, value in values.items():
                if type(value) is not float:
                    number = value.item() if type(value) is plain.get(key) and value.is_cpu else value
                    values[key] = number if type(number) is float else self._number(key, value, values)
        except RuntimeError:  # torch's, of a tensor of several elements where there was one before
            for key, value in values.items():
                values[key] = self._number(key, value, values)
        if type(step) is int and step > self._last:
            self._append((step, values))
            self._last = step
        else:
            self._add_slowly(step, values)

    def close(self) -> None:
        """Take no more steps: one that comes is refused."""
        self._last = math.inf

    def steps(self) -> tuple[Step, ...]:
        """Return all steps; waits for the device, if numbers are still there."""
        self._fetch()
        for _, values in self._rows:
            for key in values:
                self.dtypes.setdefault(key, "float")
        return tuple(Step(step=step, values=dict(values)) for step, values in self._rows)

    def _add_slowly(self, step: Any, values: dict[str, Any]) -> None:
        if self._last == math.inf:
            raise BadWord("the golden run is over", remedy="log inside `with golden(...) as g:`")
        try:
            number = operator.index(step)
        except TypeError:
            raise BadWord(f"step `{step!r}` is no whole number", remedy="log `g.log(0, loss=loss)`") from None
        if number > self._last:
            self._rows.append((number, values))
            self._last = number
        elif number == self._last and self._rows:
            there = self._rows[-1][1]
            for key in values:
                if key in there:
                    raise BadWord(
                        f"`{key}` of step {number} is logged twice",
                        remedy="count the steps over all epochs, or give the second one a name of its own",
                    )
            there.update(values)
            self._waiting = [(there if row is values else row, key) for row, key in self._waiting]
        else:
            raise BadWord(
                f"step {number} is logged after step {self._last}" if number >= 0 else f"step {number} is negative",
                remedy="count the steps from 0 on, over all epochs",
            )  # fmt: skip

    def _number(self, key: str, value: Any, row: dict[str, Any]) -> Any:
        if is_torch(value):
            if value.numel() != 1 or value.is_complex():
                raise _no_number(key, f"a tensor of shape {tuple(value.shape)}")
            self.dtypes.setdefault(key, str(value.dtype).removeprefix("torch."))
            if value.device.type == "cpu":
                if type(value) is sys.modules["torch"].Tensor and value.is_floating_point():
                    self._plain[key] = type(value)
                return float(value.item())
            # a copy, since training may go on to change it in place; nothing waits for the device here
            self._waiting.append((row, key))
            if len(self._waiting) > _AT_ONCE:
                row[key] = value.detach().clone()
                self._fetch()
                return row[key]
            return value.detach().clone()
        if is_array(value):
            if value.size != 1 or value.dtype.kind not in "biuf":
                raise _no_number(key, f"an array of {value.dtype} and shape {value.shape}")
            self.dtypes.setdefault(key, str(value.dtype))
            return float(value.item())
        if isinstance(value, (int, float)):
            self.dtypes.setdefault(key, "int" if isinstance(value, int) else "float")
            return float(value)
        raise _no_number(key, f"of type `{type(value).__name__}`")

    def _fetch(self) -> None:
        """Fetch what waits: one copy for each type and device."""
        groups: dict[Any, list[tuple[dict[str, Any], str]]] = {}
        for row, key in self._waiting:
            groups.setdefault((row[key].dtype, row[key].device), []).append((row, key))
        self._waiting = []
        for places in groups.values():
            import torch

            numbers = torch.stack([row[key].reshape(()) for row, key in places]).tolist()
            for (row, key), number in zip(places, numbers, strict=True):
                row[key] = float(number)


def _no_number(key: str, what: str) -> BadWord:
    return BadWord(f"`{key}` is {what}, not one number", remedy=f"log its mean: `{key}={key}.mean()`")
