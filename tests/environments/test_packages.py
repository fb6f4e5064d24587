"""The packages are those that an import would find."""

from __future__ import annotations

import subprocess
from importlib import metadata
from typing import TYPE_CHECKING

import pytest
from packaging.utils import canonicalize_name

from jupyter_repro.environments.packages import installed_packages
from jupyter_repro.records import Package
from jupyter_repro.records.packages import Source

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


def test_reading_the_head_gives_what_the_standard_parser_gives() -> None:
    """For every distribution that is installed here."""
    known: dict[str, str] = {}
    for each in metadata.distributions():
        if each.metadata["Name"]:
            known.setdefault(canonicalize_name(each.metadata["Name"]), each.version)
    assert {package.name: package.version for package in installed_packages()} == known


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


GONE = "the folder is gone"
HIDDEN = "its address is not one that others can use, and is left out"


@pytest.mark.parametrize(
    ("direct_url", "origin", "source"),
    [
        (None, "index", None),
        (
            '{"url": "file:///gone/p", "dir_info": {"editable": true}}',
            "editable",
            Source(url="/gone/p", note=GONE),
        ),
        ('{"url": "file:///gone/p", "dir_info": {}}', "directory", Source(url="/gone/p", note=GONE)),
        (
            '{"url": "https://u:tok@h/whl/cpu/p-1%2Bcpu.whl", "archive_info": {}}',
            "archive",
            Source(url="https://h/whl/cpu/p-1%2Bcpu.whl"),
        ),
        (
            '{"url": "https://u:tok@h/p?token=x", "vcs_info": {"vcs": "git", "commit_id": "1f", "requested_revision": "v2"}}',
            "vcs",
            Source(url="https://h/p", commit="1f", requested="v2"),
        ),
        ('{"url": "x"}', "unknown", Source(url="", note=HIDDEN)),
        ("[]", "unknown", None),
        ("{", "unknown", None),
    ],
)
def test_origins_are_told_without_credentials(
    tmp_path: Path, direct_url: str | None, origin: str, source: Source | None
) -> None:
    """Where it came from, at which commit; never a token."""
    put(tmp_path, "p", "1", direct_url=direct_url)
    assert installed_packages([str(tmp_path)]) == (
        Package(name="p", version="1", origin=origin, source=source),
    )


def test_an_editable_install_tells_its_commit_and_whether_it_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The work tree is what is imported, so it is what counts; the home folder is not named."""
    project = tmp_path / "home" / "project"
    project.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (project / "code.py").write_text("x = 1\n")
    for command in (["init", "-q", "-b", "dev"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *command], cwd=project, check=True
        )
    put(
        tmp_path / "site",
        "p",
        "1",
        direct_url=f'{{"url": "{project.as_uri()}", "dir_info": {{"editable": true}}}}',
    )
    sources = []
    for text in ("x = 1\n", "x = 2\n"):
        (project / "code.py").write_text(text)
        (package,) = installed_packages([str(tmp_path / "site")])
        assert package.source is not None
        sources.append(package.source)
    assert [source.dirty for source in sources] == [False, True]
    assert (sources[0].url, sources[0].requested, len(sources[0].commit)) == ("~/project", "dev", 40)


def test_remains_on_disk_are_no_packages(tmp_path: Path) -> None:
    """A half-removed distribution has no metadata; those that no folder's name tells are read."""
    put(tmp_path, "whole", "1+cpu")
    (tmp_path / "empty-1.dist-info").mkdir()
    (tmp_path / "~emp-1.dist-info").mkdir()
    (tmp_path / "old.egg-info").write_text(
        "Metadata-Version: 1.0\nName: Old.Thing\nVersion: 3\n\nName: other\n"
    )
    (tmp_path / "nameless.egg-info").write_text("Metadata-Version: 1.0\n")
    (tmp_path / "broken.egg-info").write_bytes(b"Name: broken\xff\n")
    found = {package.name: package.version for package in installed_packages([str(tmp_path)])}
    assert found == {"old-thing": "3", "whole": "1+cpu"}
