"""What a cell shows is known by one digest, and shown as it would be without us."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.kernel.extension import session_of
from jupyter_repro.kernel.outputs import NOTHING_SHOWN

if TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = pytest.mark.usefixtures("capsys")
"""Its streams take a listener; those of pytest's default capture are of a kind that takes no attributes."""


def shown(shell: Any, source: str) -> str | None:
    """Run a cell; return the digest of its outputs."""
    shell.run_cell(source, store_history=True, cell_id="c")
    digest: str | None = session_of(shell).ledger.runs[-1].outputs
    return digest


SAME = {
    "pieces": ("print('a', 'b')", "print('a b')"),
    "addresses": ("object()", "object()"),
    "addresses in text": ("print(object())", "print(object())"),
    "long text": ("print('x' * 400_000)", "print('x' * 100_000, end=''); print('x' * 300_000)"),
    "nothing": ("x = 1", "y = 2"),
}
OTHER = {
    "text": ("print(1)", "print(2)"),
    "stream": ("print(1)", "import sys; print(1, file=sys.stderr)"),
    "result": ("1 + 1", "1 + 2"),
    "display": ("display(1)", "display(2)"),
    "display and result": ("display(3)", "3"),
    "nothing": ("None", "0"),
    "picture": ("display({'image/png': 'iVBO'}, raw=True)", "display({'image/png': 'iVBP'}, raw=True)"),
    "bytes": ("display({'image/png': b'1'}, raw=True)", "display({'image/png': b'2'}, raw=True)"),
    "update": ("h = display(1, display_id='d')", "h = display(1, display_id='d'); h.update(2)"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_the_same_is_the_same(shell: Any, one: str, other: str) -> None:
    """Pieces and addresses do not count."""
    first = shown(shell, one)
    assert first is not None
    assert shown(shell, other) == first


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER)
def test_the_other_is_another(shell: Any, one: str, other: str) -> None:
    """Text, stream, form and order count."""
    assert shown(shell, one) != shown(shell, other)


def test_a_silent_cell_shows_nothing(shell: Any) -> None:
    """The digest of nothing has a name."""
    assert shown(shell, "x = 1") == NOTHING_SHOWN


def test_captured_output_is_not_shown(shell: Any) -> None:
    """``%%capture`` and ``redirect_stdout`` keep it from the screen."""
    assert shown(shell, "%%capture kept\nprint(1)") == NOTHING_SHOWN
    redirected = "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()): print(1)"
    assert shown(shell, redirected) == NOTHING_SHOWN


def test_a_run_inside_another_is_not_told_apart(shell: Any) -> None:
    """The outer run shows both; of the inner one it is not known."""
    shown(shell, "get_ipython().run_cell('print(1)')\nprint(2)")
    inner, outer = session_of(shell).ledger.runs[-2:]
    assert inner.outputs is None
    assert outer.outputs == shown(shell, "print(1); print(2)")


def test_everything_is_given_back(shell: Any) -> None:
    """After ``off`` the methods are what they were."""
    owners = ((sys.stdout, "write"), (sys.stderr, "write"), (shell.displayhook, "write_format_data"))
    before = [getattr(owner, name) for owner, name in owners]
    shell.run_cell("1")
    shell.run_line_magic("repro", "off")
    assert [getattr(owner, name) for owner, name in owners] == before
    assert "publish" not in vars(shell.display_pub)


def test_a_stream_that_comes_and_goes_is_let_go(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream of the user's own is listened to while it is the one in use, and not longer."""
    own = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", own)
        first = shown(shell, "print(1)")
    assert own.getvalue() == "1\n"
    assert shown(shell, "print(1)") == first
    assert all(wrapped.owner is not own for wrapped in session_of(shell)._runs._outputs._wrapped.values())


@pytest.mark.parametrize("fault", [ValueError("boom"), MemoryError()])
def test_a_fault_of_ours_shows_nothing(
    shell: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """The cell's print goes through, and what it showed is unknown."""

    def broken(*_args: object) -> None:
        raise fault

    monkeypatch.setattr("jupyter_repro.kernel.outputs._Text.add", broken)
    assert shown(shell, "print(1)") is None
    assert capsys.readouterr().out == "1\n"


def test_an_error_of_the_streams_own_is_the_users(shell: Any, new_shell: Callable[[], Any]) -> None:
    """A wrong argument raises what it raises without us."""
    for each in (shell, new_shell()):
        result = each.run_cell("import sys\nsys.stdout.write(1)")
        assert isinstance(result.error_in_exec, TypeError)
