"""Takes credentials out of requests and answers before they are kept."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote_plus, urlsplit, urlunsplit

from jupyter_repro.secrets import is_secret_name, redact, redacted
from jupyter_repro.secrets.scan import looks_random

from .artifact import Answer, Asked

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["scrubbed_answer", "scrubbed_request"]

_MARK = "REDACTED"
_KEPT_OF_REQUEST = frozenset(("accept", "content-type", "range"))
_DROPPED = re.compile(
    r"(?i)cookie|authori[sz]ation|authenticate|(?:^|-)(?:auth|session|csrf|xsrf|signature)(?:-|$)"
)
_PARAMETER = re.compile(
    r"(?i)^(?:x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)|signature|session(?:_?id)?|authorization|"
    r"apikey|jwt|pass|pw|u?pwd|.*[_-]key|.*token)$"
)
_MAYBE = re.compile(r"(?i)^(?:auth|code|id|key|sas|sid|sig)$")
"""A secret if it looks like one: a country may be a code, too."""
_NO_SECRET = re.compile(r"(?i)(?:page|next|cursor|continuation|sync|start).*(?:token|key)$")
"""Without these, two pages would be one question."""
_FORM = "application/x-www-form-urlencoded"


def scrubbed_request(asked: Asked) -> Asked:
    """Return a request without credentials; two that differ in nothing else become the same."""
    headers = {
        name: [redact(value) for value in values]
        for name, values in _lower(asked.headers).items()
        if name in _KEPT_OF_REQUEST
    }
    kind = next(iter(headers.get("content-type", ())), "")
    body = asked.body
    if body:
        body = _form(body) if kind.startswith(_FORM) else _content(body)
    return Asked(asked.method, _uri(asked.uri), headers, body or None)


def scrubbed_answer(answer: Answer) -> tuple[Answer, bool]:
    """Return an answer without credentials, and whether its body held one.

    A body without any stays as it is, byte for byte.
    """
    headers = {
        name: [redact(value) for value in values]
        for name, values in answer.headers.items()
        if not (_DROPPED.search(name) or is_secret_name(name))
    }
    body = _content(answer.body)
    found = body != answer.body
    if found:
        headers = {
            name: [str(len(body))] if name.lower() == "content-length" else values
            for name, values in headers.items()
        }
    return Answer(answer.status, answer.message, headers, body), found


def _lower(headers: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name.lower(): values for name, values in headers.items()}


def _uri(uri: str) -> str:
    parts = urlsplit(uri)
    host = parts.netloc.rpartition("@")[2]
    query = parts.query
    if query:
        query = "&".join(
            f"{quote_plus(name)}={quote_plus(_value(name, value))}"
            for name, value in parse_qsl(query, keep_blank_values=True)
        )
    return redact(urlunsplit((parts.scheme, host, parts.path, query, "")))


def _value(name: str, value: str) -> str:
    if not value or _NO_SECRET.search(name):
        return redact(value)
    secret = _PARAMETER.match(name) or is_secret_name(name) or (_MAYBE.match(name) and looks_random(value))
    return _MARK if secret else redact(value)


def _form(body: bytes) -> bytes:
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return "&".join(f"{quote_plus(name)}={quote_plus(_value(name, value))}" for name, value in pairs).encode()


def _content(body: bytes) -> bytes:
    """Return a text without credentials; bytes that are no text are left alone."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        return _unless_same(text, redact(text), body)
    clean = redacted(plain)
    if clean != plain:
        return json.dumps(clean, ensure_ascii=False).encode()
    return body


def _unless_same(text: str, clean: str, body: bytes) -> bytes:
    return body if clean == text else clean.encode()
