"""Messages: the golden files that both sides read, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from jupyter_repro.kernel.channel import wire
from jupyter_repro.kernel.channel.events import Event, Hello, Noticed
from jupyter_repro.kernel.channel.limits import MOST_BYTES, capped
from jupyter_repro.kernel.channel.replies import Reply
from jupyter_repro.kernel.channel.requests import CommOpened, Request

ROOT = Path(__file__).parents[3]
GOLDEN = sorted(path for path in (ROOT / "tests" / "protocol").glob("*.json") if path.stem != "words")
KINDS: dict[str, Any] = {
    "request": Request,
    "reply": Reply,
    "event": Event,
    "opening": CommOpened,
    "hello": Hello,
}


def tag_of(kind: Any) -> str:
    return str(msgspec.structs.fields(kind) and kind.__struct_config__.tag)


@pytest.mark.parametrize("path", GOLDEN, ids=[path.stem for path in GOLDEN])
def test_a_golden_message_comes_back_as_it_was(path: Path) -> None:
    """What the other side writes is read, and written again as the very same data: no field is lost or invented."""
    data = json.loads(path.read_text())

    message = msgspec.convert(data, KINDS[path.stem.partition("-")[0]])

    assert json.loads(json.dumps(wire.encode(message))) == data


@pytest.mark.parametrize("prefix", ["request", "reply", "event"])
def test_every_message_has_a_golden_file(prefix: str) -> None:
    """No message can be added, or change its name, without a file that the front end's tests read."""
    written = {json.loads(path.read_text())["type"] for path in GOLDEN if path.stem.startswith(prefix)}

    assert written == {tag_of(kind) for kind in get_args(KINDS[prefix])}


@pytest.mark.parametrize("prefix", ["request", "reply", "event"])
def test_every_message_is_documented(prefix: str) -> None:
    """docs/protocol.md says of each message what it is."""
    text = (ROOT / "docs" / "protocol.md").read_text()

    assert [tag for kind in get_args(KINDS[prefix]) if f"`{(tag := tag_of(kind))}`" not in text] == []


def deep(levels: int) -> Any:
    data: Any = "x"
    for _ in range(levels):
        data = [data]
    return data


@pytest.mark.parametrize(
    ("data", "code", "identity"),
    [
        pytest.param(None, "bad message", "", id="nothing"),
        pytest.param("ping", "bad message", "", id="text"),
        pytest.param([1], "bad message", "", id="list"),
        pytest.param({}, "bad message", "", id="empty"),
        pytest.param({"type": "ping"}, "bad message", "", id="no id"),
        pytest.param({"type": "ping", "id": ""}, "bad message", "", id="empty id"),
        pytest.param({"type": "ping", "id": 3}, "bad message", "", id="number as id"),
        pytest.param({"type": "ping", "id": "x" * 65}, "bad message", "", id="long id"),
        pytest.param({"type": "sudo", "id": "1"}, "unknown request", "1", id="unknown type"),
        pytest.param({"type": 7, "id": "1"}, "bad message", "1", id="number as type"),
        pytest.param({"type": "govern", "id": "1", "seed": -1}, "bad message", "1", id="seed below 0"),
        pytest.param({"type": "govern", "id": "1", "seed": "42"}, "bad message", "1", id="seed as text"),
        pytest.param({"type": "govern", "id": "1", "seed": True}, "bad message", "1", id="seed as truth"),
        pytest.param({"type": "section", "id": "1", "name": "secrets"}, "bad message", "1", id="unknown section"),
        pytest.param({"type": "track", "id": "1", "paths": []}, "bad message", "1", id="no paths"),
        pytest.param({"type": "track", "id": "1", "paths": ["x" * 5000]}, "bad message", "1", id="long path"),
        pytest.param(
            {"type": "document", "id": "1", "document": {"order": ["a"] * 5001}}, "bad message", "1", id="many cells"
        ),
        pytest.param({"type": "ping", "id": "1", "junk": deep(40)}, "too large", "1", id="deep"),
        pytest.param({"type": "ping", "id": "1", "junk": "x" * (MOST_BYTES + 1)}, "too large", "1", id="huge"),
    ],
)  # fmt: skip
def test_a_bad_message_is_answered_with_what_is_wrong(data: Any, code: str, identity: str) -> None:
    """Whatever arrives, the kernel says what it did not understand, and to which request, as far as that is known."""
    with pytest.raises(wire.BadMessage) as caught:
        wire.read_request(data)

    assert (caught.value.reply.code, caught.value.reply.id) == (code, identity)
    assert caught.value.reply.remedy


def test_fields_that_are_not_known_are_left_out() -> None:
    """A newer front end may say more: what is known of its message is done."""
    request = wire.read_request({"type": "ping", "id": "1", "mood": "good"})

    assert wire.encode(request) == {"type": "ping", "id": "1"}


@pytest.mark.parametrize("data", [None, 3, {}, {"role": "boss", "client": "c", "protocol": 1}], ids=repr)
def test_a_comm_of_another_kind_is_refused(data: Any) -> None:
    """A comm that is opened with anything but a role, a client and a protocol is none of ours."""
    with pytest.raises(wire.BadMessage):
        wire.read_opening(data)


@pytest.mark.parametrize(
    ("text", "expected"), [("abc", "abc"), ("abcd", "abcd"), ("abcde", "abc…"), ("", "")], ids=repr
)
def test_long_text_is_cut_with_a_mark(text: str, expected: str) -> None:
    """A text is never longer than allowed, and one that was cut shows it."""
    assert capped(text, 4) == expected


def test_half_a_character_can_be_sent() -> None:
    """A text that is no Unicode, as a file name may be, does not cost the page its link."""
    pong = wire.encode(Noticed(seq=1, severity="info", text="caf\ud8e9", cell=None))

    assert pong["text"] == "caf\\ud8e9"
    assert json.dumps(pong, ensure_ascii=False).encode()
