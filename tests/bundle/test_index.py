"""What uv says of packages that no index offers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.bundle.dists import Distribution
from jupyter_repro.bundle.index import offers
from jupyter_repro.errors import LockFailed

if TYPE_CHECKING:
    from pathlib import Path


def _dists(folder: Path, *pins: str) -> list[Distribution]:
    found = []
    for pin in pins:
        name, version = pin.split("==")
        found.append(Distribution(name, version, folder / f"{name}-{version}.dist-info"))
    return found


@pytest.mark.slow
def test_unknown_names_and_versions_are_taken_out(tmp_path: Path) -> None:
    """The rest is still offered, with a hash and tags."""
    pins = ("six==1.17.0", "six-nobody-has-this-name==1", "pip==0.0.999", "wheel==0.45.1+local.7")
    offered, absent = offers(_dists(tmp_path, *pins), python=sys.executable)
    assert set(offered) == {"six"}
    assert absent == {
        "six-nobody-has-this-name": "no index offers six-nobody-has-this-name==1",
        "pip": "no index offers pip==0.0.999",
        "wheel": "no index offers wheel==0.45.1+local.7",
    }
    assert [(offer.file, len(offer.sha256)) for offer in offered["six"]] == [
        ("six-1.17.0-py2.py3-none-any.whl", 64)
    ]


@pytest.mark.slow
def test_an_index_that_does_not_answer_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dead network never turns into vendoring everything."""
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    monkeypatch.setenv("UV_NO_CACHE", "1")
    with pytest.raises(LockFailed, match="uv could not look up") as caught:
        offers(_dists(tmp_path, "six==1.17.0"), python=sys.executable)
    assert "\n" not in str(caught.value)


def test_nothing_to_look_up() -> None:
    """No distribution, no question to uv."""
    assert offers([], python="no such python") == ({}, {})
