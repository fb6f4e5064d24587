"""One set of members, one sequence of bytes, whole or absent."""

from __future__ import annotations

import hashlib
import os
import zipfile
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.bundle.archive import Member, file_member, text_member, write_bundle
from jupyter_repro.errors import ExportRefused, StorageFailed
from jupyter_repro.verifier.archive import open_bundle

if TYPE_CHECKING:
    from pathlib import Path


def _members(folder: Path) -> list[Member]:
    data = folder / "x.csv"
    data.write_bytes(b"a,b\n1,2\n")
    return [
        file_member("data/x.csv", data),
        text_member("README.md", "hello\n"),
        text_member("data/ünï.txt", "ü"),
        text_member("__main__.py", b"print(1)\n"),
    ]


def test_same_members_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Order, dates, umask, time zone and working folder leave no trace."""
    members = _members(tmp_path)
    first = write_bundle(tmp_path / "a.zip", members, stage=tmp_path)
    os.utime(tmp_path / "x.csv", (0, 0))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.chdir("/")
    old = os.umask(0o077)
    try:
        second = write_bundle(tmp_path / "b.zip", members[::-1], stage=tmp_path)
    finally:
        os.umask(old)
    assert first == second
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_the_verifier_reads_it(tmp_path: Path) -> None:
    """Names are sorted, nothing is compressed, and the manifest names every byte."""
    made = write_bundle(tmp_path / "a.zip", _members(tmp_path), stage=tmp_path)
    bundle = open_bundle(tmp_path / "a.zip")
    assert made == bundle.id
    assert bundle.digests["data/x.csv"] == hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        infos = archive.infolist()
    assert [info.filename for info in infos] == sorted(info.filename for info in infos)
    assert {(i.date_time, i.compress_type, i.create_system, i.external_attr >> 16) for i in infos} == {
        ((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 3, 0o100644)
    }


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["a", "a"], "two files would both be `a`"),
        (["MANIFEST.sha256"], "two files would both be"),
        (["data/a\nb"], "no reader would accept"),
        (["data/A.csv", "data/a.csv"], "no reader would accept"),
        (["data/../x"], "no reader would accept"),
        (["data/con.txt"], "no reader would accept"),
        (["data/.git/HEAD"], "no reader would accept"),
    ],
)
def test_refused_names_leave_the_old_bundle(tmp_path: Path, names: list[str], reason: str) -> None:
    """What the verifier would reject is never written."""
    target = tmp_path / "a.zip"
    target.write_bytes(b"old")
    with pytest.raises(ExportRefused, match=reason):
        write_bundle(target, [text_member(name, "x") for name in names], stage=tmp_path)
    assert target.read_bytes() == b"old"


@pytest.mark.parametrize("change", ["edit", "remove"])
def test_changed_input_is_refused(tmp_path: Path, change: str) -> None:
    """A file that is no longer what the run read does not enter the bundle."""
    members = _members(tmp_path)
    path = tmp_path / "x.csv"
    if change == "edit":
        path.write_bytes(b"a,b\n1,3\n")
    else:
        path.unlink()
    with pytest.raises(ExportRefused, match=r"x\.csv"):
        write_bundle(tmp_path / "a.zip", members, stage=tmp_path)
    assert not (tmp_path / "a.zip").exists()


def test_missing_folder(tmp_path: Path) -> None:
    """The output's folder must exist."""
    with pytest.raises(StorageFailed, match="the folder does not exist"):
        write_bundle(tmp_path / "no" / "a.zip", _members(tmp_path), stage=tmp_path)
