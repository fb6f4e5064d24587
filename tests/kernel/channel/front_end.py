"""A front end without a page: a real kernel, cells with ids, and raw comm messages, over a subshell if it has them."""

from __future__ import annotations

import contextlib
import itertools
import os
import queue
import time
import uuid
from typing import TYPE_CHECKING, Any

from jupyter_client.manager import KernelManager

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["FrontEnd", "Page", "document"]


def document(cells: Mapping[str, str], *, path: str | None = None) -> dict[str, Any]:
    """Return a document of code cells as a front end tells it."""
    told = [{"id": name, "type": "code", "source": source} for name, source in cells.items()]
    return {"path": path, "order": list(cells), "cells": told, "dirty": False}


class FrontEnd:
    """One kernel with the extension, and what it says."""

    def __init__(self, folder: Path, *, python: Sequence[str] | None = None, **environment: str) -> None:
        self.manager = KernelManager(transport="ipc", ip=str(folder / "sock"))
        if python is not None:
            assert self.manager.kernel_spec is not None
            self.manager.kernel_spec.argv = [*python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        environ = {**os.environ, "IPYTHONDIR": str(folder / "ipython"), **environment}
        self.manager.start_kernel(cwd=str(folder), env=environ)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        self.messages: list[dict[str, Any]] = []
        """All that came on iopub, in order, with the moment in `came`."""

    def close(self) -> None:
        """End the kernel."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def send(
        self, kind: str, content: dict[str, Any], *, subshell: str | None = None, **metadata: Any
    ) -> str:
        """Send a message to the shell, or to a subshell of it; return its id."""
        message = self.client.session.msg(kind, content)
        message["metadata"].update(metadata)
        if subshell is not None:
            message["header"]["subshell_id"] = subshell
        self.client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def subshell(self) -> str | None:
        """Make a subshell as JupyterLab does; None where the kernel has none."""
        message = self.client.session.msg("create_subshell_request", {})
        self.client.control_channel.send(message)
        try:
            reply = self.client.control_channel.get_msg(timeout=3)
        except queue.Empty:
            return None
        return reply["content"].get("subshell_id")

    def start(self, source: str, cell: str) -> str:
        """Begin to run a cell; do not wait."""
        content = {
            "code": source,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        return self.send("execute_request", content, cellId=cell)

    def run(self, source: str, cell: str = "c") -> str:
        """Run a cell; return what it wrote to its streams, and its error."""
        identity = self.start(source, cell)
        return self.wait_idle(identity)

    def wait_idle(self, identity: str) -> str:
        """Wait until a request is done; return what it wrote to its streams, and its error."""
        self.until(
            lambda m: (
                m["msg_type"] == "status"
                and m["content"]["execution_state"] == "idle"
                and m["parent_header"].get("msg_id") == identity
            )
        )
        mine = [m for m in self.messages if m["parent_header"].get("msg_id") == identity]
        text = "".join(m["content"]["text"] for m in mine if m["msg_type"] == "stream")
        return text + "".join(
            f"{m['content']['ename']}: {m['content']['evalue']}" for m in mine if m["msg_type"] == "error"
        )

    def until(self, found: Any, *, timeout: float = 30.0) -> dict[str, Any]:
        """Wait for a message on iopub that came now or before."""
        for message in self.messages:
            if found(message):
                return message
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            message = self.receive(end - time.monotonic())
            if found(message):
                return message
        raise TimeoutError

    def receive_all(self, quiet_s: float) -> None:
        """Take what comes until nothing has come for so long."""
        with contextlib.suppress(queue.Empty):
            while True:
                self.receive(quiet_s)

    def receive(self, timeout: float) -> dict[str, Any]:
        """Return the next message on iopub."""
        message: dict[str, Any] = self.client.get_iopub_msg(timeout=timeout)
        message["came"] = time.monotonic()
        self.messages.append(message)
        return message


class Page:
    """One page that shows the notebook: its two comms."""

    def __init__(self, kernel: FrontEnd, client: str, *, subshell: str | None = None) -> None:
        self.kernel = kernel
        self.client = client
        self.comms: dict[str, str] = {}
        self._subshell = subshell
        self._count = itertools.count(1)
        for role in ("events", "requests"):
            self.comms[role] = uuid.uuid4().hex
            self.kernel.send(
                "comm_open",
                {
                    "comm_id": self.comms[role],
                    "target_name": "jupyter_repro",
                    "data": {"role": role, "client": client, "protocol": 1},
                },
                subshell=subshell,
            )

    def ask(self, kind: str, *, timeout: float = 30.0, **fields: Any) -> dict[str, Any]:
        """Send a request; return its reply."""
        return self.reply_to(self.request(kind, **fields), timeout=timeout)

    def request(self, kind: str, **fields: Any) -> str:
        """Send a request; return its id."""
        identity = f"{self.client}-{next(self._count)}"
        self.raw({"type": kind, "id": identity, **fields})
        return identity

    def raw(self, data: Any) -> None:
        """Send whatever it is."""
        self.kernel.send(
            "comm_msg", {"comm_id": self.comms["requests"], "data": data}, subshell=self._subshell
        )

    def reply_to(self, identity: str, *, timeout: float = 30.0) -> dict[str, Any]:
        """Wait for the reply to a request."""
        found = self.kernel.until(
            lambda m: self._mine(m, "requests") and m["content"]["data"].get("id") == identity,
            timeout=timeout,
        )
        data: dict[str, Any] = found["content"]["data"]
        return data

    def events(self) -> list[dict[str, Any]]:
        """Return the events that have come."""
        return [m["content"]["data"] for m in self.kernel.messages if self._mine(m, "events")]

    def event(self, found: Any, *, timeout: float = 30.0) -> dict[str, Any]:
        """Wait for an event that came now or before."""
        message = self.kernel.until(
            lambda m: self._mine(m, "events") and found(m["content"]["data"]), timeout=timeout
        )
        data: dict[str, Any] = message["content"]["data"]
        return data

    def _mine(self, message: dict[str, Any], role: str) -> bool:
        return message["msg_type"] == "comm_msg" and message["content"]["comm_id"] == self.comms[role]
