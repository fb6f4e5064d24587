"""Which packages were imported, and by whom."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from jupyter_repro.environments.imports import modules_now, with_imports
from jupyter_repro.environments.owners import Owners
from jupyter_repro.environments.packages import installed_packages

if TYPE_CHECKING:
    from pathlib import Path


def put(site: Path, name: str, *files: str, direct_url: str = "") -> None:
    info = site / f"{name}-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Name: {name}\nVersion: 1\n")
    for file in files:
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        (site / file).write_text("")
    (info / "RECORD").write_text(
        "".join(f"{file},sha256=x,0\n" for file in files) + f"{name}-1.dist-info/RECORD,,\n"
    )
    if direct_url:
        (info / "direct_url.json").write_text(direct_url)


def test_real_packages_that_are_imported_here() -> None:
    """Pytest is named, pluggy is what it needs; a package nobody imports is not marked."""
    found = {
        each.name: each.imported
        for each in with_imports(
            installed_packages(), modules_now(), named=["pytest", "uv"], before=frozenset({"packaging"})
        )
    }
    assert found["pytest"] == "cells"
    assert found["pluggy"] == "libraries"
    assert found["msgspec"] == "kernel"
    assert found["nbclient"] == ("libraries" if "nbclient" in sys.modules else "")


def test_owners_by_file(tmp_path: Path) -> None:
    """A package, a single module, two distributions in one namespace, a quoted name, an editable folder, and no one."""
    site, project = tmp_path / "site", tmp_path / "project"
    put(site, "plain", "plain/__init__.py", "plain/deep/part.py")
    put(site, "Single.Module", "single.py")
    put(site, "one", "google/one/__init__.py")
    put(site, "two", "google/two/__init__.py")
    put(site, "live", direct_url=f'{{"url": "{project.as_uri()}", "dir_info": {{"editable": true}}}}')
    owners = Owners([str(site)])
    assert owners.of_file(str(site / "plain" / "deep" / "part.py")) == "plain"
    assert owners.of_file(str(site / "single.py")) == "single-module"
    assert owners.of_file(str(site / "google" / "two" / "__init__.py")) == "two"
    assert owners.of_file(str(project / "src" / "live" / "code.py")) == "live"
    assert owners.of_file(str(tmp_path / "mine.py")) is None
    assert owners.of_name("google") == {"one", "two"}
    assert owners.of_name("single") == {"single-module"}


def test_named_directly_transitively_or_there_before(tmp_path: Path) -> None:
    """What cells name counts as theirs only if it was really imported."""
    for name in ("named", "needed", "kernels", "never"):
        put(tmp_path, name, f"{name}/__init__.py")
    modules = {name: str(tmp_path / name / "__init__.py") for name in ("named", "needed", "kernels")}
    found = with_imports(
        installed_packages([str(tmp_path)]),
        modules,
        named=["named", "named.deep", "never"],
        before=frozenset({"kernels"}),
        owners=Owners([str(tmp_path)]),
    )
    assert {each.name: each.imported for each in found} == {
        "named": "cells",
        "needed": "libraries",
        "kernels": "kernel",
        "never": "",
    }
