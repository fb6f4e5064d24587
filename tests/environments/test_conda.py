"""What conda has installed is read from its own records."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jupyter_repro.environments.conda import conda_packages

if TYPE_CHECKING:
    from pathlib import Path


def test_packages_with_build_and_channel(tmp_path: Path) -> None:
    """A token in the channel's address is not kept; damaged records are passed over."""
    meta = tmp_path / "conda-meta"
    meta.mkdir()
    channel = "https://conda.anaconda.org/t/ab-12345678-1234-1234-1234-123456789012/main/linux-64"
    facts = {"name": "mkl", "version": "2024.0", "build": "intel_1", "channel": channel}
    (meta / "mkl-2024.0-intel_1.json").write_text(json.dumps(facts))
    (meta / "broken.json").write_text("{")
    (meta / "history").write_text("")
    (found,) = conda_packages(tmp_path)
    assert (found.name, found.version, found.build) == ("mkl", "2024.0", "intel_1")
    assert "12345678-1234" not in found.channel
    assert "conda.anaconda.org" in found.channel


def test_no_conda(tmp_path: Path) -> None:
    """An environment of another maker has none."""
    assert conda_packages(tmp_path) == ()
