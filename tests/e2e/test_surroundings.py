"""What stands around the cells: the environment that made the saved outputs, and what the author notes."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

from axe import violations
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lab import Lab, Server


def _install(folder: Path, version: str) -> None:
    """Put a package where the kernel of a notebook in this folder finds it, as an installer would."""
    for before in folder.glob("tinypkg-*.dist-info"):
        shutil.rmtree(before)
    (folder / "tinypkg.py").write_text(f"__version__ = {version!r}\n")
    info = folder / f"tinypkg-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: tinypkg\nVersion: {version}\n")
    (info / "INSTALLER").write_text("pip\n")
    (info / "RECORD").write_text(f"tinypkg.py,,\n{info.name}/METADATA,,\n{info.name}/RECORD,,\n")


def test_drift_from_the_saved_outputs_is_ranked(server: Server, window: Callable[..., Lab]) -> None:
    """A notebook whose outputs another version of a package made says so, with the command that brings it back."""
    _install(server.root, "1.0")
    lab = window()
    lab.open(server.notebook("drift.ipynb", ["import tinypkg\ntinypkg.__version__"]))
    lab.load()
    lab.run(0)
    expect(lab.cell(0).locator(".jp-OutputArea-output")).to_have_text("'1.0'")
    lab.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    assert "'1.0'" in (server.root / "drift.ipynb").read_text()
    # its end is on record when this returns: the next package is none of it
    lab.page.evaluate("() => window.jupyterapp.commands.execute('kernelmenu:shutdown')")
    expect(lab.panel).to_contain_text("has no kernel")
    _install(server.root, "2.0")
    lab.open("drift.ipynb")
    lab.load()
    drift = lab.section("environment").get_by_role("listitem").filter(has_text="tinypkg")
    expect(drift).to_contain_text("1.0 → 2.0")
    expect(drift).to_contain_text(re.compile("can change numbers|may change results"))
    expect(drift.get_by_role("button", name="Copy the command")).to_be_visible()


def test_two_runs_beside_each_other(server: Server, window: Callable[..., Lab]) -> None:
    """Each life of a kernel is a run; two of them are compared, and what they read is tracked by a button."""
    server.root.joinpath("in.csv").write_text("1")
    lab = window()
    lab.open(
        server.notebook("lives.ipynb", ["import random\nfor line in open('in.csv'): pass", "random.random()"])
    )
    lab.load()
    # a restart leaves the numbers in the prompts: each run has to change its cell's
    for order in ((0, 1), (1, 0, 1)):
        lab.run(*order)
        lab.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
        lab.restart()
        expect(lab.badge(1)).to_have_text("not run")
    runs = lab.section("runs")
    expect(runs.get_by_role("checkbox")).to_have_count(2)
    for box in runs.get_by_role("checkbox").all():
        box.check()
    runs.get_by_role("button", name="Compare the two chosen").click()
    expect(runs.locator(".jp-Repro-diff")).to_contain_text("cell 2")
    assert not violations(lab, "section[data-section='runs']")

    lab.run(0)
    inputs = lab.section("inputs")
    inputs.get_by_role("button", name="Track this file").click()
    expect(inputs.get_by_text("as tracked", exact=True)).to_be_visible()


def test_a_note_beside_the_checklist_survives_a_reload(server: Server, window: Callable[..., Lab]) -> None:
    """It is written in the panel, kept beside the notebook and not in it, and can be edited."""
    lab = window()
    lab.open(server.notebook("noted.ipynb", ["x = 1"]))
    lab.load()
    seed = lab.section("checklist").locator("[data-check='seed']")
    seed.get_by_role("button", name="Add a note").click()
    field = seed.get_by_role("textbox", name=re.compile("^Note"))
    expect(field).to_be_focused()
    field.fill("no cell draws")
    seed.get_by_role("button", name="Keep the note").click()
    expect(seed).to_contain_text("Note: no cell draws")

    lab.page.reload()
    expect(lab.cell(0)).to_be_visible()
    lab.show()
    seed = lab.section("checklist").locator("[data-check='seed']")
    expect(seed).to_contain_text("Note: no cell draws")
    seed.get_by_role("button", name="Edit the note").click()
    field.fill("")
    seed.get_by_role("button", name="Keep the note").click()
    expect(seed).not_to_contain_text("no cell draws")
    assert "draws" not in json.dumps(json.loads((server.root / "noted.ipynb").read_text()))
