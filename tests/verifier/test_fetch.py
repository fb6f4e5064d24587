"""A file that goes by address is fetched, checked, and never taken for another."""

from __future__ import annotations

import functools
import hashlib
import http.server
import threading
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.verifier.errors import BundleRejected, RunFailed
from jupyter_repro.verifier.fetch import fetch_files
from jupyter_repro.verifier.recipe import Recipe, RecipeFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BYTES = b"0123456789" * 1000


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A web server of one folder."""
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "x.bin").write_bytes(_BYTES)
    (folder / "longer.bin").write_bytes(_BYTES + b"!")
    (folder / "other.bin").write_bytes(_BYTES[::-1])
    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=folder))
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{served.server_port}"
    finally:
        served.shutdown()
        thread.join()
        served.server_close()


def _recipe(url: str, path: str = "data/x.bin") -> Recipe:
    file = RecipeFile(path=path, sha256=hashlib.sha256(_BYTES).hexdigest(), size=len(_BYTES), url=url)
    return Recipe(notebook="nb.ipynb", python={}, platform={}, files=(file,))


def _fetch(recipe: Recipe, project: Path, *, folder: Path | None = None, offline: bool = False) -> list[str]:
    project.mkdir(exist_ok=True)
    told: list[str] = []
    fetch_files(recipe, project, folder=folder, offline=offline, tell=told.append)
    return told


def test_it_is_fetched(server: str, tmp_path: Path) -> None:
    """It lies at its place, and the reader is told from where."""
    told = _fetch(_recipe(f"{server}/x.bin"), tmp_path / "p")
    assert (tmp_path / "p/data/x.bin").read_bytes() == _BYTES
    assert told == [f"fetching data/x.bin (10,000 bytes) from {server}/x.bin"]


@pytest.mark.parametrize("name", ["longer.bin", "other.bin", "gone.bin"])
def test_another_file_is_refused(server: str, tmp_path: Path, name: str) -> None:
    """Neither a longer one, nor other bytes, nor none; nothing stays behind."""
    with pytest.raises(RunFailed, match=r"is not the file|cannot be fetched"):
        _fetch(_recipe(f"{server}/{name}"), tmp_path / "p")
    assert not (tmp_path / "p/data/x.bin").exists()


@pytest.mark.parametrize("place", ["data/x.bin", "x.bin"])
def test_the_reader_has_it(tmp_path: Path, place: str) -> None:
    """A folder of the reader's serves without any network."""
    own = tmp_path / "own" / place
    own.parent.mkdir(parents=True)
    own.write_bytes(_BYTES)
    _fetch(_recipe("https://nowhere.invalid/x.bin"), tmp_path / "p", folder=tmp_path / "own", offline=True)
    assert (tmp_path / "p/data/x.bin").read_bytes() == _BYTES


def test_offline_names_the_file(tmp_path: Path) -> None:
    """Without a network the reader is told what to bring."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own/x.bin").write_bytes(_BYTES[::-1])
    with pytest.raises(RunFailed, match="would have to be fetched") as caught:
        _fetch(_recipe("https://x.invalid/x.bin"), tmp_path / "p", folder=tmp_path / "own", offline=True)
    assert "--data" in caught.value.remedy


@pytest.mark.parametrize(
    ("url", "path"),
    [("file:///etc/passwd", "x"), ("https://x.invalid/x", "../x"), ("https://x.invalid/x", "/x")],
    ids=["file", "above", "absolute"],
)
def test_a_hostile_recipe(tmp_path: Path, url: str, path: str) -> None:
    """Neither a file of the reader's machine nor a place outside the project."""
    with pytest.raises(BundleRejected):
        _fetch(_recipe(url, path), tmp_path / "p")
