"""A trace on disk: one line that names the format, then compressed MessagePack, one frame after the other."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar, overload

import msgspec

from jupyter_repro.errors import BadTrace

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

__all__ = ["Fact", "Header", "Op", "Place", "Trace", "TraceWriter", "read_trace", "trace_of"]

_MAGIC = b"jupyter_repro trace\n"
SCHEMA = 1
_LENGTH = 4
_NOWHERE = -1
_OP = 3
_BATCH = 1 << 16
_MOST_BYTES = 4 << 30
"""What a trace may unpack to: one of a million operations has some 200 MB."""


class Header(msgspec.Struct, frozen=True, array_like=True, tag=0):
    """What is known when a trace begins."""

    schema: int
    name: str
    facts: dict[str, str]
    """What the numbers may hang on: versions, threads, devices, modes."""


class Text(msgspec.Struct, frozen=True, array_like=True, tag=1):
    """A text that operations refer to by its number, which is how many came before."""

    text: str


class Place(msgspec.Struct, frozen=True, array_like=True, tag=2):
    """A line of the user's; operations refer to it by its number."""

    file: str
    """Empty for a cell."""
    line: int
    text: str
    source: str = ""
    """SHA-256 of the cell's source."""


class Fact(msgspec.Struct, frozen=True, array_like=True):
    """A tensor at one moment."""

    shape: tuple[int, ...]
    dtype: int
    device: int
    digest: int | None
    """Of its content; None: not looked at."""
    raw: bool = False
    """Its memory comes from ``torch.empty`` and was not filled as a whole by one operation."""
    why: int = _NOWHERE
    """Why its content was not looked at, though it matters."""


class Op(msgspec.Struct, frozen=True, array_like=True, tag=_OP):
    """One operation."""

    name: int
    place: int
    module: int
    inputs: tuple[Fact, ...]
    outputs: tuple[Fact, ...]
    """What it returned and what it wrote into."""
    arguments: int
    """Its other arguments, as they print."""
    rng: int | None = None
    """Digest of the generator before it drew."""
    backward: bool = False
    forward: int = _NOWHERE
    """In backward, the line of the operation whose gradient it is part of."""


class Footer(msgspec.Struct, frozen=True, array_like=True, tag=4):
    """What is known when a trace ends; without it the file is not whole."""

    ops: int
    cut: bool
    """It reached its limit, and what came after is not in it."""
    missed: int
    """Operations that could not be recorded."""
    facts: dict[str, str]
    """Those of the header that had changed by then."""
    cells: dict[str, str] = {}
    """How cells are called, by the digest of their source."""


class Ops(Sequence[Op]):
    """The operations of a trace, each unpacked when it is asked for: a million of them would fill the memory.

    Args:
        data: All frames.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._places = array("Q")
        self._decoder = msgspec.msgpack.Decoder(Op)

    def found_at(self, place: int) -> None:
        """Note where the next one begins."""
        self._places.append(place)

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> Op: ...

    @overload
    def __getitem__(self, index: slice) -> list[Op]: ...

    def __getitem__(self, index: int | slice) -> Op | list[Op]:
        if isinstance(index, slice):
            return [self._at(place) for place in self._places[index]]
        return self._at(self._places[index])

    def _at(self, place: int) -> Op:
        return self._decoder.decode(_frame(self._data, place))


class Trace(msgspec.Struct):
    """A trace that was read."""

    name: str
    facts: dict[str, str]
    ops: Ops
    texts: list[str]
    places: list[Place]
    cells: dict[str, str]
    cut: bool = False
    missed: int = 0
    whole: bool = False

    def text(self, number: int) -> str:
        """Return a text by its number, empty where there is none."""
        return self.texts[number] if number >= 0 else ""

    def place(self, number: int) -> Place | None:
        """Return a line by its number, None where none is known."""
        return self.places[number] if number >= 0 else None


_Frame = Header | Text | Place | Op | Footer
_Row = TypeVar("_Row", bound="Hashable")


class TraceWriter:
    """Packs a trace as it grows.

    Args:
        header: What is known at its beginning.
    """

    def __init__(self, header: Header) -> None:
        self.ops = 0
        self._encoder = msgspec.msgpack.Encoder()
        self._packer = zlib.compressobj(6)
        self._chunks: list[bytes] = [_MAGIC]
        self._waiting = bytearray()
        self._texts: dict[str, int] = {}
        self._places: dict[Place, int] = {}
        self._add(header)

    def text(self, text: str) -> int:
        """Return the number of a text."""
        return self._number(self._texts, text, Text)

    def place(self, place: Place) -> int:
        """Return the number of a line."""
        return self._number(self._places, place, lambda each: each)

    def add(self, op: Op) -> None:
        """Append an operation."""
        self._add(op)
        self.ops += 1

    def whole(self, footer: Footer) -> bytes:
        """End the trace and return what the file holds."""
        self._add(footer)
        self._pack()
        self._chunks.append(self._packer.flush())
        return b"".join(self._chunks)

    def _number(self, known: dict[_Row, int], row: _Row, frame: object) -> int:
        number = known.get(row)
        if number is None:
            number = known[row] = len(known)
            self._add(frame(row))  # type: ignore[operator]  # the frame's own class, or the frame itself
        return number

    def _add(self, frame: _Frame) -> None:
        data = self._encoder.encode(frame)
        self._waiting += len(data).to_bytes(_LENGTH, "big") + data
        if len(self._waiting) > _BATCH:
            self._pack()

    def _pack(self) -> None:
        self._chunks.append(self._packer.compress(bytes(self._waiting)))
        self._waiting.clear()


def read_trace(path: Path) -> Trace:
    """Return the trace in a file.

    Raises:
        BadTrace: It is no trace, not whole, or of a newer version.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadTrace(
            f"cannot read `{path}`: {error.strerror}", remedy="name a trace, or a file that is one"
        ) from error
    return trace_of(data, str(path), path.stem)


