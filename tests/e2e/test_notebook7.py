"""The same build in Notebook 7."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from lab import Lab, Server


def test_the_panel_in_notebook_7(server: Server, window: Callable[..., Lab]) -> None:
    """Opened from the toolbar, loaded by the button, with badges and a plan that runs."""
    lab = window("notebook")
    lab.open(server.notebook("seven.ipynb", ["x = 1", "y = x", "x = 3"]))
    lab.page.get_by_role("button", name=re.compile("Reproducib|Restart & Run All would")).first.click()
    expect(lab.panel).to_be_visible()
    lab.load()
    lab.run(0, 1, 2, 1)
    expect(lab.badge(1)).to_have_text("out of order")
    lab.panel.get_by_role("button", name="Run these 2 cells").click()
    expect(lab.headline).to_have_text(re.compile("Restart & Run All would give"))
