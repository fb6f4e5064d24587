"""The JupyterLab extension and the Python package are one thing with one version."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jupyter_repro

PANEL = Path(__file__).parent.parent / "labextension"


def test_both_packages_have_one_version() -> None:
    """The panel tells the kernel the version that the kernel's side has."""
    told = re.search(r"VERSION = '(.+)'", (PANEL / "src/version.ts").read_text())
    assert told is not None
    package = json.loads((PANEL / "package.json").read_text())
    lock = json.loads((PANEL / "package-lock.json").read_text())
    versions = {package["version"], lock["version"], told.group(1)}
    assert versions == {jupyter_repro.__version__}


def test_the_lock_names_no_registry() -> None:
    """Whoever builds takes packages from the registry of their own configuration."""
    assert '"resolved"' not in (PANEL / "package-lock.json").read_text()
