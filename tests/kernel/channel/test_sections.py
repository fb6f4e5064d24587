"""What the sections say, from cells that have run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from test_panel_in_shell import Page, document

from jupyter_repro.kernel.extension import load, session_of, unload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CELLS = {
    "seed": "%repro seed=42",
    "data": "from pathlib import Path\ntext = Path('data.txt').read_text()",
    "draw": "import random\nx = random.random()",
    "leak": "import uuid\nname = uuid.uuid4()",
    "use": "y = (x, text)",
    "more": "z = y",
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page that shows a notebook which ran from top to bottom."""
    folder: Path = tmp_path_factory.mktemp("sections")
    (folder / "data.txt").write_text("hello")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        shell = InteractiveShell()
        load(shell)
        session = session_of(shell)
        assert session is not None
        assert session.door is not None
        made = Page(session.door.entered(), "sections")
        made.ask("open", protocol=1, document=document(CELLS))
        for name, source in CELLS.items():
            shell.run_cell(source, store_history=True, cell_id=name)
        yield made
        unload(shell)


def section(page: Page, name: str, **fields: Any) -> dict[str, Any]:
    reply = page.ask("section", name=name, **fields)
    assert reply["type"] == name, reply
    return reply


def test_randomness_names_who_drew(page: Page) -> None:
    """Each stream with the cells that drew from it, and each line whose draw no seed governs."""
    reply = section(page, "randomness")
    streams = {each["name"]: each for each in reply["streams"]}

    assert (streams["python"]["drew"], streams["python"]["runs"], streams["python"]["seeded"]) == (
        ["draw"],
        1,
        True,
    )
    assert streams["python"]["numbers"] == 2  # of 32 bits each, for the 53 of one float
    assert [(each["cell"], each["line"]) for each in reply["leaks"]] == [("leak", 2)]
    assert reply["governed"]["seed"] == 42
    assert {each["name"] for each in reply["settings"]} >= {"seed.python", "seed.numpy"}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, {("draw", "use", "name:x"), ("data", "use", "name:text"), ("use", "more", "name:y")}),
        ("more", {("use", "more", "name:y")}),
        ("leak", set()),
    ],
)
def test_dataflow_names_what_flows(page: Page, cell: str | None, expected: set[tuple[str, str, str]]) -> None:
    """Which cell made what another read; of one cell, what flows into it and out of it."""
    reply = section(page, "dataflow", cell=cell)

    found = {
        (flow["source"], flow["target"], resource)
        for flow in reply["flows"]
        for resource in flow["resources"]
        if resource.startswith("name:")
    }
    assert found == expected


def test_the_checklist_gives_evidence(page: Page) -> None:
    """What holds, what does not and what is not known, each with the reason; nothing is said to hold unseen."""
    items = {each["key"]: each for each in section(page, "checklist")["items"]}

    states = {key: items[key]["state"] for key in ("cells", "seed", "leaks", "errors", "environment")}
    assert states == {
        "cells": "unknown",
        "seed": "yes",
        "leaks": "no",
        "errors": "yes",
        "environment": "unknown",
    }
    assert items["leaks"]["cells"] == ["leak"]
    assert all(each["evidence"] for each in items.values())
    assert all(each["remedy"] for each in items.values() if each["state"] == "no")


def test_inputs_have_their_digests(page: Page) -> None:
    """Files with who read them and their digest."""
    files = {each["path"]: each for each in section(page, "inputs")["inputs"]["files"]}

    assert files["data.txt"]["read_by"] == ["cell 2"]
    assert len(files["data.txt"]["sha256"]) == 64


def test_the_environment_is_that_of_repro_env(page: Page) -> None:
    """The facts of `%repro env`, packages that cells import first."""
    reply = section(page, "environment")
    facts = {each["name"]: each["value"] for each in reply["facts"]}

    assert facts["Python"]
    assert [each["imported"] for each in reply["packages"]] == sorted(
        (each["imported"] for each in reply["packages"]),
        key=["cells", "libraries", "kernel", ""].index,
    )


def test_a_bundle_without_a_file_is_refused_with_the_remedy(page: Page) -> None:
    """Where no notebook file is known there is nothing to export, and the section says what to do."""
    reply = section(page, "bundle")

    assert reply["refused"]
    assert reply["remedy"]


@pytest.mark.parametrize(
    ("code", "reason", "line"),
    [
        ("RP205", "the name is no result", "# repro: allow RP205 because the name is no result"),
        ("RP1xx", "two\nlines", "# repro: allow RP1xx because two lines"),
    ],
)
def test_a_reason_becomes_a_comment(page: Page, code: str, reason: str, line: str) -> None:
    """What the author allows is written into the cell, where the next reader finds it."""
    reply = page.ask("allow", cell="leak", code=code, reason=reason)

    assert (reply["type"], reply["cell"], reply["line"]) == ("edit", "leak", line)


def test_a_finding_has_its_key_and_its_fix(page: Page) -> None:
    """A finding keeps its key from state to state, and says what a button can do."""
    one, two = (page.ask("state")["state"]["findings"] for _ in range(2))

    assert [each["key"] for each in one] == [each["key"] for each in two]
    assert len({each["key"] for each in one}) == len(one)
    fixes = {each["code"]: each["fix"] for each in one}
    assert fixes["RP205"] is None
    assert {each["code"]: each["may_allow"] for each in one}["RP205"] is True


def test_a_file_is_tracked_and_accepted(page: Page) -> None:
    """The digest of a file is written down; when it has changed, the change is taken over."""
    from pathlib import Path

    tracked = page.ask("track", paths=["data.txt"])
    Path("data.txt").write_text("hello again")
    accepted = page.ask("track", paths=["data.txt"], accept=True)

    assert (tracked["type"], tracked["manifest"]) == ("tracked", "data.repro.jsonl")
    assert "1 file" in accepted["sentence"]
    assert page.ask("track", paths=["gone.txt"])["code"] == "refused"
