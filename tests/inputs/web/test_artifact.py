"""The file of recorded answers gives back exactly what was put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_repro.errors import BadArtifact, ReproError
from jupyter_repro.inputs.web.artifact import (
    Answer,
    Asked,
    Exchange,
    artifact_path,
    read_artifact,
    write_artifact,
)

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
HEADERS = st.dictionaries(TEXTS, st.lists(TEXTS, max_size=2), max_size=2)
EXCHANGES = st.lists(
    st.builds(
        Exchange,
        st.builds(Asked, TEXTS, TEXTS, HEADERS, st.none() | st.binary(max_size=20)),
        st.builds(Answer, st.integers(100, 599), TEXTS, HEADERS, st.binary(max_size=20)),
    ),
    max_size=3,
)


@settings(deadline=None)
@given(EXCHANGES)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, exchanges: list[Exchange]) -> None:
    """Texts, bytes, no body and an empty one; the same bytes each time."""
    path = tmp_path_factory.mktemp("a") / "a.http.json"
    write_artifact(path, exchanges)
    first = path.read_bytes()
    assert list(read_artifact(path)) == exchanges
    write_artifact(path, read_artifact(path))
    assert path.read_bytes() == first


@settings(deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes_give_our_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Nothing else is raised."""
    path = tmp_path_factory.mktemp("a") / "a.http.json"
    path.write_bytes(data)
    with pytest.raises(ReproError):
        read_artifact(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"format":"x","schema":1,"exchanges":[]}', "holds no recorded answers"),
        ('{"format":"jupyter_repro.http","schema":2,"exchanges":[]}', "newer version"),
        ('{"format":"jupyter_repro.http","schema":1}', "is damaged"),
        ("<<<<<<< HEAD", "is damaged"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, says: str) -> None:
    """In one sentence."""
    path = tmp_path / "a.http.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadArtifact, match=says):
        read_artifact(path)


def test_text_can_be_read_by_people(tmp_path: Path) -> None:
    """Only bytes that are no text are encoded."""
    answers = [Answer(200, "OK", {}, body) for body in (b"plain \xc3\xa9", b"\xff")]
    write_artifact(tmp_path / "a", [Exchange(Asked("GET", "u", {}, None), answer) for answer in answers])
    text = (tmp_path / "a").read_text(encoding="utf-8")
    assert '"text": "plain \u00e9"' in text
    assert '"base64": "/w=="' in text


def test_names(tmp_path: Path) -> None:
    """A name of its own kind is used as it is."""
    assert artifact_path(tmp_path, "api") == tmp_path / "api.http.json"
    assert artifact_path(tmp_path, "deep/api") == tmp_path / "deep/api.http.json"
    assert artifact_path(tmp_path, "mine.json") == tmp_path / "mine.json"
