"""Take the pictures of the panel for docs/images: each section, light and dark, in a real JupyterLab.

Run it in the environment of the browser's tests: ``.venv-browser/bin/python scripts/screenshots.py``.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests/e2e"))

from lab import CHROMIUM, FLAGS, Lab, Server  # noqa: E402 - the path comes first
from PIL import Image  # noqa: E402 - as above
from playwright.sync_api import expect, sync_playwright  # noqa: E402 - as above

IMAGES = ROOT / "docs/images"
CELLS = (
    "import numpy as np",
    "rng_scale = 2.0\nheights = np.loadtxt('heights.csv')",
    "sample = np.random.choice(heights, 5)\nsample.mean()",
    "scaled = heights * rng_scale\nscaled.mean()",
    "rng_scale = 3.0",
)
SECTIONS = ("status", "cells", "randomness", "environment", "gpu", "inputs", "runs", "bundle", "checklist")
WIDE = {"width": 1200, "height": 700}
TALL = {"width": 1200, "height": 1200}
HIDE_PLACES = """section => section.querySelectorAll('dt').forEach(
    name => { if (['archive', 'editable'].includes(name.textContent)) name.parentElement.style.display = 'none'; })"""
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


def main() -> None:
    """Write ``panel-{light,dark}.png`` and ``panel-SECTION-{light,dark}.png``."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        try:
            server.wait()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
            page = browser.new_context(viewport=WIDE).new_page()
            lab = Lab(page, server)
            _prepare(lab)
            for name, theme in THEMES.items():
                lab.command("apputils:change-theme", theme=theme)
                expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
                _take(lab, name)
                _take_dialog(lab, name)
            browser.close()
        finally:
            server.stop()


def _prepare(lab: Lab) -> None:
    lab.server.root.joinpath("heights.csv").write_text("\n".join(str(150 + 7 * n % 50) for n in range(40)))
    lab.open(lab.server.notebook("heights.ipynb", CELLS))
    lab.load()
    # a restart leaves the numbers in the prompts: each run has to change its cell's
    lab.run(0, 1, 2, 3, 4)
    _restart(lab)
    lab.run(1, 0, 1, 2, 3, 4)
    _restart(lab)
    lab.run(2, 3, 0, 1, 2, 3, 4, 3)
    lab.command("application:toggle-left-area")
    expect(lab.badge(3)).to_have_text("out of order")
    # a sidebar of a reader's width
    handle = lab.page.locator("#jp-right-stack").bounding_box()
    if handle:
        lab.page.mouse.move(handle["x"] - 2, 300)
        lab.page.mouse.down()
        lab.page.mouse.move(820, 300)
        lab.page.mouse.up()


def _restart(lab: Lab) -> None:
    """End a run that has saved its outputs: it is on record then."""
    lab.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    lab.restart()
    expect(lab.badge(3)).to_have_text("not run")


def _take(lab: Lab, theme: str) -> None:
    for section in SECTIONS:
        lab.page.set_viewport_size(WIDE)
        _only(lab, "status", "cells")
        if section == "status":
            lab.panel.evaluate("node => node.scrollTo(0, 0)")
            _write(lab.page.screenshot(), f"panel-{theme}.png")
        lab.page.set_viewport_size(TALL)
        _only(lab, section)
        body = lab.section(section)
        expect(body).not_to_contain_text("Asking the kernel")
        if section == "cells":
            draw = body.get_by_role("button", name="Draw the dataflow")
            if draw.count():
                draw.click()
            expect(body.get_by_role("group", name="Dataflow between cells")).to_be_visible()
        if section == "runs":
            for box in body.get_by_role("checkbox").all()[:2]:
                box.check()
            body.get_by_role("button", name="Compare the two chosen").click()
            expect(body.locator(".jp-Repro-diff")).to_be_visible()
        # where this machine keeps the package is nobody's business
        body.evaluate(HIDE_PLACES)
        body.scroll_into_view_if_needed()
        _write(body.screenshot(), f"panel-{section}-{theme}.png")


def _take_dialog(lab: Lab, theme: str) -> None:
    lab.page.set_viewport_size(TALL)
    _only(lab, "bundle")
    lab.section("bundle").get_by_role("button", name="Export a bundle").click()
    dialog = lab.page.get_by_role("dialog")
    expect(dialog.get_by_role("row", name="in all, at most")).to_be_visible()
    _write(dialog.locator(".jp-Dialog-content").screenshot(), f"panel-export-{theme}.png")
    dialog.get_by_role("button", name="Cancel").click()


def _only(lab: Lab, *names: str) -> None:
    """Open these sections and close the others."""
    for section in SECTIONS:
        title = lab.panel.locator(f"section[data-section='{section}'] button").first
        if (title.get_attribute("aria-expanded") == "true") != (section in names):
            title.click()


def _write(png: bytes, name: str) -> None:
    """Keep 128 colours: a picture of flat areas loses nothing that the eye sees."""
    image = (
        Image.open(io.BytesIO(png))
        .convert("RGB")
        .quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    )
    image.save(IMAGES / name, optimize=True)


if __name__ == "__main__":
    main()
