"""One build in JupyterLab and in Notebook 7: the tests that `make panel-versions` runs in each version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from lab import Lab, Server


@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_the_panel_opens_loads_and_shows_badges(server: Server, window: Callable[..., Lab], app: str) -> None:
    """Opened from the toolbar, loaded by the button, with badges and a plan that runs."""
    lab = window(app)
    lab.open(server.notebook(f"smoke-{app}.ipynb", ["x = 1", "y = x", "x = 3"]))
    lab.page.get_by_role("button", name=re.compile("Reproducib|Restart & Run All would")).first.click()
    expect(lab.panel).to_be_visible()
    lab.load()
    lab.run(0, 1, 2, 1)
    expect(lab.badge(1)).to_have_text("out of order")
    lab.panel.get_by_role("button", name="Run these 2 cells").click()
    expect(lab.headline).to_have_text(re.compile("Restart & Run All would give"))


def test_a_busy_kernel_is_said_to_be_busy(server: Server, window: Callable[..., Lab]) -> None:
    """While a cell runs the headline names it, where a subshell answers; else what was known stays, and then goes on."""
    lab = window()
    lab.open(server.notebook("smoke-busy.ipynb", ["import time", "while True: time.sleep(.1)"]))
    lab.load()
    lab.run(0)
    expect(lab.badge(0)).to_have_text("reproduced")
    lab.cell(1).locator(".jp-InputPrompt").click(position={"x": 50, "y": 8})
    lab.page.keyboard.press("Control+Enter")
    expect(lab.cell(1).locator(".jp-InputPrompt")).to_have_text("[*]:")
    expect(lab.headline).to_be_visible()
    lab.command("notebook:interrupt-kernel")
    expect(lab.badge(1)).not_to_have_text("not run")
    expect(lab.panel.locator(".jp-Repro-busy")).to_have_count(0)
