"""From a comm's data to a typed message and back."""

from __future__ import annotations

from typing import Any

import msgspec

from .events import Event, Hello
from .limits import MOST_BYTES
from .replies import Answer, Failed, Reply
from .requests import CommOpened, Request

__all__ = ["EVENTS", "HELLO", "PROTOCOL", "TARGET", "BadMessage", "encode", "read_opening", "read_request"]

PROTOCOL = 1
"""Raised when a message changes its meaning or loses a field; fields may be added without."""
TARGET = "jupyter_repro"
HELLO = "jupyter_repro.hello"

EVENTS = Event
_DEEPEST = 12


class BadMessage(Exception):
    """A message that cannot be read; ``reply`` says why."""

    def __init__(self, reply: Failed) -> None:
        super().__init__(reply.message)
        self.reply = reply


def read_opening(data: Any) -> CommOpened:
    """Return what a comm was opened with.

    Raises:
        BadMessage: It is not understood.
    """
    try:
        return msgspec.convert(data, CommOpened)
    except msgspec.ValidationError as error:
        raise BadMessage(_failed("", "bad message", str(error))) from error


def read_request(data: Any) -> Request:
    """Return the typed request; fields that are not known here are left out.

    Raises:
        BadMessage: It is too large, of an unknown type, or a field is not of its type.
    """
    told = data.get("id") if isinstance(data, dict) else None
    identity = told if isinstance(told, str) and len(told) <= 64 else ""  # noqa: PLR2004 - as in requests.Asking
    if _weight(data, MOST_BYTES, _DEEPEST) < 0:
        raise BadMessage(_failed(identity, "too large", "the message is too large"))
    try:
        request: Request = msgspec.convert(data, Request)
    except msgspec.ValidationError as error:
        text = str(error)
        unknown = "Invalid value" in text and text.endswith("`$.type`")
        raise BadMessage(_failed(identity, "unknown request" if unknown else "bad message", text)) from error
    return request


def encode(message: Reply | Event | Hello | Request) -> dict[str, Any]:
    """Return the message as plain JSON data that can be sent: half a character of UTF-16 becomes its escape."""
    plain: dict[str, Any] = msgspec.to_builtins(message)
    try:
        msgspec.json.encode(message)
    except UnicodeEncodeError:
        plain = _whole_characters(plain)
    return plain


def _whole_characters(data: Any) -> Any:
    if isinstance(data, str):
        return data.encode("utf-8", "backslashreplace").decode()
    if isinstance(data, dict):
        return {_whole_characters(key): _whole_characters(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_whole_characters(value) for value in data]
    return data


def _failed(identity: str, code: Any, what: str) -> Failed:
    remedy = "bring jupyter_repro of the kernel and of the front end to one version"
    return Failed(id=identity, code=code, message=what[:400], remedy=remedy)


def _weight(data: Any, left: int, depth: int) -> int:
    """Return what is left of an allowance of characters after the texts of a message; negative: it is too large."""
    if depth < 0:
        return -1
    if isinstance(data, str):
        return left - len(data)
    if isinstance(data, dict):
        for key, value in data.items():
            left = _weight(value, left - 8 - (len(key) if isinstance(key, str) else 8), depth - 1)
            if left < 0:
                return left
    elif isinstance(data, (list, tuple)):
        for value in data:
            left = _weight(value, left - 8, depth - 1)
            if left < 0:
                return left
    return left


__all__ += ["Answer"]
