"""What is told of a notebook that is saved: what its bundle would hold by the options, and the notes beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from test_panel_in_shell import Page, document

from jupyter_repro.kernel.extension import load, session_of, unload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CELLS = {
    "one": "from pathlib import Path\ntext = Path('data.txt').read_text()",
    "two": "x = text",
    "three": "text = 'other'",
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page with a saved notebook that read a file and ran out of order."""
    folder: Path = tmp_path_factory.mktemp("weigh")
    (folder / "data.txt").write_text("hello")
    cells = [
        {
            "cell_type": "code",
            "id": name,
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": 1,
        }
        for name, source in CELLS.items()
    ]
    path = folder / "nb.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        shell = InteractiveShell()
        load(shell)
        session = session_of(shell)
        assert session is not None
        assert session.door is not None
        made = Page(session.door.entered(), "weigh")
        told = document(CELLS)
        made.ask("open", protocol=1, document={**told, "path": str(path)})
        for name in ("one", "two", "three", "two"):
            shell.run_cell(CELLS[name], store_history=True, cell_id=name)
        yield made
        unload(shell)


def weighed(page: Page, **options: Any) -> dict[str, Any]:
    reply = page.ask("weigh", path="", **options)
    assert reply["type"] == "bundle", reply
    return reply


def size_of(reply: dict[str, Any], part: str) -> int:
    return sum(each["bytes"] for each in reply["parts"] if each["name"] == part)


def test_size_by_part_follows_the_options(page: Page) -> None:
    """All wheels weigh more than those that no index offers; a file over the budget goes by address."""
    usual, offline, small = weighed(page), weighed(page, offline=True), weighed(page, max_data="1B")

    assert size_of(usual, "wheels") < size_of(offline, "wheels")
    assert (size_of(usual, "data"), size_of(small, "data"), size_of(small, "by address")) == (5, 0, 5)
    assert usual["sentence"].startswith("3 cells in one run")
    unproven = weighed(page, prove=False)
    assert unproven["sentence"] == "3 cells, none is run: the bundle will say `not proven`"
    assert unproven["refusals"] == []


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        pytest.param({}, ["RP801"], id="a cell departs"),
        pytest.param({"waivers": ["RP801=shown on purpose"]}, [], id="waived"),
        pytest.param({"max_data": "1B"}, ["RP803", "RP801"], id="data without an address"),
    ],
)
def test_what_refuses_is_told_before(page: Page, options: dict[str, Any], codes: list[str]) -> None:
    """The author sees what speaks against the bundle, and how to answer for it, before anything runs."""
    refusals = weighed(page, **options)["refusals"]

    assert [each["code"] for each in refusals] == codes
    assert all(each["kind"] and each["message"] and each["remedy"] for each in refusals)


def test_a_note_is_kept_and_told_again(page: Page) -> None:
    """The author's words stand beside the item from now on; an item that is not there is refused."""
    told = page.ask("annotate", key="seed", text=" as in the paper ")
    again = page.ask("section", name="checklist")

    assert told["type"] == again["type"] == "checklist"
    assert {each["key"]: each["note"] for each in again["items"]}["seed"] == "as in the paper"
    assert told["items"] == again["items"]
    assert page.ask("annotate", key="no such", text="x")["code"] == "refused"


def test_a_note_goes_with_an_open_notebook_that_is_renamed(page: Page) -> None:
    """The page tells the new name, and the checklist has the note; back again too."""
    old = page.panel.session.notebook()
    new = old.with_name("renamed.ipynb")
    page.ask("annotate", key="cells", text="goes along")
    for before, now in ((old, new), (new, old)):
        before.rename(now)
        page.ask("document", document={"path": str(now), "order": None, "cells": [], "dirty": False})
        told = page.ask("section", name="checklist")

        assert page.panel.session.notebook() == now
        assert {each["key"]: each["note"] for each in told["items"]}["cells"] == "goes along"


def test_a_slip_in_an_option_is_answered(page: Page) -> None:
    """What cannot be read is said, with what to write."""
    reply = page.ask("weigh", path="", addresses=["nonsense"])

    assert (reply["type"], reply["code"]) == ("error", "refused")
