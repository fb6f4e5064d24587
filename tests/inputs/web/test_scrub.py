"""Credentials are taken out of what is kept, and nothing else is."""

from __future__ import annotations

import json

import pytest

from jupyter_repro.inputs.web.artifact import Answer, Asked
from jupyter_repro.inputs.web.scrub import scrubbed_answer, scrubbed_request

TOKEN = "ghp_a8Fk29sLq0Zx7Vb3Nm5Tq1Wc6Yd4Re8Uh0Jo"
FORM = {"Content-Type": ["application/x-www-form-urlencoded"]}


def uri(text: str) -> str:
    return scrubbed_request(Asked("GET", text, {}, None)).uri


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://h/p?page=2&q=a+b", "https://h/p?page=2&q=a+b"),
        ("https://user:secret@h:8443/p", "https://h:8443/p"),
        ("https://h/p?api_key=abc&page=2", "https://h/p?api_key=REDACTED&page=2"),
        ("https://h/p?access_token=abc", "https://h/p?access_token=REDACTED"),
        ("https://h/p?key=9fQ2xL7vR1&KEY=", "https://h/p?key=REDACTED&KEY="),
        (
            "https://h/p?key=folder/name&page_token=9fQ2xL7vR1",
            "https://h/p?key=folder%2Fname&page_token=9fQ2xL7vR1",
        ),
        ("https://h/p?X-Amz-Signature=abc&X-Amz-Date=1", "https://h/p?X-Amz-Signature=REDACTED&X-Amz-Date=1"),
        ("https://h/p?sig=9fQ2xL7vR1&se=2026", "https://h/p?sig=REDACTED&se=2026"),
        ("https://h/p#token=abc", "https://h/p"),
        (
            "https://h/monkey?keyboard=us&author=x&code=FR",
            "https://h/monkey?keyboard=us&author=x&code=FR",
        ),
    ],
)
def test_addresses(given: str, expected: str) -> None:
    """User and password, parameters by their names."""
    assert uri(given) == expected


def test_a_token_in_a_path_or_value_is_found_by_its_look() -> None:
    """Whatever it is called."""
    assert TOKEN not in uri(f"https://h/{TOKEN}/x?harmless={TOKEN}")


@pytest.mark.parametrize(
    "name",
    ["Authorization", "Cookie", "X-Api-Key", "Proxy-Authorization", "X-Amz-Security-Token", "User-Agent"],
)
def test_headers_of_requests_are_dropped(name: str) -> None:
    """But for those that say what is asked for."""
    asked = Asked("GET", "https://h", {name: ["x"], "Accept": ["text/csv"], "Range": ["bytes=0-1"]}, None)
    assert scrubbed_request(asked).headers == {"accept": ["text/csv"], "range": ["bytes=0-1"]}


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        (FORM, b"password=abc&name=x", b"password=REDACTED&name=x"),
        ({}, b'{"password": "abc"}', b'{"password": "[REDACTED:named]"}'),
        ({}, b'{"name":"x"}', b'{"name":"x"}'),
        ({}, f"raw {TOKEN}".encode(), None),
        ({}, b"\x00\xff", b"\x00\xff"),
        ({}, b"", None),
    ],
)
def test_bodies_of_requests(headers: dict[str, list[str]], body: bytes, expected: bytes | None) -> None:
    """Forms and JSON by names, texts by their look, bytes as they are."""
    found = scrubbed_request(Asked("POST", "https://h", headers, body)).body
    if expected is None:
        assert TOKEN.encode() not in (found or b"")
    else:
        assert found == expected


@pytest.mark.parametrize(
    "body",
    [b'{"n": 1.50,  "x": [1]}', b"a,b\n1,2\n", b"\x89PNG\xff", b"", b'{"sha256": "' + b"ab" * 32 + b'"}'],
)
def test_an_answer_without_credentials_stays_byte_for_byte(body: bytes) -> None:
    """No number is written anew, no space goes."""
    answer = Answer(200, "OK", {"Content-Type": ["x"], "Content-Length": [str(len(body))]}, body)
    assert scrubbed_answer(answer) == (answer, False)


def test_an_answer_with_credentials_is_still_whole() -> None:
    """Its length is told as it is now; cookies are dropped."""
    body = json.dumps({"token": TOKEN, "n": 1}).encode()
    headers = {
        "Set-Cookie": [TOKEN],
        "Content-Length": [str(len(body))],
        "X-Session-Id": ["1"],
        "ETag": ["e"],
    }
    found, scrubbed = scrubbed_answer(Answer(200, "OK", headers, body))
    assert scrubbed
    assert set(found.headers) == {"Content-Length", "ETag"}
    assert found.headers["Content-Length"] == [str(len(found.body))]
    plain = json.loads(found.body)
    assert plain["n"] == 1
    assert TOKEN not in plain["token"]
