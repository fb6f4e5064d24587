"""Two traces beside each other: the first operation at which they part, and why. Pure: no torch."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from .format import Fact, Op, Place, Trace

__all__ = ["Comparison", "Divergence", "Side", "compare_traces"]

Cause = Literal["control flow", "input data", "RNG state", "nondeterministic kernel"]

_AHEAD = 200
"""Operations looked through for the place where two traces come together again."""
_AGREE = 4
"""Operations in a row that must be the same there."""


class Side(msgspec.Struct, frozen=True):
    """An operation of one trace, in words."""

    number: int
    """From 1."""
    name: str
    module: str
    backward: bool
    place: Place | None
    forward: Place | None
    shapes: str
    cell: str = ""
    """How the cell of the line is called, where that is known."""
    forward_cell: str = ""


class Divergence(msgspec.Struct, frozen=True):
    """Where two traces part."""

    cause: Cause
    detail: str
    """What differs, as a clause."""
    a: Side | None
    """None: the trace has ended."""
    b: Side | None
    raw: bool = False
    """What differs was read from memory that ``torch.empty`` made."""


class Comparison(msgspec.Struct, frozen=True):
    """What two traces have in common."""

    a: str
    b: str
    ops: tuple[int, int]
    divergence: Divergence | None
    """None: every operation had the same inputs and outputs, as far as they were looked at."""
    facts: tuple[tuple[str, str, str], ...]
    """Facts that are not the same: name, in a, in b."""
    shared: dict[str, str]
    unseen: tuple[tuple[str, int], ...]
    """Why contents were not compared, with the number of operations."""
    cut: bool
    missed: int


def compare_traces(a: Trace, b: Trace) -> Comparison:
    """Lay two traces beside each other; the first difference counts, for all others may follow from it."""
    unseen: dict[str, int] = {}
    found = _first(a, b, unseen)
    keys = sorted(a.facts.keys() | b.facts.keys())
    return Comparison(
        a=a.name,
        b=b.name,
        ops=(len(a.ops), len(b.ops)),
        divergence=found,
        facts=tuple(
            (key, a.facts.get(key, "none"), b.facts.get(key, "none"))
            for key in keys
            if a.facts.get(key) != b.facts.get(key)
        ),
        shared={key: a.facts[key] for key in keys if a.facts.get(key) == b.facts.get(key)},
        unseen=tuple(sorted(unseen.items())),
        cut=a.cut or b.cut,
        missed=a.missed + b.missed,
    )


def _first(a: Trace, b: Trace, unseen: dict[str, int]) -> Divergence | None:
    """Return the first difference, and count by reason what could not be looked at down to it."""
    for number, (one, two) in enumerate(zip_longest(a.ops, b.ops)):
        if one is None or two is None:
            # where one was cut, the other only goes on
            return None if a.cut or b.cut else _ended(a, b, number)
        if a.text(one.name) != b.text(two.name):
            return _other_way(a, b, number)
        found = _differs(a, b, one, two)
        if found is not None:
            cause, detail, raw = found
            return Divergence(cause, detail, _side(a, number), _side(b, number), raw)
        for why in {each.why for each in (*one.inputs, *one.outputs) if each.why >= 0}:
            unseen[a.text(why)] = unseen.get(a.text(why), 0) + 1
    return None


def _differs(a: Trace, b: Trace, one: Op, two: Op) -> tuple[Cause, str, bool] | None:
    """Return what differs in one operation, None if nothing does."""
    if len(one.inputs) != len(two.inputs):
        return (
            "input data",
            f"it gets {len(one.inputs)} tensors in one and {len(two.inputs)} in the other",
            False,
        )
    for position, (left, right) in enumerate(zip(one.inputs, two.inputs, strict=True), 1):
        which = "its input" if len(one.inputs) == 1 else f"input {position}"
        kind = _kind(a, b, left, right)
        if kind:
            return "input data", f"{which} is {kind}", False
        if _apart(left, right):
            what = f"{which} ({_spelled(a, left)}) holds other numbers"
            return "input data", what, left.raw or right.raw
    if a.text(one.arguments) != b.text(two.arguments):
        return (
            "input data",
            f"its arguments are `{a.text(one.arguments)}` in one and `{b.text(two.arguments)}` in the other",
            False,
        )
    return _results(a, b, one, two)


def _results(a: Trace, b: Trace, one: Op, two: Op) -> tuple[Cause, str, bool] | None:
    """Return what differs in what came out of the same inputs."""
    if len(one.outputs) != len(two.outputs):
        detail = f"it returns {len(one.outputs)} tensors in one and {len(two.outputs)} in the other"
        return "nondeterministic kernel", detail, False
    drew = one.rng is not None and two.rng is not None and one.rng != two.rng
    blind = any(each.why >= 0 for each in (*one.outputs, *two.outputs))
    for position, (left, right) in enumerate(zip(one.outputs, two.outputs, strict=True), 1):
        kind = _kind(a, b, left, right)
        if not kind and not _apart(left, right) and not (drew and blind):
            continue
        if drew:
            return "RNG state", "the generator stood elsewhere before it drew", False
        which = "its output" if len(one.outputs) == 1 else f"output {position}"
        what = f"is {kind}" if kind else f"({_spelled(a, left)}) holds other numbers"
        return "nondeterministic kernel", f"all inputs are the same, and {which} {what}", False
    return None


def _kind(a: Trace, b: Trace, one: Fact, two: Fact) -> str:
    """Return how two tensors differ in shape or type, nothing if they do not."""
    if one.shape == two.shape and a.text(one.dtype) == b.text(two.dtype):
        return ""
    return f"{_spelled(a, one)} in one and {_spelled(b, two)} in the other"


def _apart(one: Fact, two: Fact) -> bool:
    return one.digest is not None and two.digest is not None and one.digest != two.digest


def _spelled(trace: Trace, fact: Fact) -> str:
    return f"{trace.text(fact.dtype)}[{', '.join(map(str, fact.shape))}]"


def _other_way(a: Trace, b: Trace, number: int) -> Divergence:
    """The traces run different operations: say by how many one of them went astray."""
    one, two = a.text(a.ops[number].name), b.text(b.ops[number].name)
    more_a, more_b = _meet(a, b, number)
    if more_a and not more_b:
        detail = f"{_counted(more_a)} more in `{a.name}`, then both go on with `{two}`"
    elif more_b and not more_a:
        detail = f"{_counted(more_b)} more in `{b.name}`, then both go on with `{one}`"
    elif more_a:
        detail = f"`{one}` in `{a.name}` and `{two}` in `{b.name}`; they come together again later"
    else:
        detail = f"`{one}` in `{a.name}` and `{two}` in `{b.name}`"
    return Divergence("control flow", detail, _side(a, number), _side(b, number))


def _counted(ops: int) -> str:
    return "one operation" if ops == 1 else f"{ops} operations"


def _meet(a: Trace, b: Trace, number: int) -> tuple[int, int]:
    """Return how many operations each has alone before they agree again; (0, 0) if they do not soon."""
    one = [a.text(op.name) for op in a.ops[number : number + _AHEAD]]
    two = [b.text(op.name) for op in b.ops[number : number + _AHEAD]]
    for apart in range(1, len(one) + len(two)):
        for left in range(apart + 1):
            right = apart - left
            here, there = one[left : left + _AGREE], two[right : right + _AGREE]
            if here and here == there and (len(here) == _AGREE or _at_ends(a, b, number, left, right)):
                return left, right
        if apart > _AHEAD:
            break
    return 0, 0


def _at_ends(a: Trace, b: Trace, number: int, left: int, right: int) -> bool:
    return len(a.ops) - number - left == len(b.ops) - number - right < _AGREE


def _ended(a: Trace, b: Trace, number: int) -> Divergence:
    longer, shorter = (a, b) if len(a.ops) > len(b.ops) else (b, a)
    detail = f"`{shorter.name}` has ended, `{longer.name}` runs {_counted(len(longer.ops) - number)} more"
    return Divergence("control flow", detail, _side(a, number), _side(b, number))


def _side(trace: Trace, number: int) -> Side | None:
    if number >= len(trace.ops):
        return None
    op = trace.ops[number]
    place, forward = trace.place(op.place), trace.place(op.forward)
    return Side(
        number=number + 1,
        name=trace.text(op.name),
        module=trace.text(op.module),
        backward=op.backward,
        place=place,
        forward=forward,
        shapes=", ".join(_spelled(trace, each) for each in op.inputs),
        cell="" if place is None else trace.cells.get(place.source, ""),
        forward_cell="" if forward is None else trace.cells.get(forward.source, ""),
    )
