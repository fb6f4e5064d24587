"""Writes down each operation: who called it, what went in, what came out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import msgspec

from .content import Contents, bytes_digest
from .format import Fact, Op
from .memory import RawMemory
from .operators import Operator, operator_of
from .stack import Callers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType

    from .format import TraceWriter

__all__ = ["LIMIT", "Recorder"]

LIMIT = 1_000_000
"""Operations of one trace."""
_MOST_FORWARD = 200_000
"""Forward operations remembered for their gradients."""
_LONGEST = 200


class _Before(msgspec.Struct):
    """An operation that has not run yet."""

    operator: Operator
    place: int
    module: int
    inputs: tuple[Fact, ...] = ()
    arguments: int = -1
    rng: int | None = None
    backward: bool = False
    forward: int = -1


class Recorder:
    """Turns operations into rows of a trace; it draws from no generator and changes no tensor.

    Args:
        writer: Where they go.
        limit: How many are kept.
    """

    def __init__(self, writer: TraceWriter, *, limit: int = LIMIT) -> None:
        self.missed = 0
        self.cut = False
        self._writer = writer
        self._limit = limit
        self._torch: Any = sys.modules["torch"]
        self._callers = Callers()
        self._contents = Contents()
        self._memory = RawMemory()
        self._operators: dict[Any, Operator] = {}
        self._kinds: dict[Any, int] = {}
        self._forward: dict[int, tuple[int, int]] = {}
        """Of the operation that made a node of the graph, by the node's number: module and line."""
        self._node = getattr(self._torch._C, "_current_autograd_node", None)  # noqa: SLF001 - the only way to ask
        self._sequence = getattr(self._torch._C._autograd, "_get_sequence_nr", None)  # noqa: SLF001 - as above

    def before(
        self, func: Any, args: Sequence[Any], keywords: Mapping[str, Any], frame: FrameType | None
    ) -> _Before | None:
        """Look at an operation that is about to run; None if it is not for the trace."""
        operator = self._operators.get(func)
        if operator is None:
            operator = self._operators[func] = operator_of(func)
        if not operator.counts or self.cut:
            return None
        if self._writer.ops >= self._limit:
            self.cut = True
            return None
        place, module = self._callers.find(frame)
        seen = _Before(
            operator,
            place=-1 if place is None else self._writer.place(place),
            module=self._writer.text(module) if module else -1,
        )
        self._find_forward(seen)
        rest: list[str] = []
        seen.inputs = tuple(self._inputs(operator, args, keywords, rest))
        if rest:
            seen.arguments = self._writer.text(_cut(", ".join(rest)))
        seen.rng = self._rng(args, keywords) if operator.draws else None
        return seen

    def after(self, seen: _Before, args: Sequence[Any], keywords: Mapping[str, Any], result: Any) -> None:
        """Write down the operation, now that it has run."""
        operator, memory = seen.operator, self._memory
        written = [each for key in operator.written for each in _tensors(_argument(key, args, keywords))]
        returned = [each for each in _tensors(result) if not any(each is one for one in written)]
        for tensor in written if memory else ():
            memory.written(tensor)
        if operator.raw:
            notes = [*returned, *written]
        else:
            notes = [each for at in operator.scratch for each in _tensors(result[at])]
        for tensor in notes:
            memory.made(tensor)
        look = not (operator.raw or operator.looks)
        outputs = tuple(
            self._fact(tensor, look=look and not any(tensor is each for each in notes))
            for tensor in (*written, *returned)
        )
        self._writer.add(
            Op(
                name=self._writer.text(operator.name),
                place=seen.place,
                module=seen.module,
                inputs=seen.inputs,
                outputs=outputs,
                arguments=seen.arguments,
                rng=seen.rng,
                backward=seen.backward,
                forward=seen.forward,
            )
        )

    # -- parts --------------------------------------------------------------------------------------

    def _find_forward(self, seen: _Before) -> None:
        """In backward, name the module and the line of the operation whose gradient is computed."""
        node = self._node() if self._node is not None else None
        if node is not None:
            seen.backward = True
            found = self._forward.get(node._sequence_nr())  # noqa: SLF001 - as above
            if found is not None:
                seen.module, seen.forward = found
        elif self._sequence is not None:
            # the node of an operation is made just before it runs
            if len(self._forward) > _MOST_FORWARD:
                for key in list(self._forward)[: _MOST_FORWARD // 2]:
                    del self._forward[key]
            self._forward.setdefault(self._sequence() - 1, (seen.module, seen.place))

    def _inputs(
        self, operator: Operator, args: Sequence[Any], keywords: Mapping[str, Any], rest: list[str]
    ) -> list[Fact]:
        found: list[Fact] = []
        for key, value in (*enumerate(args), *keywords.items()) if keywords else enumerate(args):
            tensors = _tensors(value)
            if tensors:
                look = not operator.looks and key not in operator.unread
                found += [self._fact(each, look=look, read=True) for each in tensors]
            elif value is not None:
                rest.append(_spelled(value) if isinstance(key, int) else f"{key}={_spelled(value)}")
        return found

    def _fact(self, tensor: Any, *, look: bool, read: bool = False) -> Fact:
        raw = False
        if look and self._memory:
            state = self._memory.state(tensor)
            raw, look = state == "partly", not (read and state == "unwritten")
        digest, why = self._contents.digest(tensor) if look else (None, "")
        return Fact(
            tuple(tensor.shape),
            self._of_kind(tensor.dtype),
            self._of_kind(tensor.device),
            digest,
            raw,
            self._writer.text(why) if why else -1,
        )

    def _of_kind(self, kind: Any) -> int:
        """Return the number of a type's or a device's name."""
        number = self._kinds.get(kind)
        if number is None:
            name = kind.type if isinstance(kind, self._torch.device) else str(kind).removeprefix("torch.")
            number = self._kinds[kind] = self._writer.text(name)
        return number

    def _rng(self, args: Sequence[Any], keywords: Mapping[str, Any]) -> int | None:
        """Return the digest of the generator that the operation draws from."""
        torch = self._torch
        given = [each for each in (*args, *keywords.values()) if isinstance(each, torch.Generator)]
        if given:
            return bytes_digest(given[0].get_state())
        tensors = (each for value in (*args, *keywords.values()) for each in _tensors(value))
        device = next((each.device for each in tensors), keywords.get("device")) or torch.device("cpu")
        device = torch.device(device)
        if device.type == "cpu":
            return bytes_digest(torch.default_generator.get_state())
        generators = getattr(getattr(torch, device.type, None), "default_generators", ())
        module = getattr(torch, device.type)
        index = module.current_device() if device.index is None else device.index
        return bytes_digest(generators[index].get_state()) if len(generators) > index else None


def _argument(key: int | str, args: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
    if isinstance(key, str):
        return keywords.get(key)
    return args[key] if key < len(args) else None


def _tensors(value: Any) -> list[Any]:
    """Return the tensors of an argument or a result; they stand in lists and tuples at most."""
    if isinstance(value, sys.modules["torch"].Tensor):
        return [value]
    if isinstance(value, (list, tuple)):
        return [each for part in value for each in _tensors(part)]
    return []


def _spelled(value: Any) -> str:
    """Return an argument that is no tensor as text, the same in every process."""
    if isinstance(value, (bool, int, float, complex, str)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_spelled, value[:64]))}]"
    text = str(value)
    return text if text.startswith("torch.") or text in ("cpu", "cuda") else type(value).__name__


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
