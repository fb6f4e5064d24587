"""The panel of a shell in this process; the page is stood in for by two lists of what it would be sent."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from jupyter_repro.kernel.extension import load, session_of, unload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jupyter_repro.kernel.channel.panel import Panel


class Comm:
    """One comm, as far as the kernel's side uses it."""

    def __init__(self, *, broken: bool = False) -> None:
        self.comm_id = f"comm-{id(self)}"
        self.sent: list[dict[str, Any]] = []
        self.broken = broken
        self.closed = False
        self.on: dict[str, Callable[[Any], None]] = {}

    def send(self, data: Any) -> None:
        """Keep what a page would get."""
        if self.broken:
            raise RuntimeError("the page is gone")
        self.sent.append(json.loads(json.dumps(data)))

    def on_msg(self, callback: Any) -> None:
        """Keep who listens."""
        self.on["msg"] = callback

    def on_close(self, callback: Any) -> None:
        """Keep who listens."""
        self.on["close"] = callback

    def close(self) -> None:
        """Note the end."""
        self.closed = True


class Page:
    """A page with its two comms."""

    def __init__(self, panel: Panel, client: str) -> None:
        self.panel = panel
        self.events, self.requests = Comm(), Comm()
        for role, comm in (("events", self.events), ("requests", self.requests)):
            data = {"role": role, "client": client, "protocol": 1}
            panel.opened(comm, {"content": {"data": data}})

    def ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Send a request; return the reply, which has come when this returns."""
        self.requests.on["msg"]({"content": {"data": {"type": kind, "id": "1", **fields}}})
        return self.requests.sent[-1]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A shell with the extension."""
    monkeypatch.chdir(tmp_path)
    made = InteractiveShell()
    load(made)
    yield made
    unload(made)


@pytest.fixture
def panel(shell: Any) -> Panel:
    session = session_of(shell)
    assert session is not None
    assert session.door is not None
    return session.door.entered()


def document(cells: dict[str, str]) -> dict[str, Any]:
    told = [{"id": name, "type": "code", "source": source} for name, source in cells.items()]
    return {"order": list(cells), "cells": told}


def callbacks(shell: Any) -> int:
    return sum(len(shell.events.callbacks[event]) for event in ("pre_run_cell", "post_run_cell"))


def wait(found: Callable[[], bool]) -> None:
    """Wait until the thread that tells has told."""
    end = time.monotonic() + 20
    while not found() and time.monotonic() < end:
        threading.Event().wait(0.02)
    assert found()


def test_a_long_notebook_is_told_in_proportion(shell: Any, panel: Panel) -> None:
    """400 cells run from top to bottom: each is told about once, and at most five times a second something is."""
    cells = {f"c{n}": f"v{n} = {n}" for n in range(400)}
    page = Page(panel, "long")
    page.ask("open", protocol=1, document=document(cells))
    began = time.monotonic()

    for name, source in cells.items():
        shell.run_cell(source, store_history=True, cell_id=name)
    known: dict[str, str] = {}

    def all_told() -> bool:
        known.update((c["id"], c["verdict"]) for e in list(page.events.sent) for c in e.get("cells", ()))
        return all(known.get(name) == "reproduced" for name in cells)

    wait(all_told)
    took = time.monotonic() - began
    deltas = [event for event in page.events.sent if event["type"] == "delta"]
    size = sum(len(json.dumps(event)) for event in page.events.sent)

    assert sum(len(event.get("cells", ())) for event in deltas) <= 2 * len(cells)
    assert len(deltas) <= 5 * took + 2
    assert size < 1000 * len(cells)


def bytes_of_one_run(shell: Any, panel: Panel, count: int) -> int:
    """Return what a page is sent when one cell of a notebook of so many is run once more."""
    cells = {f"n{count}c{n}": f"w{n} = {n}" for n in range(count)}
    page = Page(panel, f"of {count}")
    page.ask("open", protocol=1, document=document(cells))
    for name, source in cells.items():
        shell.run_cell(source, store_history=True, cell_id=name)
    last = page.ask("state")["state"]["cells"][-1]
    assert (last["id"], last["verdict"]) == (name, "reproduced")
    told = len(page.events.sent)

    shell.run_cell(cells[name], store_history=True, cell_id=name)
    wait(lambda: any(name in (c["id"] for c in e.get("cells", ())) for e in page.events.sent[told:]))

    panel.left(panel.links.all()[0])
    return sum(len(json.dumps(event)) for event in page.events.sent[told:])


def test_one_run_is_told_in_as_many_bytes_in_a_longer_notebook(shell: Any, panel: Panel) -> None:
    """What a cell's run costs on the wire does not grow with the notebook: no quadratic traffic."""
    short, long = (bytes_of_one_run(shell, panel, count) for count in (100, 400))

    assert long < 1.5 * short
    assert long < 2000


def test_without_a_page_nothing_is_called(shell: Any) -> None:
    """Until a page comes there is no panel, and no cell calls anything of it; when it leaves, so again."""
    session = session_of(shell)
    assert session is not None
    assert session.door is not None
    assert session.door.panel is None
    before = callbacks(shell)
    panel = session.door.entered()

    page = Page(panel, "short")
    page.ask("open", protocol=1)
    during = callbacks(shell)
    page.events.on["close"]({})

    wait(lambda: callbacks(shell) == before)
    assert during == before + 2
    assert session.whereabouts.panel is None


def test_a_page_that_is_gone_is_dropped(shell: Any, panel: Panel) -> None:
    """Nobody tells the kernel that a page was closed: where it cannot be sent to, it is told nothing more."""
    gone, here = Page(panel, "gone"), Page(panel, "here")
    for page in (gone, here):
        page.ask("open", protocol=1)
    gone.events.broken = True

    shell.run_cell("a = 1", store_history=True, cell_id="a")
    wait(lambda: any(event["type"] == "delta" for event in here.events.sent))

    assert [link.client for link in panel.links.all()] == ["here"]