def trace_of(data: bytes, source: str, name: str) -> Trace:
    """Return the trace that these bytes hold.

    Args:
        data: As :meth:`TraceWriter.whole` returned them.
        source: Where they come from, for an error.
        name: What it is called if it does not tell.

    Raises:
        BadTrace: As :func:`read_trace`.
    """
    if not data.startswith(_MAGIC):
        raise BadTrace(f"`{source}` is no trace", remedy="name a file that `%repro trace stop` has written")
    try:
        return _joined(name, _unpacked(data[len(_MAGIC) :]))
    except (zlib.error, msgspec.MsgspecError, ValueError, IndexError) as error:
        raise BadTrace(f"`{source}` is damaged ({error})", remedy="copy it again, or trace again") from error


def _unpacked(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(packed, _MOST_BYTES)
    if not unpacker.eof:
        raise ValueError("it is not whole")
    schema = msgspec.msgpack.decode(_frame(data, 0))[1]
    if schema != SCHEMA:
        raise ValueError(f"its version is {schema}, this program reads {SCHEMA}: update jupyter_repro")
    return data


def _frame(data: bytes, place: int) -> memoryview:
    """Return the frame that begins at a place."""
    start = place + _LENGTH
    return memoryview(data)[start : start + int.from_bytes(data[place:start], "big")]


def _joined(name: str, data: bytes) -> Trace:
    decoder: msgspec.msgpack.Decoder[_Frame] = msgspec.msgpack.Decoder(_Frame)
    header = decoder.decode(_frame(data, 0))
    if not isinstance(header, Header):
        raise ValueError("it has no header")  # noqa: TRY004 - the content of a file, not an argument
    trace = Trace(header.name or name, dict(header.facts), Ops(data), [], [], {})
    at = 0
    while at < len(data):
        frame = _frame(data, at)
        if frame[1] == _OP:  # the tag comes after the byte that says how many fields there are
            trace.ops.found_at(at)
        else:
            _add_to(trace, decoder.decode(frame))
        at += _LENGTH + len(frame)
    if not trace.whole:
        raise ValueError("it is not whole")
    return trace


def _add_to(trace: Trace, frame: _Frame) -> None:
    if isinstance(frame, Text):
        trace.texts.append(frame.text)
    elif isinstance(frame, Place):
        trace.places.append(frame)
    elif isinstance(frame, Footer):
        trace.whole, trace.cut, trace.missed, trace.cells = True, frame.cut, frame.missed, frame.cells
        for key, value in frame.facts.items():
            before = trace.facts.get(key)
            trace.facts[key] = value if before is None else f"{before}, later {value}"
