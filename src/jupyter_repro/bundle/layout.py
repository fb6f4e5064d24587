"""Where everything lies inside a bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_repro.records import InputFile

__all__ = [
    "ACM",
    "CITATION",
    "CRATE",
    "DIRTY_PATCH",
    "ENVIRONMENT",
    "GIT",
    "MAIN",
    "MANIFEST",
    "NEURIPS",
    "NOTEBOOK",
    "PREVIEW",
    "PYLOCK",
    "PYTHON_VERSION",
    "QUICK_REFERENCE",
    "README",
    "RECIPE",
    "RECORDS",
    "REFERENCE",
    "REQUIREMENTS",
    "STATEMENT",
    "VERIFIER",
    "WHEELS",
    "ZIP_DATE",
    "input_member",
]

MAIN = "__main__.py"
MANIFEST = "MANIFEST.sha256"
README = "README.md"
RECIPE = "repro.json"
NOTEBOOK = "notebook.ipynb"
REFERENCE = "reference.ipynb"
QUICK_REFERENCE = "reference-quick.ipynb"
PYLOCK = "env/pylock.toml"
REQUIREMENTS = "env/requirements.lock.txt"
RECORDS = "env/records.json"
ENVIRONMENT = "env/environment.json"
PYTHON_VERSION = "env/python-version"
WHEELS = "wheels"
VERIFIER = "verifier"
GIT = "source/git.json"
DIRTY_PATCH = "source/dirty.patch"
CITATION = "CITATION.cff"
NEURIPS = "checklists/neurips.md"
ACM = "checklists/acm-artifact.md"
STATEMENT = "statement.intoto.json"
CRATE = "ro-crate-metadata.json"
PREVIEW = "ro-crate-preview.html"

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip can name; no real date ever enters a bundle."""

_FOLDERS = {"data": "data", "source": "src"}


def input_member(file: InputFile) -> str:
    """Return the member that carries an input file."""
    return f"{_FOLDERS[file.role]}/{file.path}"
