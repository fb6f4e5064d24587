"""Readable for everybody: no violation of axe's rules, in three themes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from lab import Lab, Server

THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")
SECTIONS = ("randomness", "environment", "gpu", "inputs", "runs", "bundle", "checklist")


def test_no_violation_in_light_dark_and_high_contrast(server: Server, window: Callable[..., Lab]) -> None:
    """With every section open, findings, badges and the drawn dataflow."""
    lab = window()
    server.root.joinpath("read.txt").write_text("1")
    lab.open(
        server.notebook(
            "axe.ipynb",
            ["import random\nx = random.random()", "y = x\nopen('read.txt').read()", "x = 2", "z = y"],
        )
    )
    lab.load()
    lab.run(0, 1, 2, 1)
    for section in SECTIONS:
        expect(lab.section(section)).not_to_contain_text("Asking the kernel")
    lab.panel.get_by_role("button", name="Draw the dataflow").click()
    expect(lab.panel.get_by_role("group", name="Dataflow between cells")).to_be_visible()
    assert not _violations(lab, ".jp-ReproPanel", ".jp-ReproBadge")


def test_no_violation_in_the_dialog_of_an_export(server: Server, window: Callable[..., Lab]) -> None:
    """With what speaks against it, its reasons, and every option unfolded."""
    lab = window()
    lab.open(server.notebook("dialog.ipynb", ["import random\nx = random.random()"]))
    lab.load()
    lab.run(0)
    lab.section("bundle").get_by_role("button", name="Export a bundle").click()
    dialog = lab.page.get_by_role("dialog")
    expect(dialog.get_by_role("row", name=re.compile("in all, at most"))).to_be_visible()
    dialog.get_by_label("Export in spite of RP202 not seeded").check()
    folded = dialog.locator("details:not([open]) > summary")
    while folded.count():
        folded.first.click()
    assert not _violations(lab, ".jp-Dialog")


def _violations(lab: Lab, *places: str) -> dict[str, list[str]]:
    """Return what axe finds at these places, by theme and place."""
    found: dict[str, list[str]] = {}
    for theme in THEMES:
        lab.command("apputils:change-theme", theme=theme)
        expect(lab.page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
        for place in places:
            results = Axe().run(lab.page, context=place)
            found[f"{theme} {place}"] = [
                f"{each['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
                for each in results.response["violations"]
                for node in each["nodes"]
            ]
    return {where: each for where, each in found.items() if each}
