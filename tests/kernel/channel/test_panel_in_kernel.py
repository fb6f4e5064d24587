"""The panel's side of a real kernel, over raw comm messages as JupyterLab 4.4 or later sends them."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from front_end import FrontEnd, Page, document

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.slow,
    # jupyter_client leaves sockets and event loops of its own to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

LOAD = "%load_ext jupyter_repro"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontEnd]:
    """One kernel whose notebook is known, with the extension."""
    folder = tmp_path_factory.mktemp("panel")
    path = folder / "paper.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}))
    made = FrontEnd(folder, JPY_SESSION_NAME=str(path))
    made.run(LOAD, "load")
    yield made
    made.close()


@pytest.fixture(scope="module")
def subshell(kernel: FrontEnd) -> str | None:
    """A subshell, None where this ipykernel has none: then all but answers during a cell is as ever."""
    return kernel.subshell()


def opened(page: Page, cells: dict[str, str]) -> dict[str, Any]:
    reply = page.ask("open", protocol=1, version="0", document=document(cells))
    assert reply["type"] == "opened"
    return reply


def verdicts(state: dict[str, Any]) -> dict[str, str]:
    return {cell["id"]: cell["verdict"] for cell in state["cells"]}


def told(page: Page, **cells: str) -> None:
    """Wait until the events have said these verdicts, the last one of each cell."""

    def said() -> dict[str, str]:
        known: dict[str, str] = {}
        for event in page.events():
            if event["type"] == "delta":
                known.update(verdicts({"cells": event.get("cells", [])}))
        return {cell: known.get(cell, "") for cell in cells}

    end = time.monotonic() + 20
    while said() != cells and time.monotonic() < end:
        page.kernel.receive_all(0.1)
    assert said() == cells


def test_loading_is_announced(kernel: FrontEnd) -> None:
    """A panel that is open already learns that the extension has been loaded."""
    found = kernel.until(lambda m: m["msg_type"] == "comm_open")

    assert found["content"]["target_name"] == "jupyter_repro.hello"
    assert found["content"]["data"]["protocol"] == 1


def test_what_departs_is_told(kernel: FrontEnd, subshell: str | None) -> None:
    """Cells that run out of order are told with their reason, and running the plan mends them."""
    page = Page(kernel, "departs", subshell=subshell)
    opened(page, {"d1": "d = 1", "d2": "e = d + 1"})
    kernel.run("d = 1", "d1")
    kernel.run("e = d + 1", "d2")
    told(page, d1="reproduced", d2="reproduced")
    kernel.run("d = 5", "d1")
    told(page, d1="reproduced", d2="stale")
    plan = page.ask("plan")

    for cell in plan["cells"]:
        kernel.run("e = d + 1", cell["id"])

    assert [cell["id"] for cell in plan["cells"]] == ["d2"]
    told(page, d1="reproduced", d2="reproduced")
    seqs = [event["seq"] for event in page.events()]
    assert seqs == list(range(1, len(seqs) + 1))


def test_an_edit_is_told_before_the_file_is_saved(kernel: FrontEnd, subshell: str | None) -> None:
    """What the page says of its document counts: an edit, a moved cell, a deleted one."""
    page = Page(kernel, "edits", subshell=subshell)
    cells = {"e1": "f = 1", "e2": "g = f + 1"}
    opened(page, cells)
    for name, source in cells.items():
        kernel.run(source, name)
    told(page, e1="reproduced", e2="reproduced")

    page.ask("document", document={"cells": [{"id": "e1", "type": "code", "source": "f = 2"}]})
    told(page, e1="edited", e2="stale")
    page.ask("document", document={"cells": [{"id": "e1", "type": "code", "source": "f = 1"}]})
    told(page, e1="reproduced", e2="reproduced")
    page.ask("document", document={"order": ["e2", "e1"]})
    told(page, e2="out of order", e1="reproduced")
    page.ask("document", document={"order": ["e2"]})
    told(page, e2="hidden state", e1="reproduced")

    assert verdicts(page.ask("state")["state"]) == {"e2": "hidden state"}


def test_a_cell_that_runs_does_not_keep_answers_back(kernel: FrontEnd, subshell: str | None) -> None:
    """Through a subshell the kernel answers while a cell runs, says since when, and queues a seed."""
    if subshell is None:
        pytest.skip("this ipykernel has no subshells")
    page = Page(kernel, "busy", subshell=subshell)
    opened(page, {"w1": "import time; time.sleep(3)"})
    run = kernel.start("import time; time.sleep(3)", "w1")
    page.event(lambda event: event["type"] == "kernel" and event["busy"] is not None)

    replies = {
        kind: page.ask(kind, timeout=2, **fields)
        for kind, fields in {
            "ping": {},
            "state": {},
            "plan": {},
            "off": {},
            "section": {"name": "randomness"},
            "govern": {"seed": 7},
        }.items()
    }
    still = kernel.client.is_alive() and not any(
        m["msg_type"] == "status"
        and m["content"]["execution_state"] == "idle"
        and m["parent_header"]["msg_id"] == run
        for m in kernel.messages
    )
    kernel.wait_idle(run)

    assert still, "the answers came when the cell had ended"
    assert replies["ping"]["busy"]["cell"] == "w1"
    assert replies["state"]["state"]["busy"]["cell"] == "w1"
    assert replies["off"]["type"] == "busy"
    assert replies["govern"]["queued"] is True
    page.event(lambda event: event["type"] == "delta" and (event.get("governed") or {}).get("seed") == 7)
    assert page.ask("off")["type"] == "done"
    assert page.ask("govern", seed=8)["governed"]["seed"] == 8
    assert page.ask("off")["type"] == "done"
    kernel.run("%repro strictness=off", "on again")


def test_two_pages_are_both_told(kernel: FrontEnd, subshell: str | None) -> None:
    """Two windows on one kernel get each change, each with numbers of its own."""
    pages = [Page(kernel, f"window {n}", subshell=subshell) for n in (1, 2)]
    for page in pages:
        opened(page, {"t1": "h = 1"})

    kernel.run("h = 1", "t1")

    for page in pages:
        told(page, t1="reproduced")


def test_a_reload_gets_all_back_and_replaces_the_older_page(kernel: FrontEnd, subshell: str | None) -> None:
    """The same client after a reload: the state is there again, and the older comms are told nothing more."""
    before = Page(kernel, "reloads", subshell=subshell)
    opened(before, {"r1": "i = 1", "r2": "j = i"})
    kernel.run("i = 1", "r1")
    kernel.run("j = i", "r2")
    kernel.run("i = 2", "r1")
    told(before, r2="stale")

    after = Page(kernel, "reloads", subshell=subshell)
    state = opened(after, {"r1": "i = 2", "r2": "j = i"})["state"]
    kernel.run("j = i", "r2")
    told(after, r2="reproduced")

    assert verdicts(state) == {"r1": "reproduced", "r2": "stale"}
    assert before.events()[-1]["type"] == "closed"
    assert before.events()[-1]["reason"] == "replaced"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param({"type": "sudo", "id": "h"}, "unknown request", id="unknown"),
        pytest.param({"type": "govern", "id": "h", "seed": "x"}, "bad message", id="wrong type"),
        pytest.param({"type": "ping", "id": "h", "junk": [[[[[[[[[[[[[[1]]]]]]]]]]]]]]}, "too large", id="deep"),
        pytest.param({"type": "cancel", "id": "h", "job": "none"}, "refused", id="no such job"),
        pytest.param({"type": "section", "id": "h", "name": "drift", "run": "zz"}, "refused", id="no such run"),
        pytest.param(
            {"type": "document", "id": "h", "document": {"order": ["never sent"]}}, "resync", id="unknown cell"
        ),
        pytest.param({"type": "open", "id": "h", "protocol": 99}, "protocol", id="newer panel"),
        pytest.param({"type": "allow", "id": "h", "cell": "a", "code": "x", "reason": "y"}, "refused", id="no code"),
        pytest.param({"type": "track", "id": "h", "paths": ["not there"]}, "refused", id="no file"),
        pytest.param({"type": "verify", "id": "h", "path": "no.zip"}, "refused", id="no bundle"),
    ],
)  # fmt: skip
def test_hostile_messages_are_answered_with_errors(
    kernel: FrontEnd, subshell: str | None, data: dict[str, Any], code: str
) -> None:
    """Nothing that a page sends goes without an answer, and cells go on."""
    page = Page(kernel, f"hostile {code} {data['type']}", subshell=subshell)
    opened(page, {"x1": "1"})

    page.raw(data)
    reply = page.reply_to("h")

    assert (reply["type"], reply["code"]) == ("error", code)
    assert reply["remedy"]
    assert kernel.run("print(2)", "x1") == "2\n"


def test_who_has_not_opened_is_told_so(kernel: FrontEnd, subshell: str | None) -> None:
    """A request before `open` says what comes first; `ping` is answered in any case."""
    page = Page(kernel, "shy", subshell=subshell)

    assert page.ask("plan")["code"] == "not open"
    assert page.ask("ping")["type"] == "pong"


SECTIONS = ("randomness", "environment", "gpu", "inputs", "runs", "checklist", "bundle", "dataflow", "drift")


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_is_answered(kernel: FrontEnd, subshell: str | None, name: str) -> None:
    """Each section has its own message, in a kernel where little has happened as well."""
    page = Page(kernel, f"section {name}", subshell=subshell)
    opened(page, {"s1": "k = 1"})

    reply = page.ask("section", name=name)

    assert reply["type"] == name


def test_a_hidden_page_is_told_the_headline_alone(kernel: FrontEnd, subshell: str | None) -> None:
    """A page that is hidden gets no cells; when it is shown again it gets all that it missed."""
    page = Page(kernel, "hides", subshell=subshell)
    opened(page, {"q1": "l = 1"})
    page.ask("watch", show="headline")
    kernel.run("l = 1", "q1")
    page.event(lambda event: event["type"] == "delta" and "headline" in event)
    hidden = page.events()

    page.ask("watch", show="everything")

    assert [event for event in hidden if "cells" in event] == []
    told(page, q1="reproduced")
