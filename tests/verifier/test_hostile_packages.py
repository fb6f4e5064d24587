"""Packages of a bundle are a stranger's code, too: none of it runs outside the sandbox."""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.verifier import environments, sandbox
from jupyter_repro.verifier.progress import Progress
from jupyter_repro.verifier.rebuild import BuildOptions, rebuild
from jupyter_repro.verifier.sandbox import probe
from jupyter_repro.verifier.terms import Terms
from jupyter_repro.verifier.verify import Options, verify

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Parts

FOUND = probe()
pytestmark = pytest.mark.skipif(FOUND.kind == "none", reason=f"no sandbox here: {FOUND.reason}")


def _wheel(marker: Path, interpreter: str | None) -> bytes:
    """Return a wheel that leaves a mark when its environment's interpreter starts, or that brings its own one."""
    plant = f"import pathlib; pathlib.Path({str(marker)!r}).write_text('x')"
    info = "alpha-1.0.dist-info"
    members = {
        "alpha.pth": plant,
        "sitecustomize.py": plant,
        "jupyter_client/__init__.py": plant,
        **({} if interpreter is None else {interpreter: f"#!/bin/sh\ntouch {marker}\n"}),
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: alpha\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        record = "".join(f"{name},,\n" for name in (*members, f"{info}/RECORD"))
        for name, text in {**members, f"{info}/RECORD": record}.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (stat.S_IFREG | 0o755) << 16
            archive.writestr(entry, text)
    return out.getvalue()


@pytest.mark.parametrize(
    "interpreter",
    [
        None,
        "alpha-1.0.data/scripts/python",
        "alpha-1.0.data/data/bin/python",
        "alpha-1.0.data/data/bin/python3",
    ],
)
def test_nothing_of_a_wheel_runs_outside(parts: Parts, tmp_path: Path, interpreter: str | None) -> None:
    """Code at interpreter start, another interpreter, a driver of its own: all run in the sandbox or not at all."""
    marker = tmp_path / "owned"
    wheel = _wheel(marker, interpreter)
    digest = hashlib.sha256(wheel).hexdigest()
    name = "alpha-1.0-py3-none-any.whl"
    parts.members[f"wheels/{name}"] = wheel
    parts.members["env/requirements.lock.txt"] = f"alpha==1.0 --hash=sha256:{digest}\n".encode()
    parts.members["env/pylock.toml"] = (
        'lock-version = "1.0"\ncreated-by = "test"\n\n[[packages]]\nname = "alpha"\nversion = "1.0"\n'
        f'wheels = [{{ path = "../wheels/{name}", hashes = {{ sha256 = "{digest}" }} }}]\n'
    ).encode()
    path = parts.write(tmp_path / "x.zip")
    report = verify(
        Options(path, Terms(FOUND), build=BuildOptions(offline=True), keep=tmp_path / "kept"),
        Progress(quiet=True),
    )
    assert report.exit_code in (3, 4), report.headline  # uv refuses some
    if interpreter is None:
        assert report.exit_code == 4
        assert list((tmp_path / "kept/environment").rglob("sitecustomize.py"))
    assert not marker.exists()


def test_a_package_cannot_say_what_is_shown(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interpreter's folders are found before packages are there: a `pyvenv.cfg` of theirs shows no folder more."""
    seen: list[list[str]] = []
    wrapped = sandbox.wrapped

    def noted(*arguments: Any) -> list[str]:
        seen.append(wrapped(*arguments))
        return seen[-1]

    def overwritten(*arguments: Any, **options: Any) -> Any:
        built = rebuild(*arguments, **options)
        (built.folder / "pyvenv.cfg").write_text(f"home = {tmp_path}/private/bin\n", encoding="utf-8")
        return built

    (tmp_path / "private/bin").mkdir(parents=True)
    parts.members["env/pylock.toml"] = b'lock-version = "1.0"\ncreated-by = "test"\npackages = []\n'
    monkeypatch.setattr(sandbox, "wrapped", noted)
    monkeypatch.setattr(environments, "rebuild", overwritten)
    options = Options(parts.write(tmp_path / "x.zip"), Terms(FOUND), build=BuildOptions(offline=True))
    assert verify(options, Progress(quiet=True)).exit_code == 4
    assert len(seen) == 1
    assert not any("private" in word for word in seen[0])
