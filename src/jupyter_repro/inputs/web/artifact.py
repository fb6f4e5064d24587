"""The file that keeps exact answers: ``NAME.http.json``, fit for version control."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.canonical import dumps, write_atomic
from jupyter_repro.errors import BadArtifact

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["SUFFIX", "Answer", "Asked", "Exchange", "artifact_path", "read_artifact", "write_artifact"]

SUFFIX = ".http.json"

_FORMAT = "jupyter_repro.http"
_SCHEMA = 1

Headers = dict[str, list[str]]


class Asked(msgspec.Struct, frozen=True):
    """A request, without its credentials."""

    method: str
    uri: str
    headers: Headers
    body: bytes | None


class Answer(msgspec.Struct, frozen=True):
    """What came back."""

    status: int
    message: str
    headers: Headers
    body: bytes


class Exchange(msgspec.Struct, frozen=True):
    """A request and its answer."""

    asked: Asked
    answer: Answer


class _Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """Bytes as people can read them, if they are text."""

    text: str | None = None
    base64: str | None = None


class _Request(msgspec.Struct, frozen=True):
    method: str
    uri: str
    headers: Headers
    body: _Body | None = None


class _Response(msgspec.Struct, frozen=True):
    status: int
    message: str
    headers: Headers
    body: _Body


class _Row(msgspec.Struct, frozen=True):
    request: _Request
    response: _Response


class _File(msgspec.Struct, frozen=True):
    format: str
    schema: int
    exchanges: tuple[_Row, ...]


def artifact_path(folder: Path, name: str) -> Path:
    """Return the file for a name; it may lie in a folder below, as in ``answers/api``."""
    return folder / (name if name.endswith(".json") else name + SUFFIX)


def read_artifact(path: Path) -> tuple[Exchange, ...]:
    """Return the exchanges in their order.

    Raises:
        FileNotFoundError: There is no such file.
        BadArtifact: It cannot be read.
    """
    remedy = "restore it from version control, or record anew with `%%repro http refresh`"
    try:
        file = msgspec.json.decode(path.read_bytes(), type=_File)
        if file.format != _FORMAT:
            raise BadArtifact(f"`{path}` holds no recorded answers", remedy="choose another name")
        if file.schema > _SCHEMA:
            raise BadArtifact(
                f"`{path}` is of a newer version ({file.schema})", remedy="install a newer jupyter_repro"
            )
        return tuple(_exchange(row) for row in file.exchanges)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise BadArtifact(f"cannot read `{path}`: {error.strerror}", remedy="make it readable") from error
    except (msgspec.DecodeError, UnicodeDecodeError, binascii.Error, ValueError) as error:
        raise BadArtifact(f"`{path}` is damaged: {error}", remedy=remedy) from error


def write_artifact(path: Path, exchanges: Sequence[Exchange]) -> None:
    """Write the exchanges, whole or not at all.

    Raises:
        StorageFailed: The file cannot be written.
    """
    rows: list[Any] = [
        {
            "request": {
                "method": each.asked.method,
                "uri": each.asked.uri,
                "headers": each.asked.headers,
                "body": None if each.asked.body is None else _shown(each.asked.body),
            },
            "response": {
                "status": each.answer.status,
                "message": each.answer.message,
                "headers": each.answer.headers,
                "body": _shown(each.answer.body),
            },
        }
        for each in exchanges
    ]
    write_atomic(path, dumps({"format": _FORMAT, "schema": _SCHEMA, "exchanges": rows}, indent=1))


def _shown(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}


def _bytes(body: _Body) -> bytes:
    if body.base64 is not None:
        return base64.b64decode(body.base64, validate=True)
    return (body.text or "").encode()


def _exchange(row: _Row) -> Exchange:
    asked, answer = row.request, row.response
    return Exchange(
        Asked(asked.method, asked.uri, asked.headers, None if asked.body is None else _bytes(asked.body)),
        Answer(answer.status, answer.message, answer.headers, _bytes(answer.body)),
    )