def test_the_end_is_told_and_everything_given_back(shell: Any, panel: Panel) -> None:
    """``%unload_ext``: the last event says so, the comms are closed, no callback is left."""
    page = Page(panel, "ends")
    page.ask("open", protocol=1, document=document({"a": "1"}))

    unload(shell)

    assert page.events.sent[-1] == {
        "type": "closed",
        "seq": page.events.sent[-1]["seq"],
        "reason": "unloaded",
    }
    assert page.events.closed
    assert page.requests.closed
    assert callbacks(shell) == 0


def test_a_failure_of_ours_is_a_reply(shell: Any, panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong in an answer is told to the one who asked; verdicts do not suffer from it."""
    page = Page(panel, "unlucky")
    page.ask("open", protocol=1)
    monkeypatch.setattr(panel, "status", lambda: 1 / 0)

    reply = page.ask("plan")
    monkeypatch.undo()

    assert (reply["type"], reply["code"]) == ("error", "failed")
    assert "division by zero" in reply["message"]
    session = session_of(shell)
    assert session is not None
    assert session.recording_faults() == ()


def test_a_line_below_a_cell_is_told_too(shell: Any, panel: Panel) -> None:
    """What is printed when a cell departs reaches a page whose cell is scrolled away."""
    shell.run_cell("%repro seed=1", store_history=True, cell_id="s")
    page = Page(panel, "noticed")
    page.ask("open", protocol=1)
    for name, source in (("a", "a = 1"), ("b", "b = a"), ("a", "a = 2")):
        shell.run_cell(source, store_history=True, cell_id=name)

    told = [event for event in page.events.sent if event["type"] == "notice"]

    assert len(told) == 1
    assert "stale" in told[0]["text"]


def test_the_source_that_ran_counts_until_the_page_tells_another(shell: Any, panel: Panel) -> None:
    """A cell is run faster than its edit is told: it is not called edited for that moment."""
    page = Page(panel, "fast")
    page.ask("open", protocol=1, document=document({"a": "x = 1"}))

    shell.run_cell("x = 2", store_history=True, cell_id="a")
    state = page.ask("state")["state"]
    page.ask("document", document={"cells": [{"id": "a", "type": "code", "source": "x = 3"}]})
    later = page.ask("state")["state"]

    assert [cell["verdict"] for cell in state["cells"]] == ["reproduced"]
    assert [cell["verdict"] for cell in later["cells"]] == ["edited"]


def test_the_newer_one_of_file_and_page_counts(
    shell: Any, panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that was closed tells nothing more: a file that was saved since is taken in its place."""
    import os

    path = tmp_path / "paper.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    cell = {"cell_type": "code", "id": "f", "source": "2", "metadata": {}, "outputs": []}
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
    os.utime(path, (1, 1))
    page = Page(panel, "closed later")

    opened = page.ask("open", protocol=1, document={**document({"p": "1"}), "path": "paper.ipynb"})
    soon = time.time() + 100
    os.utime(path, (soon, soon))
    wait(lambda: page.ask("state")["state"]["document"]["origin"] == "file")

    assert opened["state"]["document"] == {"origin": "panel", "path": str(path), "note": ""}
    assert [cell["id"] for cell in page.ask("state")["state"]["cells"]] == ["f"]


def test_a_text_that_is_no_unicode_costs_nothing(shell: Any, panel: Panel) -> None:
    """Half a character in a cell: it is judged as any other, and the link lives."""
    page = Page(panel, "half")

    opened = page.ask("open", protocol=1, document=document({"a": "x = '\ud800'"}))

    assert opened["type"] == "opened"
    assert [cell["id"] for cell in opened["state"]["cells"]] == ["a"]
    assert page.ask("ping")["type"] == "pong"


def test_a_job_is_there_again_after_a_reload(shell: Any, panel: Panel, tmp_path: Path) -> None:
    """A page that comes while a job is at work, or has ended, is told of it with its state."""
    (tmp_path / "broken.zip").write_bytes(b"PK\x05\x06" + b"\0" * 18)
    page = Page(panel, "reloads")
    page.ask("open", protocol=1)

    job = page.ask("verify", path="broken.zip", sandbox="off")["job"]
    again = Page(panel, "reloads")
    at_once = again.ask("open", protocol=1)["state"]["jobs"]
    wait(lambda: any(e["type"] == "job" and e["job"]["ended"] is not None for e in again.events.sent))
    later = Page(panel, "reloads").ask("open", protocol=1)["state"]["jobs"]

    assert [each["id"] for each in at_once] == [job["id"]]
    assert [(each["id"], each["state"]) for each in later] == [(job["id"], "done")]
    assert page.events.sent[-1]["reason"] == "replaced"


def test_off_gives_the_callbacks_back_and_on_takes_them_again(shell: Any, panel: Panel) -> None:
    """After `%repro off` no cell calls anything of ours, and the page knows; a seed begins anew, and the page follows."""
    page = Page(panel, "off and on")
    page.ask("open", protocol=1, document=document({"a": "a = 1"}))

    shell.run_cell("%repro off", store_history=True, cell_id="off")
    off = callbacks(shell)
    wait(lambda: any(event.get("recording_on") is False for event in page.events.sent))
    shell.run_cell("%repro seed=3", store_history=True, cell_id="on")
    shell.run_cell("a = 1", store_history=True, cell_id="a")

    assert off == 0
    wait(lambda: any(cell["id"] == "a" for e in page.events.sent for cell in e.get("cells", ())))
    assert page.ask("state")["state"]["recording_on"] is True
