"""Kernel messages become nbformat outputs of the right cell."""

from __future__ import annotations

from typing import Any

__all__ = ["Outputs"]

_MOST_BYTES = 64 << 20
"""Text that one cell may print; more is cut, with a line that says so."""


class Outputs:
    """The outputs of a run, with display updates and ``clear_output`` applied."""

    def __init__(self) -> None:
        self._cell: dict[str, Any] = {}
        self._request = ""
        self._cells: dict[str, dict[str, Any]] = {}
        """Cells by the request that ran them: a thread may print after its cell has ended."""
        self._displays: dict[str, list[dict[str, Any]]] = {}
        self._clear_next: set[int] = set()
        self._printed: dict[int, int] = {}

    def begin(self, cell: dict[str, Any], request: str) -> None:
        """From now on the request's outputs belong to this cell."""
        self._cells[request] = cell

    def take(self, message: dict[str, Any]) -> None:
        """Apply one message from the iopub channel."""
        cell = self._cells.get(message["parent_header"].get("msg_id", ""))
        kind, content = message["msg_type"], message["content"]
        if kind == "update_display_data":
            self._update(content)
        elif cell is None:
            return
        elif kind == "clear_output":
            self._clear_next.add(id(cell)) if content.get("wait") else cell["outputs"].clear()
        elif kind in ("stream", "display_data", "execute_result", "error"):
            if id(cell) in self._clear_next:
                self._clear_next.discard(id(cell))
                cell["outputs"].clear()
            self._add(cell, kind, content)

    def _add(self, cell: dict[str, Any], kind: str, content: dict[str, Any]) -> None:
        outputs = cell["outputs"]
        if kind == "stream":
            self._print(cell, content)
        elif kind == "error":
            outputs.append(
                {
                    "output_type": "error",
                    "ename": content["ename"],
                    "evalue": content["evalue"],
                    "traceback": content["traceback"],
                }
            )
        else:
            output = {"output_type": kind, "data": content["data"], "metadata": content["metadata"]}
            if kind == "execute_result":
                output["execution_count"] = content["execution_count"]
            outputs.append(output)
            display = content.get("transient", {}).get("display_id")
            if display:
                self._displays.setdefault(display, []).append(output)

    def _print(self, cell: dict[str, Any], content: dict[str, Any]) -> None:
        outputs, text = cell["outputs"], content["text"]
        printed = self._printed.get(id(cell), 0)
        if printed > _MOST_BYTES:
            return
        self._printed[id(cell)] = printed + len(text)
        if printed + len(text) > _MOST_BYTES:
            text += "\n[cut: this cell printed too much]\n"
        if outputs and outputs[-1]["output_type"] == "stream" and outputs[-1]["name"] == content["name"]:
            outputs[-1]["text"] += text
        else:
            outputs.append({"output_type": "stream", "name": content["name"], "text": text})

    def _update(self, content: dict[str, Any]) -> None:
        for output in self._displays.get(content.get("transient", {}).get("display_id"), ()):
            output["data"], output["metadata"] = content["data"], content["metadata"]
