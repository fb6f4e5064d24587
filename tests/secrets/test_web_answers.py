"""No planted secret reaches the file of recorded answers, whichever way it came."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from planted import HEX, PLACED, PLANTED

from jupyter_repro.inputs.web.artifact import Answer, Asked, Exchange, write_artifact
from jupyter_repro.inputs.web.scrub import scrubbed_answer, scrubbed_request

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_secret(kind: str, tmp_path: Path) -> None:
    """In a path, a query, a form, JSON, plain text, headers of both."""
    secret = PLANTED[kind]
    asked = [
        Asked("GET", f"https://h/x?q={secret}", {"X-Any": [secret], "Accept": [secret]}, None),
        Asked(
            "POST", "https://h", {"Content-Type": ["application/json"]}, json.dumps({"q": [secret]}).encode()
        ),
        Asked("POST", "https://h", {}, f"text with {secret} in it".encode()),
    ]
    answer = Answer(200, "OK", {"X-Any": [secret]}, json.dumps({"deep": [{"q": secret}]}).encode())
    plain = Answer(200, "OK", {}, f"a line\n{secret}\n".encode())
    exchanges = [
        Exchange(scrubbed_request(each), scrubbed_answer(found)[0])
        for each in asked
        for found in (answer, plain)
    ]
    write_artifact(tmp_path / "a.http.json", exchanges)
    assert secret not in (tmp_path / "a.http.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["webhook", "conda-token", "url-credentials", "url-token", "url-signature"])
def test_a_secret_that_its_address_gives_away(kind: str) -> None:
    """The whole address is looked at."""
    around, secret = PLACED[kind]
    address = around.format(secret).removeprefix("git+").removeprefix("requests.post('").rstrip("')")
    assert secret not in scrubbed_request(Asked("GET", address, {}, None)).uri


def test_what_only_looks_like_one_is_kept() -> None:
    """Digests and ids of answers stay byte for byte."""
    body = json.dumps({"sha256": HEX, "id": "0d4ea0a4-9c1f-4b8e-8a53-0d4ea0a49c1f"}).encode()
    assert scrubbed_answer(Answer(200, "OK", {"ETag": [HEX]}, body)) == (
        Answer(200, "OK", {"ETag": [HEX]}, body),
        False,
    )
