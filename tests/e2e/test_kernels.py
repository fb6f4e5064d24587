"""What may happen to a kernel and to its page: it comes late, speaks another language, is at work, is renamed around."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from axe import violations
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from lab import Lab, Server

WOULD = re.compile("Restart & Run All would give")


def test_a_kernel_that_comes_late(server: Server, window: Callable[..., Lab]) -> None:
    """A notebook without one says so; with the kernel that the button selects it links like any other."""
    lab = window()
    lab.goto(server.notebook("late.ipynb", ["x = 1"], kernel="of-another-machine"))
    dialog = lab.page.get_by_role("dialog")
    dialog.get_by_role("button", name="No Kernel").click()
    lab.show()
    expect(lab.panel).to_contain_text("This notebook has no kernel.")
    assert not violations(lab, ".jp-ReproPanel")

    lab.panel.get_by_role("button", name="Select a kernel").click()
    dialog.get_by_role("combobox").select_option(label="Python 3 (ipykernel)")
    dialog.get_by_role("button", name="Select Kernel").click()
    expect(lab.panel).to_contain_text("not loaded in this kernel")
    assert not violations(lab, ".jp-ReproPanel")
    lab.load()
    lab.run(0)
    expect(lab.headline).to_have_text(WOULD)


def test_a_kernel_of_another_language(server: Server, window: Callable[..., Lab]) -> None:
    """It is named, and nothing is asked of it; another kernel is a click away."""
    folder = server.root.parent / "data/kernels/other"
    folder.mkdir(parents=True)
    program = str(Path(__file__).with_name("other_kernel.py"))
    spec = {
        "argv": [sys.executable, program, "-f", "{connection_file}"],
        "display_name": "R",
        "language": "R",
    }
    (folder / "kernel.json").write_text(json.dumps(spec))
    lab = window()
    lab.open(server.notebook("other.ipynb", ["x <- 1"], kernel="other"))
    lab.show()
    expect(lab.panel).to_contain_text("The kernel runs R.")
    expect(lab.panel.get_by_role("button", name="Select another kernel")).to_be_visible()
    assert not violations(lab, ".jp-ReproPanel")


def test_a_page_reloaded_while_a_cell_runs(server: Server, window: Callable[..., Lab]) -> None:
    """The new page is linked at once, names the cell that runs, and hears how it ends."""
    lab = window()
    cells = ["import time\nfrom pathlib import Path", "while not Path('go').exists(): time.sleep(.1)"]
    lab.open(server.notebook("reloaded.ipynb", cells))
    lab.load()
    lab.run(0)
    lab.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    lab.cell(1).locator(".jp-InputPrompt").click(position={"x": 50, "y": 8})
    lab.page.keyboard.press("Control+Enter")
    busy = lab.panel.locator(".jp-Repro-busy")
    expect(busy).to_contain_text("cell 2 is running")
    lab.page.reload()
    expect(lab.cell(0)).to_be_visible()
    lab.show()
    expect(busy).to_contain_text("cell 2 is running")
    expect(lab.badge(0)).to_have_text("reproduced")
    server.root.joinpath("go").touch()
    expect(busy).to_have_count(0)
    expect(lab.badge(1)).not_to_have_text("not run")


def test_a_notebook_that_is_renamed(server: Server, window: Callable[..., Lab]) -> None:
    """The link goes on under the new name: verdicts, notes, edits, what an export would be called; after a reload too."""
    lab = window()
    lab.open(server.notebook("draft.ipynb", ["x = 1", "y = x"]))
    lab.load()
    lab.run(0, 1)
    lab.note("seed", "no cell draws")

    lab.command("docmanager:rename")
    dialog = lab.page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("final.ipynb")
    dialog.get_by_role("button", name="Rename").click()
    expect(lab.page.locator(".lm-TabBar-tab.lm-mod-current", has_text="final.ipynb")).to_be_visible()
    expect(lab.section("bundle").get_by_role("row", name=re.compile("notebook"))).to_be_visible()
    lab.section("bundle").get_by_role("button", name="Export a bundle").click()
    expect(dialog.get_by_label("File, beside the notebook")).to_have_value("final.repro.zip")
    dialog.get_by_role("button", name="Cancel").click()
    lab.type(0, "x = 2")
    expect(lab.badge(0)).to_have_text("edited")
    lab.run(0, 1)
    expect(lab.headline).to_have_text(WOULD)

    lab.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    lab.goto("final.ipynb")
    lab.show()
    expect(lab.headline).to_have_text(WOULD)
    expect(lab.section("checklist").locator("[data-check='seed']")).to_contain_text("Note: no cell draws")


def test_a_restart_with_a_hash_seed_by_its_button(server: Server, window: Callable[..., Lab]) -> None:
    """The kernel that comes has the seed in force, and the order of a set is no finding any more."""
    lab = window()
    cells = [
        "print(list({'a', 'b', 'c'}))",
        "import os\nprint('in force:', os.environ.get('PYTHONHASHSEED'), hash('a') % 1000)",
    ]
    lab.open(server.notebook("sets.ipynb", cells))
    lab.load()
    lab.run(0, 1)
    finding = lab.panel.get_by_role("listitem").filter(has_text="order of a set")
    finding.get_by_role("button", name="Restart with a hash seed").click()
    lab.page.get_by_role("dialog").get_by_role("button", name="Restart", exact=True).click()
    expect(lab.badge(0)).to_have_text("not run")
    lab.run(1, 0)
    expect(lab.cell(1)).to_contain_text("in force: 0")
    expect(lab.badge(0)).not_to_have_text("not run")
    expect(finding).to_have_count(0)
