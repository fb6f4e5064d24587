"""Trace files: what is written is read, and what is damaged is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_repro.determinism.trace.compare import compare_traces
from jupyter_repro.determinism.trace.format import Fact, Footer, Header, Op, Place, TraceWriter, read_trace
from jupyter_repro.errors import BadTrace

if TYPE_CHECKING:
    from pathlib import Path


def _written(path: Path, *, ops: int = 3, cut: bool = False, schema: int = 1, last: int = 0) -> Path:
    writer = TraceWriter(Header(schema, "one", {"threads": "2"}))
    place = writer.place(Place("", 3, "y = f(x)", "abc"))
    for number in range(ops):
        fact = Fact(
            (2, 3), writer.text("float32"), writer.text("cpu"), last if number == 2 and last else 2**64 - 1
        )
        writer.add(Op(writer.text("add"), place, -1, (fact,), (fact,), -1))
    path.write_bytes(writer.whole(Footer(ops, cut, 0, {"threads": "1", "torch": "2"}, {"abc": "cell 2"})))
    return path


def test_round_trip(tmp_path: Path) -> None:
    """Operations, lines, texts and facts come back; a fact that changed keeps both values."""
    trace = read_trace(_written(tmp_path / "one.trace"))
    assert len(trace.ops) == 3
    assert trace.place(trace.ops[0].place) == Place("", 3, "y = f(x)", "abc")
    assert trace.ops[0].inputs[0].digest == 2**64 - 1
    assert trace.facts == {"threads": "2, later 1", "torch": "2"}
    assert trace.cells == {"abc": "cell 2"}


@pytest.mark.parametrize(
    ("damage", "part"),
    [
        (lambda data: data[:-9], "not whole"),
        (lambda data: data[: len(data) // 2], "not whole"),
        (lambda data: data[:60] + bytes([data[60] ^ 255]) + data[61:], "is damaged"),
        (lambda _: b"PK\x03\x04", "is no trace"),
        (lambda _: b"", "is no trace"),
        (lambda _: b"jupyter_repro trace\nhello", "is damaged"),
    ],
)
def test_damage_is_refused(tmp_path: Path, damage: object, part: str) -> None:
    """A file that is not a whole trace is refused with one line, never half read."""
    path = _written(tmp_path / "one.trace")
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]  # the functions of the table
    with pytest.raises(BadTrace) as caught:
        read_trace(path)
    assert part in str(caught.value)


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    """What this program cannot know is not guessed."""
    with pytest.raises(BadTrace, match="its version is 2, this program reads 1"):
        read_trace(_written(tmp_path / "one.trace", schema=2))


@pytest.mark.parametrize(
    ("one", "two", "parts"),
    [
        ({"ops": 3}, {"ops": 3}, False),
        ({"ops": 3}, {"ops": 4}, True),
        ({"ops": 3, "cut": True}, {"ops": 4}, False),
        ({"ops": 3}, {"ops": 3, "last": 7}, True),
        ({"ops": 0}, {"ops": 0}, False),
    ],
)
def test_ends(tmp_path: Path, one: dict[str, int], two: dict[str, int], *, parts: bool) -> None:
    """A trace that goes on is a difference, unless the other was cut at its limit, which is told."""
    traces = [
        read_trace(_written(tmp_path / f"{number}.trace", **options))  # type: ignore[arg-type]  # a table
        for number, options in enumerate((one, two))
    ]
    found = compare_traces(*traces)
    assert (found.divergence is not None) == parts
    assert found.cut == bool(one.get("cut"))
