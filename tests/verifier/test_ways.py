"""Each way to install, in its order, with real tools, small wheels and a server of our own."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import http.server
import subprocess
import sys
import threading
import zipfile
from typing import TYPE_CHECKING

import pytest
import uv

from jupyter_repro.verifier.errors import BuildFailed, BundleRejected
from jupyter_repro.verifier.rebuild import rebuild
from jupyter_repro.verifier.recipe import Recipe
from jupyter_repro.verifier.ways import BEST_EFFORT, BuildOptions, install_with_pip, install_with_uv
from jupyter_repro.verifier.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEAD = "http://127.0.0.1:9"
UV = [uv.find_uv_bin()]
WHEEL = "alpha-1.0-py3-none-any.whl"


def _wheel(folder: Path, *, text: str = "x = 1\n") -> str:
    """Write a small wheel and return its SHA-256."""
    folder.mkdir(parents=True, exist_ok=True)
    info = "alpha-1.0.dist-info"
    members = {
        "alpha.py": text,
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: alpha\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},,\n" for name in (*members, f"{info}/RECORD"))
    with zipfile.ZipFile(folder / WHEEL, "w") as archive:
        for name, data in {**members, f"{info}/RECORD": record}.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return hashlib.sha256((folder / WHEEL).read_bytes()).hexdigest()


def _lock(folder: Path, digest: str, url: str) -> Path:
    """Write what a bundle locks: one package, by address and by hash."""
    (folder / "env").mkdir(parents=True)
    (folder / "env/pylock.toml").write_text(
        'lock-version = "1.0"\ncreated-by = "test"\n\n[[packages]]\nname = "alpha"\nversion = "1.0"\n'
        f'wheels = [{{ url = "{url}/{WHEEL}", hashes = {{ sha256 = "{digest}" }} }}]\n',
        encoding="utf-8",
    )
    (folder / "env/requirements.lock.txt").write_text(
        f"alpha==1.0 \\\n    --hash=sha256:{digest}\n    # via nobody\n", encoding="utf-8"
    )
    return folder


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_args: object) -> None: ...

    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=folder)
    ) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty environment, and a cache of its own for uv: nothing that was fetched before helps."""
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    for name in ("UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_INDEX", "UV_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    command = [*UV, "venv", "--quiet", "--no-config", "--python", sys.executable, str(tmp_path / "venv")]
    subprocess.run(command, check=True, capture_output=True)
    return tmp_path / ("venv/Scripts/python.exe" if sys.platform == "win32" else "venv/bin/python")


def _install(folder: Path, python: Path, *, elsewhere: bool = False, **said: object) -> tuple[str, list[str]]:
    tried: list[str] = []
    options = BuildOptions(**said)  # type: ignore[arg-type]  # each case names real fields
    way = install_with_uv(UV, folder, python, options=options, elsewhere=elsewhere, tell=tried.append)
    subprocess.run([str(python), "-c", "import alpha"], check=True)
    return way, tried


def test_the_lock_comes_first(tmp_path: Path, python: Path) -> None:
    """Where the addresses of the lock answer, nothing else is asked."""
    digest = _wheel(tmp_path / "index")
    with _served(tmp_path / "index") as url:
        way, tried = _install(_lock(tmp_path / "b", digest, url), python, index_url=DEAD)
    assert (way, tried) == ("uv with pylock.toml", ["uv with pylock.toml"])


def test_then_the_readers_index(tmp_path: Path, python: Path) -> None:
    """Dead addresses: the reader's own wheels by hash."""
    digest = _wheel(tmp_path / "index")
    folder = _lock(tmp_path / "b", digest, DEAD)
    way, tried = _install(folder, python, find_links=(str(tmp_path / "index"),), offline=True)
    assert (way, len(tried)) == ("uv with the reader's index", 2)


def test_other_bytes_are_refused(tmp_path: Path, python: Path) -> None:
    """A wheel of the same name and version with another hash is not installed."""
    folder = _lock(tmp_path / "b", _wheel(tmp_path / "index"), DEAD)
    _wheel(tmp_path / "index", text="x = 'other'\n")
    with pytest.raises(BuildFailed, match=r"[Hh]ash mismatch"):
        _install(folder, python, find_links=(str(tmp_path / "index"),), offline=True)


@pytest.mark.parametrize(
    "said",
    [pytest.param({"offline": True}, id="offline"), pytest.param({"index_url": DEAD}, id="dead index")],
)
def test_then_the_bundles_own_wheels(tmp_path: Path, python: Path, said: dict[str, object]) -> None:
    """Without any network, and with an index that is gone, what the bundle carries is enough."""
    digest = _wheel(tmp_path / "b/wheels")
    way, _ = _install(_lock(tmp_path / "b", digest, DEAD), python, **said)
    assert way in ("uv with the reader's index", "uv with the bundle's own wheels")
    assert way == "uv with the bundle's own wheels" or "offline" in said


def test_the_readers_cache_is_spared_what_it_never_finds_again(tmp_path: Path, python: Path) -> None:
    """Wheels of the bundle leave nothing behind: their place is another one next time."""
    folder = _lock(tmp_path / "b", _wheel(tmp_path / "b/wheels"), DEAD)
    _install(folder, python, offline=True)
    assert not list(tmp_path.glob("cache/archive-*/*"))


def test_what_is_fetched_is_kept_for_the_next_time(tmp_path: Path, python: Path) -> None:
    """An index has its wheels at one place: they go to the reader's cache as ever."""
    digest = _wheel(tmp_path / "index")
    with _served(tmp_path / "index") as url:
        _install(_lock(tmp_path / "b", digest, url), python)
    assert list(tmp_path.glob("cache/archive-*/*"))


def test_elsewhere_versions_have_to_do(tmp_path: Path, python: Path) -> None:
    """On another platform wheels have other hashes: the versions are taken, and only there."""
    _wheel(tmp_path / "index")
    folder = _lock(tmp_path / "b", "0" * 64, DEAD)
    place = (str(tmp_path / "index"),)
    with pytest.raises(BuildFailed):
        _install(folder, python, find_links=place, offline=True)
    way, tried = _install(folder, python, elsewhere=True, find_links=place, offline=True)
    assert (way, tried[-1]) == (BEST_EFFORT, BEST_EFFORT)


@pytest.mark.slow
def test_pip_without_uv(tmp_path: Path) -> None:
    """Venv and pip take the same wheels by the same hashes."""
    digest = _wheel(tmp_path / "b/wheels")
    folder = _lock(tmp_path / "b", digest, DEAD)
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = tmp_path / ("venv/Scripts/python.exe" if sys.platform == "win32" else "venv/bin/python")
    assert (
        install_with_pip(folder, python, options=BuildOptions(offline=True), tell=str)
        == "venv and pip with hashes"
    )
    subprocess.run([str(python), "-c", "import alpha"], check=True)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("alpha @ https://example.org/alpha.tar.gz --hash=sha256:00", id="address"),
        pytest.param("git+https://example.org/alpha", id="version control"),
        pytest.param("--index-url https://example.org", id="index"),
        pytest.param("--find-links .", id="find links"),
        pytest.param("-e .", id="editable"),
        pytest.param("-r /etc/passwd", id="another file"),
        pytest.param("./alpha", id="folder"),
        pytest.param("alpha>=1", id="not locked"),
        pytest.param("alpha==1.0 --config-settings x=y", id="option"),
    ],
)
def test_a_list_of_packages_is_nothing_else(tmp_path: Path, line: str) -> None:
    """What would make a tool build, or fetch from elsewhere, is refused before any tool sees it."""
    folder = _lock(tmp_path, "0" * 64, DEAD)
    (folder / "env/requirements.lock.txt").write_text(f"{line}\n", encoding="utf-8")
    for install in (
        functools.partial(install_with_uv, UV, elsewhere=True),
        install_with_pip,
    ):
        with pytest.raises(BundleRejected, match="no locked package"):
            install(folder, tmp_path / "python", options=BuildOptions(), tell=str)


@pytest.mark.parametrize(
    ("version", "error", "words"),
    [
        ("3.99.1", BuildFailed, "no Python 3.99 could be set up"),
        ("../../evil", BundleRejected, "names no version"),
        ("--config-file=x", BundleRejected, "names no version"),
        ("", BundleRejected, "names no version"),
    ],
)
def test_a_python_that_is_missing(tmp_path: Path, version: str, error: type[Exception], words: str) -> None:
    """It is told with what to do; a version that is a path or an option reaches no tool."""
    workspace = Workspace(tmp_path)
    recipe = Recipe(notebook="n.ipynb", python={"version": version}, platform={})
    with pytest.raises(error, match=words) as caught:
        rebuild(workspace, recipe, options=BuildOptions(offline=True))
    if error is BuildFailed:
        assert "install Python 3.99, or name one with --python" in str(caught.value)
