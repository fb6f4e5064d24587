"""Every fact that an author should know has a code, a sentence and a next step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from jupyter_repro.bundle.canonical import Trace
from jupyter_repro.bundle.findings import as_project_decides, export_findings
from jupyter_repro.bundle.gather import Gathered
from jupyter_repro.bundle.lock import Locked, Vendored
from jupyter_repro.bundle.notebook import Notebook, read_notebook
from jupyter_repro.records import CellId, Finding, InputFile
from jupyter_repro.records.proof import CellProof
from jupyter_repro.rules.configured import settings_from

_NOTHING: dict[str, Any] = {
    "notebook": Notebook(path=Path("nb.ipynb"), raw=b"", node={"cells": []}),
    "proofs": (),
    "trace": Trace(),
    "gathered": Gathered(
        root=Path(), packed=(), external=(), kept_out=(), unreadable=(), links=(), rewritten=()
    ),
    "locked": Locked(packages=(), vendored=(), warnings=()),
    "image": f"python@sha256:{'0' * 64}",
}
_FILE = InputFile(path=str(Path.home() / "x.csv"), role="data", sha256="a" * 64, size=7)


def _found(part: str, **changes: Any) -> tuple[Finding, ...]:
    return export_findings(**{**_NOTHING, part: msgspec.structs.replace(_NOTHING[part], **changes)})


def _proof(number: int, verdict: str, why: str = "why") -> CellProof:
    return CellProof(id=f"c{number}", label=f"cell {number}", verdict=verdict, why=why)  # type: ignore[arg-type] # from the table


def test_nothing_to_say() -> None:
    """A clean export has no finding."""
    assert export_findings(**_NOTHING) == ()


@pytest.mark.parametrize(
    ("part", "changes", "code", "message"),
    [
        ("gathered", {"external": (_FILE,)}, "RP803", "`~/x.csv` is read by the notebook and is not in the bundle (7 bytes)"),
        ("gathered", {"kept_out": (_FILE,)}, "RP803", "`~/x.csv` is read by the notebook and may not be unpacked on another machine"),
        ("gathered", {"unreadable": (("p", "it may not be read"),)}, "RP803", "`p` is read by the notebook and could not be packed: it may not be read"),
        ("gathered", {"links": (("l", "/srv/x"),)}, "RP804", "`l` is a link to `/srv/x`; the bundle holds the bytes, not the link"),
        ("gathered", {"rewritten": ("c",)}, "RP805", "`c` is read and later written by the notebook; the bundle holds it as the run left it"),
        ("trace", {"effects": ("network",)}, "RP806", "the run did what no bundle can replay: network"),
        ("trace", {"blind_spots": ("h5py", "polars")}, "RP807", "files read by h5py, polars cannot be seen and may be missing"),
        ("locked", {"edited": ("six 1 (six.py)",)}, "RP808", "installed files were edited by hand and are packed as they are: six 1 (six.py)"),
        ("notebook", {"notes": ("2 cells had no id of their own",)}, "RP809", "2 cells had no id of their own"),
        (
            "locked",
            {"vendored": (Vendored(name="x", version="1", wheel=Path("x.whl"), why="it is an editable install", files=()),)},
            "RP810",
            "x 1 is carried in the bundle: it is an editable install",
        ),
        ("locked", {"warnings": ("x came from conda",)}, "RP811", "x came from conda"),
    ],
)  # fmt: skip
def test_each_fact_has_its_code(part: str, changes: dict[str, Any], code: str, message: str) -> None:
    """One finding a fact, without the author's home, with a remedy."""
    (finding,) = _found(part, **changes)
    assert (finding.code, finding.message) == (code, message)
    assert finding.remedy


def test_an_image_without_a_digest() -> None:
    """It is told; nobody is asked for one."""
    (finding,) = export_findings(**{**_NOTHING, "image": ""})
    assert (finding.code, finding.severity) == ("RP815", "info")
    assert "--image" in finding.remedy


def test_cells_that_differ_and_cells_that_show_nothing() -> None:
    """One finding a differing cell; cells without a run share one."""
    proofs = (
        _proof(1, "identical", ""),
        _proof(2, "differs"),
        _proof(3, "error"),
        *(_proof(n, "not run") for n in range(4, 10)),
    )
    found = export_findings(**{**_NOTHING, "proofs": proofs})
    assert [(finding.code, finding.severity, finding.cell) for finding in found] == [
        ("RP801", "warning", "c2"),
        ("RP801", "warning", "c3"),
        ("RP802", "info", "c4"),
    ]
    assert "cell 4, cell 5, cell 6, cell 7 and 2 more" in found[2].message


def test_the_project_and_comments_decide_about_them(tmp_path: Path) -> None:
    """As about findings of the kernel: allowed with a reason, weighed, or not asked."""
    path = tmp_path / "n.ipynb"
    node = new_notebook(cells=[new_code_cell("1 # repro: allow RP801 because it is the date", id="c2")])
    path.write_text(nbformat.writes(node), encoding="utf-8")
    found = (
        Finding(code="RP801", severity="warning", message="m", remedy="r", cell=CellId("c2")),
        Finding(code="RP803", severity="warning", message="m", remedy="r"),
        Finding(code="RP806", severity="warning", message="m", remedy="r"),
        Finding(code="RP809", severity="info", message="m", remedy="r"),
    )
    table = {
        "ignore": {"RP806": "public"},
        "severity": {"RP803": "error"},
        "select": ["RP801", "RP803", "RP806"],
    }
    decided = as_project_decides(found, read_notebook(path), settings_from(table, where="here"))
    assert [(each.code, each.severity, each.message) for each in decided] == [
        ("RP801", "info", "m (allowed here: it is the date)"),
        ("RP803", "error", "m"),
        ("RP806", "info", "m (allowed here: public)"),
    ]
