"""A live environment, locked and rebuilt, holds the same bytes."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from jupyter_repro.bundle.dists import read_interpreter
from jupyter_repro.bundle.lock import Locked, lock_environment
from jupyter_repro.errors import LockFailed
from jupyter_repro.verifier.installed import record_digest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from .conftest import run_uv, venv_python

pytestmark = pytest.mark.slow


def _lock(python: str, out: Path) -> Locked:
    out.mkdir()
    return lock_environment(python=python, out=out, progress=lambda _step: None)


def _site(python: str) -> Path:
    dist = read_interpreter(python).find("six")
    assert dist is not None
    return dist.site


@pytest.fixture
def venv(small_venv: str, tmp_path: Path) -> str:
    """A copy of the small environment that a test may spoil."""
    source = Path(small_venv).parent.parent
    shutil.copytree(source, tmp_path / "venv", symlinks=True)
    return venv_python(tmp_path / "venv")


def test_index_packages_have_an_address_and_the_others_a_wheel(small_venv: str, tmp_path: Path) -> None:
    """Each distribution has exactly one wheel; nothing local shows in the lock."""
    locked = _lock(small_venv, tmp_path / "out")
    assert {package.name: package.version for package in locked.packages} == {
        "ed-pkg": "0.3",
        "loc-pkg": "1.5",
        "six": "1.17.0",
    }
    assert {each.name: each.why for each in locked.vendored} == {
        "ed-pkg": "it is an editable install",
        "loc-pkg": "it was installed from a folder",
    }
    text = (tmp_path / "out/env/pylock.toml").read_text() + (
        tmp_path / "out/env/requirements.lock.txt"
    ).read_text()
    assert "file:" not in text
    assert str(tmp_path) not in text
    packages = {
        each["name"]: each
        for each in tomllib.loads((tmp_path / "out/env/pylock.toml").read_text())["packages"]
    }
    (six,) = packages["six"]["wheels"]
    assert six["url"].startswith("https://files.pythonhosted.org/packages/")
    assert packages["ed-pkg"]["wheels"][0]["path"] == "../wheels/ed_pkg-0.3-py3-none-any.whl"
    assert locked.warnings == locked.edited == ()


@pytest.mark.parametrize("way", ["pylock.toml", "requirements.lock.txt"])
def test_rebuilt_environment_has_the_same_records(small_venv: str, tmp_path: Path, way: str) -> None:
    """Both forms of the lock give an environment whose RECORD digests are those that were noted."""
    _lock(small_venv, tmp_path / "out")
    run_uv("venv", "--quiet", "--python", sys.executable, str(tmp_path / "again"))
    python = venv_python(tmp_path / "again")
    more = [] if way == "pylock.toml" else ["--require-hashes", "--find-links", str(tmp_path / "out/wheels")]
    run_uv("pip", "sync", "--quiet", "--python", python, *more, str(tmp_path / "out/env" / way))
    rebuilt = read_interpreter(python)
    noted = json.loads((tmp_path / "out/env/records.json").read_text())
    assert noted == {
        dist.key: {"version": dist.version, "sha256": record_digest(dist.record_text)}
        for dist in rebuilt.distributions
    }
    prefix = Path(python).parent.parent
    assert (prefix / "share/loc-pkg/settings.json").read_text() == "{}\n"
    assert run_uv("run", "--quiet", "--no-project", "--python", python, "loc-entry") == "entry\n"
    assert (prefix / "bin/loc-script").read_text().startswith(f"#!{prefix}")


def test_locking_twice_gives_the_same_bytes(small_venv: str, tmp_path: Path) -> None:
    """Vendored wheels included."""
    for name in ("a", "b"):
        _lock(small_venv, tmp_path / name)
    names = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(tmp_path / "b") for p in (tmp_path / "b").rglob("*") if p.is_file())
    assert [(tmp_path / "a" / n).read_bytes() for n in names] == [
        (tmp_path / "b" / n).read_bytes() for n in names
    ]


def test_edited_files_are_packed_as_they_are(venv: str, tmp_path: Path) -> None:
    """Freezing would still say six 1.17.0; the lock says what really ran."""
    six = _site(venv) / "six.py"
    text = six.read_text() + "# edited\n"
    six.unlink()  # the installer may have linked it to its cache
    six.write_text(text)
    locked = _lock(venv, tmp_path / "out")
    assert locked.edited == ("six 1.17.0 (six.py)",)
    run_uv("venv", "--quiet", "--python", sys.executable, str(tmp_path / "again"))
    python = venv_python(tmp_path / "again")
    run_uv("pip", "sync", "--quiet", "--python", python, str(tmp_path / "out/env/pylock.toml"))
    assert (_site(python) / "six.py").read_text() == text


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ("no record", "`six 1.17.0` was installed without RECORD"),
        ("outside", "`six 1.17.0` has a file outside its environment"),
        ("no source", "`ed-pkg` is an editable install and its folder is gone"),
        ("no build", "the editable install `ed-pkg` does not build into a wheel"),
        ("direct url", "`six` has a damaged direct_url.json"),
    ],
)
def test_what_cannot_be_locked_is_named(venv: str, tmp_path: Path, spoil: str, reason: str) -> None:
    """One line with the package's name and a remedy."""
    interpreter = read_interpreter(venv)
    six, editable = interpreter.find("six"), interpreter.find("ed-pkg")
    assert six is not None
    assert editable is not None
    record = six.record_text
    (six.info / "RECORD").unlink()
    if spoil != "no record":
        (six.info / "RECORD").write_text(record)
    if spoil == "outside":
        (tmp_path / "elsewhere").write_text("x")
        (six.info / "RECORD").write_text(f"../../../../elsewhere,sha256=x,1\n{record}")
    source = tmp_path / "source"
    if spoil in {"no source", "no build"}:
        direct = editable.info / "direct_url.json"
        direct.unlink()
        direct.write_text(json.dumps({"url": source.as_uri(), "dir_info": {"editable": True}}))
    if spoil == "no build":
        source.mkdir()
        (source / "pyproject.toml").write_text("[build-system]\nrequires = []\nbuild-backend = 'nobody'\n")
    if spoil == "direct url":
        (six.info / "direct_url.json").write_text("{")
    with pytest.raises(LockFailed, match=reason) as caught:
        _lock(venv, tmp_path / "out")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("python", ["/no/such/python", "/bin/false"])
def test_python_that_does_not_answer(tmp_path: Path, python: str) -> None:
    """The interpreter is named."""
    with pytest.raises(LockFailed, match=python):
        _lock(python, tmp_path / "out")
