"""Requirements that are not met are named, as ``pip check`` names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_repro.environments.conflicts import conflicts

if TYPE_CHECKING:
    from pathlib import Path


def put(site: Path, name: str, version: str, *requires: str) -> None:
    info = site / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {each}" for each in requires)]
    (info / "METADATA").write_text("Metadata-Version: 2.1\n" + "\n".join(lines) + "\n")


@pytest.mark.parametrize(
    ("requirement", "sentence"),
    [
        ("b", None),
        ("B[extra]>=1", None),
        ("b>=2.0rc1", None),
        ("b<2", "a 1 requires b<2, and 2.0 is installed"),
        ("c", "a 1 requires c, which is not installed"),
        ("c; python_version < '3'", None),
        ("c; extra == 'all'", None),
        ("b >=", "a 1 has a requirement that cannot be read: `b >=`"),
    ],
)
def test_one_requirement(tmp_path: Path, requirement: str, sentence: str | None) -> None:
    """Markers hold, extras are nobody's wish, pre-releases count."""
    put(tmp_path, "a", "1", requirement)
    put(tmp_path, "b", "2.0")
    assert conflicts([str(tmp_path)]) == ((sentence,) if sentence else ())
