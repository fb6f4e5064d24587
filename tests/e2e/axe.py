"""What axe says of a place on the page, in the three themes that readers use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from lab import Lab

__all__ = ["violations"]

THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")


def violations(lab: Lab, *places: str) -> dict[str, list[str]]:
    """Return what axe finds at these places, by theme and place."""
    found: dict[str, list[str]] = {}
    for theme in THEMES:
        lab.command("apputils:change-theme", theme=theme)
        expect(lab.page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
        for place in places:
            expect(lab.page.locator(place).first).to_be_visible()
            results = Axe().run(lab.page, context=place)
            found[f"{theme} {place}"] = [
                f"{each['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
                for each in results.response["violations"]
                for node in each["nodes"]
            ]
    return {where: each for where, each in found.items() if each}
