"""The panel in JupyterLab: what a user sees, and what the buttons do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from lab import Lab, Server

WOULD = re.compile("Restart & Run All would give")
WOULD_NOT = re.compile("Restart & Run All would not give")


def test_from_loading_to_a_reproduced_notebook(server: Server, window: Callable[..., Lab]) -> None:
    """Load by button, run out of order, read why, and let the button run what is needed."""
    lab = window()
    lab.open(server.notebook("order.ipynb", ["x = 1", "y = x + 1\ny", "x = 5"]))
    lab.show()
    expect(lab.panel).to_contain_text("not loaded in this kernel")
    lab.load()
    expect(lab.badge(0)).to_have_text("not run")
    lab.run(0, 1, 2, 1)
    expect(lab.headline).to_have_text(WOULD_NOT)
    expect(lab.badge(1)).to_have_text("out of order")
    expect(lab.badge(0)).to_have_text("reproduced")
    expect(lab.section("cells")).to_contain_text("it read x as the later cell 3 left it")

    lab.badge(1).hover()
    card = lab.page.get_by_role("dialog", name="Why cell 2 is out of order")
    expect(card).to_contain_text("later cell 3")
    card.get_by_role("button", name="cell 3").click()
    expect(lab.cell(2)).to_have_class(re.compile("jp-mod-active"))
    expect(card).to_have_count(0)

    lab.panel.get_by_role("button", name="Run these 2 cells").click()
    expect(lab.headline).to_have_text(WOULD)
    expect(lab.cell(1).locator(".jp-OutputArea-output")).to_have_text("2")
    expect(lab.page.locator(".jp-Repro-statusItem")).to_have_text("Repro: ok")

    lab.type(0, "x = 2")
    expect(lab.badge(0)).to_have_text("edited")
    expect(lab.badge(1)).to_have_text("stale")
    expect(lab.headline).to_have_text(WOULD_NOT)


def test_a_seed_by_the_button_holds_after_a_restart(server: Server, window: Callable[..., Lab]) -> None:
    """The seed is written into the notebook; restart and run all then gives what run-all would."""
    lab = window()
    lab.open(server.notebook("seed.ipynb", ["import random", "random.random()"]))
    lab.load()
    lab.run(0, 1)
    expect(lab.badge(1)).to_have_text("RNG shifted")
    lab.section("randomness").get_by_role("button", name="Set a seed").click()
    dialog = lab.page.get_by_role("dialog")
    dialog.get_by_label("Seed (a whole number)").fill("7")
    dialog.get_by_role("button", name="Set the seed").click()
    expect(lab.cell(0).locator(".cm-content")).to_contain_text("%repro seed=7")
    expect(lab.section("randomness")).to_contain_text("Seed 7")

    lab.panel.get_by_role("button", name="Restart and run all").first.click()
    lab.page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    expect(lab.cell(2).locator(".jp-OutputArea-output")).to_have_text(re.compile("^0.32383276"))
    expect(lab.headline).to_have_text(WOULD)
    expect(lab.section("randomness")).to_contain_text("seeded")


def test_what_is_known_survives_a_reload_and_is_gone_after_a_restart(
    server: Server, window: Callable[..., Lab]
) -> None:
    """A new page finds all verdicts in the old kernel; a new kernel is loaded as the old one was."""
    lab = window()
    path = server.notebook("again.ipynb", ["a = 1", "b = a"])
    lab.open(path)
    lab.load()
    lab.run(0, 1)
    expect(lab.headline).to_have_text(WOULD)
    lab.page.reload()
    expect(lab.cell(0)).to_be_visible()
    lab.show()
    expect(lab.headline).to_have_text(WOULD)
    expect(lab.badge(1)).to_have_text("reproduced")

    lab.restart()
    expect(lab.badge(1)).to_have_text("not run")
    expect(lab.headline).not_to_have_text(WOULD)

    # no cell loads the extension: the button does, before the first cell runs
    lab.panel.get_by_role("button", name="Restart and run all").click()
    lab.page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    expect(lab.headline).to_have_text(WOULD)


def test_the_panel_follows_the_notebook_in_front(server: Server, window: Callable[..., Lab]) -> None:
    """Each notebook has a link of its own."""
    lab = window()
    lab.open(server.notebook("one.ipynb", ["1 + 1"]))
    lab.load()
    lab.run(0)
    expect(lab.headline).to_have_text(WOULD)
    lab.command("docmanager:open", path=server.notebook("two.ipynb", ["x = 2", "x"]))
    expect(lab.panel).to_contain_text("not loaded in this kernel")
    lab.load()
    expect(lab.section("cells")).to_contain_text("0 of 2 reproduced")
    lab.command("docmanager:open", path="one.ipynb")
    expect(lab.section("cells")).to_contain_text("1 of 1 reproduced")
    expect(lab.headline).to_have_text(WOULD)


def test_two_windows_on_one_kernel_show_the_same(server: Server, window: Callable[..., Lab]) -> None:
    """What runs in one is seen in the other; neither takes the link from the other."""
    one, other = window(), window()
    path = server.notebook("both.ipynb", ["a = 1", "b = a"])
    one.open(path)
    one.load()
    other.open(path)
    other.show()
    one.run(0, 1)
    for lab in (one, other):
        expect(lab.headline).to_have_text(WOULD)
    expect(other.badge(1)).to_have_text("reproduced")


def test_the_panel_answers_while_a_cell_runs(server: Server, window: Callable[..., Lab]) -> None:
    """Sections are answered by a subshell, and the headline names the cell that runs."""
    lab = window()
    lab.open(server.notebook("busy.ipynb", ["import time\nwhile True: time.sleep(.1)"]))
    lab.load()
    lab.cell(0).locator(".jp-InputPrompt").click(position={"x": 50, "y": 8})
    lab.page.keyboard.press("Control+Enter")
    expect(lab.panel.locator(".jp-Repro-busy")).to_contain_text("cell 1 is running")
    expect(lab.section("checklist")).to_contain_text("Randomness is governed by a seed")
    lab.command("notebook:interrupt-kernel")
    expect(lab.panel.locator(".jp-Repro-busy")).to_have_count(0)
    expect(lab.cell(0).locator(".jp-OutputArea-output")).to_contain_text("KeyboardInterrupt")


def test_a_finding_is_allowed_with_a_reason(server: Server, window: Callable[..., Lab]) -> None:
    """The reason is written above the cell, and the finding is gone."""
    lab = window()
    lab.open(server.notebook("allow.ipynb", ["import random\nrandom.random()"]))
    lab.load()
    lab.run(0)
    allow = lab.panel.get_by_role("button", name=re.compile("^Allow RP")).first
    code = re.findall(r"RP\d+", allow.get_attribute("aria-label") or "")[0]
    allow.click()
    dialog = lab.page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("only a demonstration")
    dialog.get_by_role("button", name="Ok").click()
    expect(lab.cell(0).locator(".cm-content")).to_contain_text("only a demonstration")
    expect(lab.cell(0).locator(".cm-content")).to_contain_text(code)


def test_a_strangers_notebook_loads_nothing_by_itself(server: Server, window: Callable[..., Lab]) -> None:
    """A notebook that came from elsewhere is not trusted: that its text loads the extension is no leave to load it."""
    lab = window()
    lab.open(server.notebook("stranger.ipynb", ["%load_ext jupyter_repro", "1 + 1"]))
    lab.show()
    expect(lab.panel.get_by_role("button", name="Load it", exact=True)).to_be_visible()
    # its own user, who ran it and saved it, is not asked again
    lab.run(0, 1)
    expect(lab.headline).to_be_visible()
    lab.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    lab.command("kernelmenu:shutdown")
    expect(lab.panel).to_contain_text("has no kernel")
    lab.open("stranger.ipynb")
    lab.show()
    expect(lab.badge(1)).to_have_text("not run")
