"""Who is linked: one link a client, with its two comms and what it has been told."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any, Literal

from .deltas import delta_between, headline_between, with_short_of
from .events import Closed, KernelChanged
from .wire import encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.kernel.panel_document import PanelDocument

    from .events import Event
    from .facts import State
    from .replies import Reply
    from .requests import CommOpened

__all__ = ["Link", "Links"]

Show = Literal["everything", "headline", "nothing"]


class Link:
    """One client: a page that shows one notebook.

    Its comms are used under its lock, so that events leave in the order of their numbers.
    """

    def __init__(self, client: str) -> None:
        self.client = client
        self.document: PanelDocument | None = None
        self.show: Show = "everything"
        self.opened = False
        self.alive = True
        self._lock = threading.RLock()
        self._comms: dict[str, Any] = {}
        self._seq = 0
        self._told: State | None = None
        """What the client knows: the basis of the next delta."""

    def join(self, role: str, comm: Any) -> Any | None:
        """Take a comm; return the one it replaces, if any."""
        with self._lock:
            before = self._comms.get(role)
            self._comms[role] = comm
            return before

    def begin(self, state: State, reply: Callable[[int], Reply]) -> None:
        """Answer with the whole state, and count on from there."""
        with self._lock:
            self.opened = True
            self._told = state
            self.reply(reply(self._seq))

    def reply(self, message: Reply) -> None:
        """Answer."""
        self._send("requests", message)

    def tell(self, event: Callable[[int], Event]) -> None:
        """Send an event; it is given its number."""
        with self._lock:
            if self.opened:
                self._seq += 1
                self._send("events", event(self._seq))

    def bring_up_to(self, state: State) -> None:
        """Send what is another in the state, if anything that this client wants to hear of is."""
        with self._lock:
            if not self.opened or self._told is None or self.show == "nothing":
                return
            everything = self.show == "everything"
            make = delta_between if everything else headline_between
            found = make(self._told, state, seq=self._seq + 1)
            busy_before = self._told.busy
            self._told = state if everything else with_short_of(self._told, state)
            if found is not None:
                self._seq += 1
                self._send("events", found)
            if state.busy != busy_before:
                self.tell(lambda seq: KernelChanged(seq=seq, busy=state.busy))

    def close(self, reason: Literal["unloaded", "replaced", "restarting"]) -> tuple[Any, ...]:
        """Say that this is the last event; return the comms."""
        with self._lock:
            self.tell(lambda seq: Closed(seq=seq, reason=reason))
            self.alive = self.opened = False
            comms = tuple(self._comms.values())
            self._comms.clear()
            return comms

    def _send(self, role: str, message: Reply | Event) -> None:
        """Send; a comm that cannot be sent on ends the link."""
        with self._lock:
            comm = self._comms.get(role)
            if comm is None:
                return
            try:
                comm.send(encode(message))
            except Exception:  # noqa: BLE001 - the front end is gone, or the kernel ends: there is nobody to tell
                self.alive = self.opened = False
                self._comms.clear()


class Links:
    """All links of a kernel."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._links: dict[str, Link] = {}

    def join(self, told: CommOpened, comm: Any) -> Link:
        """Return the link that a comm which was opened belongs to; an older link of the client is replaced.

        Args:
            told: What the comm was opened with.
            comm: The comm.
        """
        with self._lock:
            link = self._links.get(told.client)
            if link is None or not link.alive or told.role in link._comms:  # noqa: SLF001 - its registry
                fresh = Link(told.client)
                self._links[told.client] = fresh
                old, link = link, fresh
            else:
                old = None
        if old is not None:
            for former in old.close("replaced"):
                forget(former)
        link.join(told.role, comm)
        return link

    def leave(self, link: Link) -> None:
        """Drop a link."""
        with self._lock:
            if self._links.get(link.client) is link:
                del self._links[link.client]
        for comm in link.close("unloaded"):
            forget(comm)

    def all(self) -> tuple[Link, ...]:
        """Return the links that live, those among them that have not said `open` yet."""
        with self._lock:
            for client in [client for client, link in self._links.items() if not link.alive]:
                del self._links[client]
            return tuple(self._links.values())

    def open(self) -> tuple[Link, ...]:
        """Return the links that are told of changes."""
        return tuple(link for link in self.all() if link.opened)

    def close(self, reason: Literal["unloaded", "restarting"]) -> None:
        """End all."""
        with self._lock:
            links, self._links = tuple(self._links.values()), {}
        for link in links:
            for comm in link.close(reason):
                with contextlib.suppress(Exception):
                    comm.close()


def forget(comm: Any) -> None:
    """Let go of a comm whose page is gone, without a message that no page knows what to do with."""
    with contextlib.suppress(Exception):
        comm.on_msg(None)
        comm.on_close(None)
        comm._closed = True  # noqa: SLF001 - else it says so itself when it is collected
        __import__("comm").get_comm_manager().comms.pop(comm.comm_id, None)


__all__ += ["forget"]
