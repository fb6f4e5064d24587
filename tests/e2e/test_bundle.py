"""Export from the panel: options, progress, cancel."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

from axe import violations
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from lab import Lab, Server


LONG_MS = 240_000
"""How long an export or a verification may take on a busy machine: each makes an environment."""

WATCH = """() => {
    window.seenRows = new Set();
    const look = () => document.querySelectorAll("[data-job='verify'] tr[data-state]").forEach(
        row => window.seenRows.add(`${row.querySelector('th').textContent} ${row.dataset.state}`));
    new MutationObserver(look).observe(document.body, {subtree: true, childList: true, attributes: true});
}"""


def test_an_export_is_refused_answered_for_and_cancelled(server: Server, window: Callable[..., Lab]) -> None:
    """The dialog names what refuses; with a reason it goes on; there is a step and a bar; cancelled, it leaves no file."""
    lab = window()
    lab.open(server.notebook("pack.ipynb", ["import random, time\nx = random.random()", "time.sleep(60)"]))
    lab.load()
    bundle = lab.section("bundle")
    expect(bundle.get_by_role("row", name=re.compile("notebook"))).to_be_visible()
    bundle.get_by_role("button", name="Export a bundle").click()
    dialog = lab.page.get_by_role("dialog")
    expect(dialog.get_by_label("File, beside the notebook")).to_have_value("pack.repro.zip")
    expect(dialog.get_by_role("row", name=re.compile("in all, at most"))).to_be_visible()
    expect(dialog.get_by_label("Export in spite of RP202 not seeded")).not_to_be_checked()
    dialog.get_by_role("button", name="Export").click()
    refused = bundle.locator("[data-job='export'][data-state='failed']")
    expect(refused).to_contain_text("RP202 not seeded")

    refused.get_by_role("button", name="Answer for it").click()
    dialog.get_by_label("Export in spite of RP202 not seeded").check()
    dialog.get_by_role("button", name="Export").click()
    expect(dialog).to_contain_text("Say why it is exported in spite of RP202")
    dialog.get_by_label("Reason for RP202 not seeded").fill("a demonstration")
    dialog.get_by_role("button", name="Export").click()
    job = bundle.locator("[data-job='export']").first
    expect(job).to_have_attribute("data-state", "running")
    expect(job.get_by_role("progressbar", name="Export")).to_be_visible()
    expect(job.get_by_role("status")).to_have_text(re.compile(r"step \d+ of \d+: running cell 2"))
    job.get_by_role("button", name="Cancel").click()
    expect(job).to_have_attribute("data-state", "cancelled")
    expect(bundle.get_by_role("button", name="Export a bundle")).to_be_enabled()
    assert [path.name for path in server.root.iterdir() if path.name.startswith("pack.")] == ["pack.ipynb"]


def test_a_bundle_is_written_downloaded_and_verified(server: Server, window: Callable[..., Lab]) -> None:
    """From the button to a file that the file browser verifies, cell by cell, to a report that opens."""
    lab = window()
    lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lab.open(server.notebook("good.ipynb", ["values = [1, 2, 3]\nvalues", "sum(values)"]))
    lab.load()
    lab.run(0, 1)
    lab.note("seed", "no cell draws")
    bundle = lab.section("bundle")
    bundle.get_by_role("button", name="Export a bundle").click()
    dialog = lab.page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 cells in one run from top to bottom")
    expect(dialog.get_by_role("group", name="Speaks against it")).to_have_count(0)
    dialog.get_by_role("button", name="Export").click()
    made = bundle.locator("[data-job='export']")
    expect(made).to_have_attribute("data-state", "done", timeout=LONG_MS)
    expect(made).to_contain_text("2 of 2 shown cells agree with a fresh run")
    with lab.page.expect_download() as download:
        made.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "good.repro.zip"
    packed = zipfile.ZipFile(download.value.path())
    assert "repro.json" in packed.namelist()
    assert "no cell draws" in packed.read("README.md").decode()
    made.get_by_role("button", name="Copy the command").click()
    lab.page.wait_for_function(
        "async () => (await navigator.clipboard.readText()) === 'uv run good.repro.zip'"
    )

    lab.page.evaluate(WATCH)
    lab.page.locator(".jp-DirListing-item", has_text="good.repro.zip").click(button="right")
    lab.page.get_by_role("menuitem", name="Verify this bundle").click()
    dialog.get_by_label("Sandbox").select_option("if-possible")
    dialog.get_by_role("button", name="Verify").click()
    job = bundle.locator("[data-job='verify']")
    expect(job).to_have_attribute("data-state", "done", timeout=LONG_MS)
    for cell in ("cell 1", "cell 2"):
        expect(job.get_by_role("row", name=re.compile(f"^{cell}.*reproduced"))).to_be_visible()
    expect(job).to_contain_text("reproduced: 2 of 2 cells give the author's results")
    seen = lab.page.evaluate("() => [...window.seenRows]")
    assert {"cell 1 ran", "cell 2 ran"} <= set(seen) or "cell 1 running" in seen, seen
    assert not violations(lab, "section[data-section='bundle']")
    job.get_by_role("button", name="Open the report").click()
    page = lab.page.frame_locator(".jp-HTMLViewer:visible iframe")
    expect(page.locator("body")).to_contain_text("good.ipynb")


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
