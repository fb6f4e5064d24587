"""Export from the panel: options, progress, cancel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from lab import Lab, Server


def test_an_export_shows_its_steps_and_is_cancelled(server: Server, window: Callable[..., Lab]) -> None:
    """What it would hold is told before; while it runs there is a step and a bar; cancelled, it leaves no file."""
    lab = window()
    lab.open(server.notebook("pack.ipynb", ["import time\nx = 1", "time.sleep(60)"]))
    lab.load()
    lab.run(0)
    bundle = lab.section("bundle")
    expect(bundle.get_by_role("row", name=re.compile("notebook"))).to_be_visible()
    bundle.get_by_role("button", name="Export a bundle").click()
    dialog = lab.page.get_by_role("dialog")
    expect(dialog.get_by_label("File, beside the notebook")).to_have_value("pack.repro.zip")
    dialog.get_by_role("button", name="Export").click()
    job = bundle.locator("[data-job='export']")
    expect(job).to_have_attribute("data-state", "running")
    expect(job.get_by_role("progressbar", name="Export")).to_be_visible()
    expect(job.get_by_role("status")).to_have_text(re.compile(r"step \d+ of \d+: \w+"))
    job.get_by_role("button", name="Cancel").click()
    expect(job).to_have_attribute("data-state", "cancelled")
    expect(bundle.get_by_role("button", name="Export a bundle")).to_be_enabled()
    assert not server.root.joinpath("pack.repro.zip").exists()


def test_a_bundle_is_verified_from_the_file_browser(server: Server, window: Callable[..., Lab]) -> None:
    """The context menu asks first, and what is wrong with the file is said beside the job."""
    server.root.joinpath("broken.repro.zip").write_bytes(b"no zip")
    lab = window()
    lab.open(server.notebook("judge.ipynb", ["1 + 1"]))
    lab.load()
    other = lab.page.locator(".jp-DirListing-item", has_text="judge.ipynb")
    verify = lab.page.get_by_role("menuitem", name="Verify this bundle")
    other.click(button="right")
    expect(lab.page.get_by_role("menuitem", name="Rename")).to_be_visible()
    expect(verify).to_have_count(0)
    lab.page.keyboard.press("Escape")
    lab.page.locator(".jp-DirListing-item", has_text="broken.repro.zip").click(button="right")
    verify.click()
    dialog = lab.page.get_by_role("dialog")
    expect(dialog).to_contain_text("code of its author runs on this machine")
    dialog.get_by_label("Sandbox").select_option("if-possible")
    dialog.get_by_role("button", name="Verify").click()
    # the panel opens the section by itself
    job = lab.panel.locator("section[data-section='bundle'] [data-job='verify']")
    expect(job).to_have_attribute("data-state", re.compile("done|failed"))
    expect(job).to_contain_text(re.compile("zip"))
