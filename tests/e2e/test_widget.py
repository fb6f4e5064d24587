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
    widget.get_by_label("Seed").fill("7")
    widget.get_by_role("button", name="Set", exact=True).click()
    # messages are answered in their order: what is asked now knows the seed
    for _ in ("closed", "opened"):
        widget.locator("summary:text-is('Randomness')").click()
    expect(widget).to_contain_text("seed 7")
