"""`%repro panel`: the panel's protocol over a widget, in a real kernel."""

from __future__ import annotations

import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("anywidget", reason="the widget of `%repro panel` is made by it")

sys.path.insert(0, str(Path(__file__).parent / "channel"))
from front_end import FrontEnd

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.slow,
    # jupyter_client leaves sockets and event loops of its own to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

VIEW = "application/vnd.jupyter.widget-view+json"
OURS = "application/vnd.jupyter-repro+json"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontEnd]:
    made = FrontEnd(tmp_path_factory.mktemp("widget"))
    made.run("%load_ext jupyter_repro", "load")
    made.run("%repro seed=42", "seed")
    yield made
    made.close()


def displayed(kernel: FrontEnd, line: str, cell: str) -> dict[str, Any]:
    """Run a line; return the data of what it displays."""
    identity = kernel.start(line, cell)
    kernel.wait_idle(identity)
    shown = [
        m["content"]["data"]
        for m in kernel.messages
        if m["msg_type"] == "display_data" and m["parent_header"].get("msg_id") == identity
    ]
    assert len(shown) == 1
    return dict(shown[0])


def ask(kernel: FrontEnd, model: str, kind: str, **fields: Any) -> dict[str, Any]:
    """Ask as the widget's page does; return the reply."""
    identity = uuid.uuid4().hex
    data = {"method": "custom", "content": {"type": kind, "id": identity, **fields}}
    kernel.send("comm_msg", {"comm_id": model, "data": data})
    found = kernel.until(lambda m: _custom(m, model) and _custom(m, model).get("id") == identity)
    return _custom(found, model)


def _custom(message: dict[str, Any], model: str) -> dict[str, Any]:
    if message["msg_type"] != "comm_msg" or message["content"]["comm_id"] != model:
        return {}
    data = message["content"]["data"]
    return dict(data["content"]) if data.get("method") == "custom" else {}


def test_it_speaks_the_protocol(kernel: FrontEnd) -> None:
    """The widget gets the state, its sections, and what changes, as a panel does."""
    data = displayed(kernel, "%repro panel", "panel")
    model = data[VIEW]["model_id"]

    opened = ask(kernel, model, "open", protocol=1, version="w", document=None)
    section = ask(kernel, model, "section", name="randomness")
    kernel.run("n = 1", "n1")
    told = kernel.until(
        lambda m: any(cell["id"] == "n1" for cell in _custom(m, model).get("cells", [])), timeout=20
    )

    assert set(data) == {"text/plain", OURS, VIEW}
    assert (opened["type"], section["type"]) == ("opened", "randomness")
    assert section["governed"]["seed"] == 42
    assert opened["state"]["headline"]
    assert _custom(told, model)["type"] == "delta"


def test_a_seed_is_set_by_its_button(kernel: FrontEnd) -> None:
    """What the page asks for is put in force between cells."""
    model = displayed(kernel, "%repro panel", "panel again")[VIEW]["model_id"]
    ask(kernel, model, "open", protocol=1, version="w", document=None)

    governed = ask(kernel, model, "govern", seed=7, strictness="warn")

    assert (governed["type"], governed["governed"]["seed"]) == ("governed", 7)
    assert "seed 7" in kernel.run("%repro seed=7", "ask")


def test_showing_it_is_no_draw_and_no_output(kernel: FrontEnd) -> None:
    """The widget's own identifiers are no leak of the cell, and the display is none of its outputs."""
    displayed(kernel, "%repro panel", "quiet")

    told = kernel.run(
        "import sys\n"
        "run = sys.modules['jupyter_repro.kernel.extension'].session_of(get_ipython()).ledger.runs[-1]\n"
        "from jupyter_repro.kernel.outputs import NOTHING_SHOWN\n"
        "print(run.leaks, run.outputs == NOTHING_SHOWN)",
        "look",
    )

    assert told == "() True\n"


def test_without_the_package_it_is_one_line(kernel: FrontEnd) -> None:
    """Where anywidget is not installed, one line says what to install, and what shows the same."""
    told = kernel.run("import sys\nsys.modules['anywidget'] = None\n%repro panel", "absent")

    assert "jupyter_repro[widget]" in told
    assert "Traceback" not in told
