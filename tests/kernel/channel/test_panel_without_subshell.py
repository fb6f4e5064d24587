"""Where comms are handled between cells alone (ipykernel 6, JupyterLab 4.2): later, and as right."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontEnd]:
    """One kernel whose front end tells no notebook."""
    made = FrontEnd(tmp_path_factory.mktemp("old"))
    made.run("%load_ext jupyter_repro", "load")
    yield made
    made.close()


def test_it_is_not_announced(kernel: FrontEnd) -> None:
    """Front ends that are no JupyterLab print an error for a comm that they do not know: none is opened."""
    assert [m for m in kernel.messages if m["msg_type"] == "comm_open"] == []


def test_what_is_asked_during_a_cell_is_answered_after_it(kernel: FrontEnd) -> None:
    """The events say that a cell runs; what was asked meanwhile is done, in order, when it has ended."""
    page = Page(kernel, "old")
    cells = {"s": "import time; time.sleep(1.5)", "u": "u = 1"}
    page.ask("open", protocol=1, version="0", document=document(cells))
    run = kernel.start(cells["s"], "s")
    asked = [page.request("ping"), page.request("govern", seed=5), page.request("plan")]
    page.event(lambda event: event["type"] == "kernel" and event["busy"] is not None)

    kernel.wait_idle(run)
    ping, governed, plan = (page.reply_to(identity) for identity in asked)

    assert ping["busy"] is None
    assert (governed["queued"], governed["governed"]["seed"]) == (False, 5)
    assert [cell["id"] for cell in plan["cells"]] == ["u"]
    page.event(lambda event: event["type"] == "kernel" and event["busy"] is None)
    assert page.ask("off")["type"] == "done"


def test_cells_are_told_as_ever(kernel: FrontEnd) -> None:
    """Events go out whether or not there is a subshell."""
    page = Page(kernel, "told")
    page.ask("open", protocol=1, version="0", document=document({"k": "k = 1"}))
    kernel.run("%repro strictness=off", "on")

    kernel.run("k = 1", "k")

    page.event(lambda event: any(cell["id"] == "k" for cell in event.get("cells", ())))
