"""What is installed or removed is seen at the next look."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.environments.site_watch import Moved, SiteWatch

if TYPE_CHECKING:
    from pathlib import Path


def put(site: Path, name: str) -> Path:
    folder = site / name
    folder.mkdir(parents=True)
    # a coarse clock may give the change the time of the look before
    os.utime(site, ns=(0, site.stat().st_mtime_ns + 1_000_000))
    return folder


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "lib" / "site-packages"
    put(folder, "Old_Thing-1.0.dist-info")
    put(folder, "pytest-8.0.dist-info")
    return folder


def test_nothing_moved(site: Path) -> None:
    """Neither with packages nor without a folder."""
    assert SiteWatch(lambda: [str(site)]).moved() == ()
    assert SiteWatch(lambda: ["/gone/site-packages", "/somewhere"]).moved() == ()


def test_come_gone_and_replaced(site: Path) -> None:
    """Names are normalised; a module that is imported goes on as it was."""
    watch = SiteWatch(lambda: [str(site)])
    shutil.rmtree(site / "Old_Thing-1.0.dist-info")
    shutil.rmtree(site / "pytest-8.0.dist-info")
    put(site, "pytest-9.0.dist-info")
    put(site, "new-2.0+cpu.dist-info")
    put(site, "~ytest-8.0.dist-info")
    assert watch.moved() == (
        Moved("new", None, "2.0+cpu", imported=False),
        Moved("old-thing", "1.0", None, imported=False),
        Moved("pytest", "8.0", "9.0", imported=True),
    )
    assert watch.moved() == ()


def test_files_that_are_no_packages(site: Path) -> None:
    """A cache or a module in the folder moves its time and nothing else."""
    watch = SiteWatch(lambda: [str(site)])
    put(site, "__pycache__")
    assert watch.moved() == ()
