"""What conda installed is listed by its public addresses, whichever mirror served it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.bundle.conda import write_conda

if TYPE_CHECKING:
    from pathlib import Path


def _prefix(folder: Path, channel: str, **more: str) -> Path:
    (folder / "conda-meta").mkdir()
    record = {"name": "numpy", "version": "2.1", "build": "py311_0", "fn": "numpy-2.1-py311_0.conda",
              "subdir": "linux-64", "channel": channel, "md5": "abc", **more}  # fmt: skip
    (folder / "conda-meta/numpy-2.1.json").write_text(json.dumps(record))
    (folder / "conda-meta/damaged.json").write_text("{")
    (folder / "conda-meta/history").write_text("")
    return folder


@pytest.mark.parametrize(
    ("channel", "line"),
    [
        (
            "https://mirror.uni.example/conda-forge/linux-64",
            "https://conda.anaconda.org/conda-forge/linux-64/numpy-2.1-py311_0.conda#abc",
        ),
        ("conda-forge", "https://conda.anaconda.org/conda-forge/linux-64/numpy-2.1-py311_0.conda#abc"),
        (
            "https://repo.anaconda.com/pkgs/main/linux-64",
            "https://repo.anaconda.com/pkgs/main/linux-64/numpy-2.1-py311_0.conda#abc",
        ),
        ("file:///home/ada/channel/linux-64", "# numpy 2.1 py311_0: its channel is not public"),
        ("https://conda.example/t/ab-123/private/linux-64", "# numpy 2.1 py311_0: its channel is not public"),
    ],
    ids=["mirror", "name", "anaconda", "folder", "private"],
)
def test_addresses(tmp_path: Path, channel: str, line: str) -> None:
    """A mirror's name, a folder and a token stay out."""
    (tmp_path / "out").mkdir()
    assert write_conda(_prefix(tmp_path, channel), tmp_path / "out")
    assert (tmp_path / "out/conda-explicit.txt").read_text().splitlines()[1:] == ["@EXPLICIT", line]
    text = (tmp_path / "out/environment.yml").read_text()
    assert '  - "numpy=2.1=py311_0"' in text
    assert not any(word in text for word in ("mirror", "ada", "ab-123"))


def test_no_conda(tmp_path: Path) -> None:
    """Elsewhere nothing is written."""
    assert not write_conda(tmp_path, tmp_path)
    assert not list(tmp_path.iterdir())
