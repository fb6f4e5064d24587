"""Readable for everybody: no violation of axe's rules, in three themes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from axe import violations
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from lab import Lab, Server

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
    assert not violations(lab, ".jp-ReproPanel", ".jp-ReproBadge")


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
    assert not violations(lab, ".jp-Dialog")


def test_no_violation_in_what_asks_and_explains(server: Server, window: Callable[..., Lab]) -> None:
    """The card of a badge, and the dialogs of a seed, of a reason and of a verification."""
    server.root.joinpath("some.repro.zip").write_bytes(b"no zip")
    lab = window()
    lab.open(server.notebook("asks.ipynb", ["import random\nx = random.random()"]))
    lab.load()
    lab.run(0)
    lab.badge(0).click()
    assert not violations(lab, ".jp-ReproBadge-card")
    lab.page.keyboard.press("Escape")

    lab.panel.get_by_role("button", name="Set a seed").first.click()
    assert not violations(lab, ".jp-Dialog")
    lab.page.keyboard.press("Escape")
    lab.panel.get_by_role("button", name=re.compile("^Allow RP")).first.click()
    assert not violations(lab, ".jp-Dialog")
    lab.page.keyboard.press("Escape")
    lab.page.locator(".jp-DirListing-item", has_text="some.repro.zip").click(button="right")
    lab.page.get_by_role("menuitem", name="Verify this bundle").click()
    assert not violations(lab, ".jp-Dialog")


def test_the_keyboard_alone_opens_loads_and_reads(server: Server, window: Callable[..., Lab]) -> None:
    """Ctrl+Alt+R opens the panel; Tab reaches its buttons, in their order; Enter does what a click does."""
    lab = window()
    lab.open(server.notebook("keys.ipynb", ["x = 1"]))
    lab.page.keyboard.press("Control+Alt+r")
    load = lab.panel.get_by_role("button", name="Load it", exact=True)
    expect(load).to_be_visible()
    load.focus()
    lab.page.keyboard.press("Enter")
    expect(lab.headline).to_be_visible()
    title = lab.panel.locator("section[data-section='status'] button").first
    title.focus()
    reached = []
    for _ in range(40):
        lab.page.keyboard.press("Tab")
        reached.append(lab.page.evaluate("() => document.activeElement.textContent"))
        if reached[-1].startswith("Checklist"):
            break
    titles = ("Cells", "Randomness", "Environment", "GPU", "Inputs", "Runs", "Bundle", "Checklist")
    found = [title for each in reached for title in titles if each.startswith(title)]
    assert found == [*titles], reached
    lab.page.keyboard.press("Enter")
    expect(lab.section("checklist")).to_contain_text("Randomness is governed by a seed")
