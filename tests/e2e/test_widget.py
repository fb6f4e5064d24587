"""`%repro panel`: the widget for places that our panel does not reach, here in JupyterLab's own widget manager."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from axe import violations
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from lab import Lab, Server

SECTIONS = {
    "Randomness": "no seed is set",
    "Environment": "Python",
    "Drift": "saved outputs",
    "GPU": "GPU",
    "Inputs": "table.csv",
    "Runs": "",
    "Checklist": "Randomness is governed by a seed",
    "Dataflow": "name:x",
    "Bundle": "widget.repro.zip",
}


def test_the_widget_has_the_same_sections_and_follows(server: Server, window: Callable[..., Lab]) -> None:
    """The verdict, each section as the kernel tells it, and what changes while it is shown."""
    server.root.joinpath("table.csv").write_text("1")
    lab = window()
    cells = ["%load_ext jupyter_repro", "x = open('table.csv').read()", "y = x", "x = '2'", "%repro panel"]
    lab.open(server.notebook("widget.ipynb", cells))
    lab.show()
    expect(lab.panel).to_contain_text("not loaded in this kernel")
    lab.run(0, 1, 2, 3, 2, 4)
    widget = lab.cell(4).locator(".repro-panel")
    expect(widget).to_contain_text("Restart & Run All would not give")
    expect(widget.get_by_role("row", name=re.compile("cell 3.*out of order"))).to_be_visible()
    for title, words in SECTIONS.items():
        section = widget.locator(f"details:has(> summary:text-is('{title}'))")
        section.locator("summary").first.click()
        expect(section).not_to_contain_text("Waiting for the kernel")
        expect(section).to_contain_text(words)
    assert not violations(lab, ".repro-panel")

    lab.run(1, 2, 3)
    expect(widget).to_contain_text(re.compile("Restart & Run All would give"))
    widget.get_by_label("Seed", exact=True).fill("7")
    widget.get_by_role("button", name="Set", exact=True).click()
    # messages are answered in their order: what is asked now knows the seed
    for _ in ("closed", "opened"):
        widget.locator("summary:text-is('Randomness')").click()
    expect(widget).to_contain_text("seed 7")


def test_the_widget_compares_runs_and_keeps_notes(server: Server, window: Callable[..., Lab]) -> None:
    """Two lives of a kernel stand beside each other, and a note on the checklist lies beside the notebook."""
    lab = window()
    lab.open(server.notebook("told.ipynb", ["import random", "random.random()", "%repro panel"]))
    lab.load()
    for order in ((0, 1), (1, 0, 1)):
        lab.run(*order)
        lab.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
        lab.restart()
        expect(lab.badge(1)).to_have_text("not run")
    lab.run(2)
    widget = lab.cell(2).locator(".repro-panel")
    widget.locator("summary:text-is('Runs')").click()
    choices = widget.get_by_role("checkbox", name=re.compile("^Choose run"))
    expect(choices).to_have_count(2)
    compare = widget.get_by_role("button", name="Compare the two chosen")
    choices.first.check()
    expect(compare).to_be_disabled()
    choices.last.check()
    compare.click()
    expect(widget.get_by_role("row", name=re.compile("^cell 2 "))).to_be_visible()

    widget.locator("summary:text-is('Checklist')").click()
    widget.get_by_role("button", name="Add a note on: Randomness").click()
    field = widget.get_by_role("textbox", name=re.compile("^Note on: "))
    expect(field).to_be_focused()
    field.fill("no paper shows these numbers")
    field.press("Enter")
    row = widget.get_by_role("row", name=re.compile("no paper shows these numbers"))
    expect(row.get_by_role("button", name="Edit the note")).to_be_visible()
    assert "no paper" in server.root.joinpath(".jupyter_repro/checklist-told.ipynb.json").read_text()
    assert not violations(lab, ".repro-panel")
