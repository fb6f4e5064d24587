"""The packages are those that an import would find."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.environments.packages import installed_packages
from jupyter_repro.records import Package

if TYPE_CHECKING:
    from pathlib import Path


def put(
    folder: Path, name: str, version: str, *, direct_url: str | None = None, text: str | None = None
) -> None:
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(text or f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    if direct_url is not None:
        (info / "direct_url.json").write_text(direct_url)


def test_this_environment() -> None:
    """Real packages with their real versions, sorted, each once."""
    found = {package.name: package for package in installed_packages()}
    assert found["pytest"].version == metadata.version("pytest")
    assert list(found) == sorted(found)


def test_names_are_normalised_and_the_first_on_the_path_wins(tmp_path: Path) -> None:
    """As an import of the module would decide."""
    put(tmp_path / "one", "My_Package.X", "1.0")
    put(tmp_path / "two", "my-package-x", "2.0")
    put(tmp_path / "two", "other", "3.0")
    path = [str(tmp_path / "one"), str(tmp_path / "missing"), str(tmp_path / "two")]
    assert installed_packages(path) == (
        Package(name="my-package-x", version="1.0"),
        Package(name="other", version="3.0"),
    )


@pytest.mark.parametrize(
    ("direct_url", "origin"),
    [
        (None, "index"),
        ('{"url": "file:///home/me/p", "dir_info": {"editable": true}}', "editable"),
        ('{"url": "file:///home/me/p", "dir_info": {}}', "directory"),
        ('{"url": "https://u:tok@h/p.whl", "archive_info": {}}', "archive"),
        ('{"url": "https://u:tok@h/p", "vcs_info": {"vcs": "git", "commit_id": "1"}}', "vcs"),
        ('{"url": "x"}', "unknown"),
        ("[]", "unknown"),
        ("{", "unknown"),
    ],
)
def test_origins_are_kinds_and_never_urls(tmp_path: Path, direct_url: str | None, origin: str) -> None:
    """The URL with its token or home folder is not kept."""
    put(tmp_path, "p", "1", direct_url=direct_url)
    assert installed_packages([str(tmp_path)]) == (Package(name="p", version="1", origin=origin),)


def test_remains_on_disk_are_no_packages(tmp_path: Path) -> None:
    """A half-removed distribution has no name; an undecodable one no facts."""
    put(tmp_path, "nameless", "1", text="Metadata-Version: 2.1\n")
    (tmp_path / "empty-1.dist-info").mkdir()
    put(tmp_path, "whole", "1")
    put(tmp_path, "broken", "1")
    (tmp_path / "broken-1.dist-info" / "METADATA").write_bytes(b"Name: broken\xff\nVersion: 1\n")
    assert "whole" in {package.name for package in installed_packages([str(tmp_path)])}
    assert "nameless" not in {package.name for package in installed_packages([str(tmp_path)])}
