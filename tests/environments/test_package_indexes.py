"""Where local versions are published, and which indexes installers are told to ask."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.environments.package_indexes import index_of, package_indexes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "version", "index"),
    [
        ("torch", "2.13.0+cpu", "https://download.pytorch.org/whl/cpu"),
        ("torchvision", "0.28.0+cu130", "https://download.pytorch.org/whl/cu130"),
        ("torchaudio", "2.13.0+rocm7.0", "https://download.pytorch.org/whl/rocm7.0"),
        ("torch-scatter", "2.1.2+pt26cu124", "https://data.pyg.org/whl/torch-2.6.0+cu124.html"),
        (
            "jaxlib",
            "0.4.25+cuda12.cudnn89",
            "https://storage.googleapis.com/jax-releases/jax_cuda_releases.html",
        ),
        ("torch", "2.13.0", ""),
        ("torch", "2.13.0a0+git1234", ""),
        ("mine", "1.0+cpu", ""),
    ],
)
def test_the_label_says_where(name: str, version: str, index: str) -> None:
    """Only for families whose labels are known."""
    assert index_of(name, version) == index


def test_what_installers_are_told_without_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables of pip and uv, and pip's configuration; folders are nobody else's."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    name = "pip.ini" if sys.platform == "win32" else "pip.conf"
    (tmp_path / name).write_text(
        "[global]\nextra-index-url =\n  https://me:tOpS3cret@a.example.org/simple\n  https://b.example.org/simple\n"
        "[install]\nfind-links = /some/folder\n"
    )
    told = {
        "PIP_INDEX_URL": "https://token12345@pypi.example.org/simple",
        "UV_INDEX": "mine=https://u:p@c.example.org/simple https://b.example.org/simple",
        "UV_FIND_LINKS": "./wheels",
        "XDG_CONFIG_HOME": str(tmp_path / "none"),
        "HOME": str(tmp_path),
    }
    found = package_indexes(told)
    assert found[:4] == (
        "https://pypi.example.org/simple",
        "https://c.example.org/simple",
        "https://b.example.org/simple",
        "https://a.example.org/simple",
    )
    assert "tOpS3cret" not in str(found)
    assert package_indexes({**told, "PIP_CONFIG_FILE": os.devnull}) == found[:3]


def test_a_file_that_is_no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is none."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "none"))
    (tmp_path / "p").write_bytes(b"\xff\xfe no sections")
    one, other = (package_indexes({"PIP_CONFIG_FILE": str(tmp_path / each)}) for each in ("p", "gone"))
    assert one == other
