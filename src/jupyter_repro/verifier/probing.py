"""The probe from outside the kernel: put it in, ask it after each cell, keep what it tells with the cell.

What a kernel tells is the author's word: it explains a difference, and no verdict hangs on it.
"""

from __future__ import annotations

import ast
import importlib.resources
import json
import queue
import time
from typing import TYPE_CHECKING, Any

from .probe import NAME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["SCHEMA", "Asker"]

SCHEMA = 1
"""Version of what is kept as ``record``, of a cell and of the notebook, under ``metadata.jupyter_repro``."""

_PROBE = f"__import__('sys').modules[{NAME!r}].probe"
_OF_CELL = {"record": f"{_PROBE}.told()"}
_OF_MACHINE = {"record": f"{_PROBE}.machine()"}
_MOST = 1 << 20
"""Characters of one answer."""
_WAIT_S = 10.0


class Asker:
    """Asks the probe in one kernel; what cannot be asked is left out.

    Args:
        client: A started client of jupyter_client.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self.questions: dict[str, str] = {}
        """What each cell's request asks along; a cell that fails is asked afterwards."""

    def begin(self, root: Path) -> None:
        """Put the probe into the kernel.

        Args:
            root: The project's folder; files outside it are not told.
        """
        if self._asked(_installing(root), {}).get("status") == "ok":
            self.questions = _OF_CELL

    def of_cell(self, reply: Mapping[str, Any]) -> dict[str, Any]:
        """Return the cell's ``record``, from the reply to it or, after an error, by asking for it."""
        if not self.questions:
            return {}
        failed = reply.get("status") != "ok"
        record = _answer_in(self._asked("", _OF_CELL) if failed else reply)
        return {"record": record} if record else {}

    def end(self, *, alive: bool) -> dict[str, Any]:
        """Return the ``record`` of the machine; without the probe there is none."""
        machine = _answer_in(self._asked("", _OF_MACHINE)) if alive and self.questions else {}
        return {"record": {"schema": SCHEMA, "machine": machine}} if self.questions else {}

    def _asked(self, code: str, questions: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the reply to a request that shows nothing and counts nothing; empty if there is none in time."""
        asked = self._client.execute(
            code, silent=True, store_history=False, user_expressions=questions, allow_stdin=False
        )
        until = time.monotonic() + _WAIT_S
        while (left := until - time.monotonic()) > 0:
            try:
                message = self._client.get_shell_msg(timeout=left)
            except queue.Empty:
                break
            if message["parent_header"].get("msg_id") == asked:
                content: Mapping[str, Any] = message["content"]
                return content
        return {}


def _installing(root: Path) -> str:
    """Return the code that starts the probe; it binds no name of the user's."""
    source = importlib.resources.files(__package__).joinpath("probe.py").read_text(encoding="utf-8")
    run = f"exec(compile({source!r}, {NAME!r}, 'exec'), module.__dict__)"
    install = f"module.install(get_ipython(), {str(root)!r}, module)"
    return f"(lambda module: ({run}, {install}))(type(__import__('sys'))({NAME!r}))"


def _answer_in(reply: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the probe told in a reply; empty where it told nothing that can be understood."""
    try:
        text = reply["user_expressions"]["record"]["data"]["text/plain"]
        told = json.loads(ast.literal_eval(text)) if len(text) <= _MOST else {}
    except (KeyError, TypeError, ValueError, SyntaxError, MemoryError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
