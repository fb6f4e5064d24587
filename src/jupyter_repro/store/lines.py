"""One journal line: a checksum, a space, canonical JSON."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.canonical import dumps, to_builtins
from jupyter_repro.records import CellRun
from jupyter_repro.secrets import may_hold_secrets, redacted

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SCHEMA", "Header", "Line", "Lost", "decode", "encode"]

SCHEMA = 1


class Header(msgspec.Struct, frozen=True, kw_only=True, tag="header", tag_field="is"):
    """The first line of a journal: one kernel life."""

    schema: int = SCHEMA
    kernel: str
    pid: int
    facts: dict[str, str] = {}
    """What the caller knows: the notebook's name, the version of Python."""


class _Run(msgspec.Struct, frozen=True, tag="run", tag_field="is"):
    run: CellRun


class Lost(msgspec.Struct, frozen=True, tag="lost", tag_field="is"):
    """Records that were made and could not be kept."""

    count: int


class _Schema(msgspec.Struct, frozen=True):
    schema: int = 0


Line = Header | CellRun | Lost
_KINDS = Header | _Run | Lost


def encode(line: Line, known: Mapping[str, str] | None = None) -> bytes:
    r"""Return the line, ending in ``\n``; a credential in it is replaced by a mark.

    Digests are those of what ran, also of a source that is written with a mark.

    Args:
        line: What is written.
        known: Values that are secrets wherever they stand, each with the variable that holds it.
    """
    record: Any = _Run(line) if isinstance(line, CellRun) else line
    try:
        body = dumps(record)
    except UnicodeEncodeError:
        # a lone surrogate, as in a file name that is no UTF-8: only an escape can carry it
        body = json.dumps(to_builtins(record), sort_keys=True, separators=(",", ":")).encode() + b"\n"
    text = _text_of(line)
    text = body.decode() if text is None else text
    if may_hold_secrets(text) or (known and any(secret in text for secret in known)):
        body = _without_secrets(record, body, known)
    return b"%08x " % zlib.crc32(body[:-1]) + body


def _text_of(line: Line) -> str | None:
    """Return what is not of our own making in an ordinary run, a third of the line; None: look at all of it."""
    if not isinstance(line, CellRun) or line.leaks or line.ops or line.amp or line.training:
        return None
    margin, sharing = line.margin, line.sharing
    uses = (*line.reads, *line.writes, *margin.kept, *sharing.along)
    texts = [
        line.source,
        line.cell or "",
        line.error,
        *line.effects,
        *line.touched,
        *line.hosts,
        *margin.exposed,
        *margin.settings,
    ]
    for use in uses:
        texts += use.resource, use.version.why_unknown
    for resource, others in (*sharing.before, *sharing.after):
        texts += resource, *others
    texts += [step.stream for step in line.rng]
    return "\n".join(texts)


def _without_secrets(record: Any, body: bytes, known: Mapping[str, str] | None) -> bytes:
    plain = to_builtins(record)
    clean = redacted(plain, known=known)
    if clean == plain:
        return body
    return json.dumps(clean, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def decode(raw: bytes) -> Line | int | None:
    """Return what the line says, the number of a newer schema, or None if it is damaged."""
    checksum, _, body = raw.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(body):
        return None
    try:
        schema: int = _read(body, _Schema).schema
        if schema > SCHEMA:
            return schema
        line: Header | _Run | Lost = _read(body, _KINDS)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return line.run if isinstance(line, _Run) else line


def _read(body: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return msgspec.convert(json.loads(body), type=kind)
