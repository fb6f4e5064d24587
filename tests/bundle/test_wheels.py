"""Wheels with the same bytes for the same files."""

from __future__ import annotations

import os
import zipfile
from typing import TYPE_CHECKING

import pytest
from packaging.tags import parse_tag
from packaging.utils import parse_wheel_filename

from jupyter_repro.bundle.record import format_record
from jupyter_repro.bundle.wheels import WheelFile, read_record, wheel_name, write_wheel

if TYPE_CHECKING:
    from pathlib import Path

_INFO = "x-1.0.dist-info"


def _files(folder: Path) -> list[WheelFile]:
    source = folder / "mod.py"
    source.write_text("x = 1\n")
    return [
        WheelFile(member=f"{_INFO}/METADATA", source=b"Name: x\n"),
        WheelFile(member="x/mod.py", source=source),
        WheelFile(member="x/run", source=b"#!", executable=True),
    ]


def test_same_files_same_bytes(tmp_path: Path) -> None:
    """Neither the order given, nor the dates, nor the umask matter."""
    files = _files(tmp_path)
    write_wheel(tmp_path / "a.whl", _INFO, files)
    os.utime(tmp_path / "mod.py", (0, 0))
    old = os.umask(0o077)
    try:
        write_wheel(tmp_path / "b.whl", _INFO, files[::-1])
    finally:
        os.umask(old)
    assert (tmp_path / "a.whl").read_bytes() == (tmp_path / "b.whl").read_bytes()


def test_record_is_the_one_inside(tmp_path: Path) -> None:
    """RECORD comes last, names every member and itself without a hash; modes are kept."""
    rows = write_wheel(tmp_path / "a.whl", _INFO, _files(tmp_path))
    assert format_record(rows) == read_record(tmp_path / "a.whl")
    with zipfile.ZipFile(tmp_path / "a.whl") as archive:
        assert archive.namelist()[-1] == f"{_INFO}/RECORD"
        assert sorted(archive.namelist()) == sorted(row.path for row in rows)
        assert archive.getinfo("x/run").external_attr >> 16 == 0o100755
    assert rows[-1].hash == ""


@pytest.mark.parametrize("content", [b"no zip", None])
def test_no_wheel(tmp_path: Path, content: bytes | None) -> None:
    """Other files are refused with their name."""
    path = tmp_path / "a.whl"
    if content is None:
        zipfile.ZipFile(path, "w").close()
    else:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=r"a\.whl"):
        read_record(path)


@pytest.mark.parametrize(
    ("tags", "build", "expected"),
    [
        ("py3-none-any", "", "x-1.0-py3-none-any.whl"),
        ("py2.py3-none-any", "1", "x-1.0-1-py2.py3-none-any.whl"),
        (
            "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64",
            "",
            "x-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        ),
    ],
)
def test_name_says_the_tags(tags: str, build: str, expected: str) -> None:
    """The name has the tags in one order and means the same set."""
    made = wheel_name("x-1.0", build, parse_tag(tags))
    assert expected == made
    assert parse_wheel_filename(made)[3] == parse_tag(tags)
