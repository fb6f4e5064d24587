"""`%repro status` in a front end that shows more than text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from jupyter_repro.kernel.extension import load, session_of, unload
from jupyter_repro.kernel.outputs import NOTHING_SHOWN


@pytest.fixture
def shell(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A shell with the extension that believes to have a front end (it has no kernel behind it)."""
    monkeypatch.chdir(tmp_path)
    made = InteractiveShell()
    made.display_pub = CapturingDisplayPublisher()
    load(made)
    made.kernel = object()
    yield made
    unload(made)


def shown(shell: Any, source: str) -> list[dict[str, Any]]:
    """Run a cell; return the data of what it displayed."""
    shell.display_pub.outputs.clear()
    shell.run_cell(source, store_history=True)
    return [output["data"] for output in shell.display_pub.outputs]


def test_it_shows_text_html_and_json(shell: Any) -> None:
    """One display with three forms; the text is the one of a terminal, the JSON that of `%repro status json`."""
    shown(shell, "x = 1")
    (data,) = shown(shell, "%repro")
    facts = json.loads(json.dumps(data["application/vnd.jupyter-repro+json"]))

    assert set(data) == {"text/plain", "text/html", "application/vnd.jupyter-repro+json"}
    assert data["text/plain"].startswith("Restart & Run All would give")
    assert facts["headline"] == data["text/plain"].splitlines()[0]
    assert facts["environment"] is None


def test_it_is_no_output_of_the_cell(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The record of the cell's outputs is what it would be without the line, and `_` and `Out` are the user's."""
    shown(shell, "1 + 1")
    session = session_of(shell)
    assert session is not None
    capsys.readouterr()

    assert len(shown(shell, "%repro status")) == 1

    assert capsys.readouterr().out == ""
    assert session.ledger.runs[-1].outputs == NOTHING_SHOWN
    assert shell.user_ns["_"] == 2


def test_a_terminal_gets_text(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a front end the text is printed."""
    del shell.kernel

    assert shown(shell, "%repro status") == []
    assert "No cell of this notebook" in capsys.readouterr().out
