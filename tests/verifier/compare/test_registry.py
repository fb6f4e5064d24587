"""Comparers are found by their files; a package may bring one, and it travels in the bundle."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.bundle.contents import _program
from jupyter_repro.verifier.compare import registry
from jupyter_repro.verifier.compare.bundle import compare_forms
from jupyter_repro.verifier.compare.image import compare_image
from jupyter_repro.verifier.compare.registry import comparer_for
from jupyter_repro.verifier.compare.tolerance import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OWN = "text/x-molecule"
_SOURCE = """
MIMES = ("text/x-molecule", "image/png", "image/*")

def compare(reference, fresh, *, rtol, atol):
    if fresh == "broken":
        raise RuntimeError("no molecule")
    same = sorted(reference) == sorted(fresh)
    return ("equivalent", "the same atoms") if same else ("differs", "other atoms")
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installed package with a comparer."""
    (tmp_path / "molecules.py").write_text(_SOURCE, encoding="utf-8")
    info = tmp_path / "molecules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: molecules\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[jupyter_repro.comparers]\nown = molecules\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    registry._every.cache_clear()
    yield
    registry._every.cache_clear()
    sys.modules.pop("molecules", None)


@pytest.mark.parametrize(
    ("mime", "module"),
    [
        ("text/plain", "text"),
        ("text/html", "html"),
        ("image/png", "image"),
        ("image/svg+xml", "svg"),
        ("image/webp", "opaque"),
        ("application/pdf", "pdf"),
        ("application/vnd.plotly.v1+json", "structure"),
        ("application/vnd.vegalite.v5+json", "structure"),
    ],
)
def test_each_type_has_its_file(mime: str, module: str) -> None:
    """An exact name goes before a pattern."""
    found = comparer_for(mime)
    assert found is not None
    assert found.compare.__module__.rpartition(".")[2] == module


@pytest.mark.usefixtures("plugin")
def test_a_package_brings_a_comparer() -> None:
    """It judges its own type, takes none of ours, and neither ends the run nor passes when it fails."""
    forms = [{_OWN: text} for text in ("CHO", "OHC", "CO", "broken")]
    same = compare_forms(forms[0], forms[1], Tolerance())
    assert (same.verdict, same.why) == ("equivalent", "the same atoms (by the plug-in molecules)")
    other = compare_forms(forms[0], forms[2], Tolerance())
    assert other.why == f"{_OWN}: other atoms (by the plug-in molecules)"
    failed = compare_forms(forms[0], forms[3], Tolerance())
    assert (failed.verdict, failed.why) == (
        "differs",
        f"{_OWN}: its comparer failed (RuntimeError: no molecule)",
    )
    ours = comparer_for("image/png")
    assert ours is not None
    assert ours.compare is compare_image


@pytest.mark.usefixtures("plugin")
def test_it_travels_in_the_bundle() -> None:
    """Its file lies beside ours."""
    names = {member.name for member in _program()}
    assert "verifier/compare/plugin_molecules.py" in names
    assert "verifier/compare/html.py" in names
