"""One session's panels: comms come in, the session's facts go out."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.kernel.hooks import Hooks
from jupyter_repro.kernel.panel_document import PanelDocument

from .answering import Answering
from .events import JobChanged, Noticed
from .facts import Busy
from .limits import capped
from .links import Links
from .main_thread import MainThread
from .snapshot import Seen, state_of, status_now
from .ticking import EVERY_S, Ticking
from .wire import BadMessage, encode, read_opening, read_request
from .work import Work

if TYPE_CHECKING:
    from typing import Literal

    from jupyter_repro.kernel.boundary import Boundary
    from jupyter_repro.kernel.session import Session
    from jupyter_repro.records import Status

    from .facts import State
    from .links import Link

__all__ = ["Panel"]

_TELL_BUSY_AFTER_S = 0.3
_LOOK_AGAIN_S = 10.0
_TWINS_SHARE = 20
_WAIT_S = 0.5
"""How long to wait for an idle kernel's main thread."""


class Panel:
    """Answers and tells, in whatever thread; what needs the thread of cells is done between cells.

    Args:
        session: Whose facts are told.
        boundary: What failures of this stop at.
        thread: That runs cells.
    """

    def __init__(self, session: Session, boundary: Boundary, *, thread: int) -> None:
        self.session = session
        self.boundary = boundary
        self.links = Links()
        self.main = MainThread(session.shell, lambda: session.busy, thread=thread)
        self.work = Work(self._work_changed, name=session.kernel_id)
        self._ticking = Ticking(boundary.guard(self._tick))
        self._hooks = Hooks(session.shell, boundary, begin=self._began, end=self._ended)
        self._answering = Answering(self)
        self._facts = threading.Lock()
        self._seen: Seen | None = None
        self._seen_is_old = True
        self._twins_due = 0.0
        self._busy: Busy | None = None
        self._version = 0
        """Counts what may have changed the state."""
        self._made: tuple[int, float, Status, State] | None = None
        """The last state: version, moment, facts."""

    # -- comms --------------------------------------------------------------------------------------

    def opened(self, comm: Any, message: Any) -> None:
        """Take a comm that a front end has opened."""
        try:
            link = self.joined(message.get("content", {}).get("data"), comm)
        except BadMessage as error:
            comm.send(encode(error.reply))
            comm.close()
            return
        guard = self.boundary.guard
        comm.on_close(guard(lambda _message: self.left(link)))
        comm.on_msg(guard(lambda asked: self.asked(link, asked.get("content", {}).get("data"))))

    def joined(self, data: Any, comm: Any) -> Link:
        """Return the link that a comm belongs to which was opened with these data.

        Raises:
            BadMessage: They are not understood.
        """
        link = self.links.join(read_opening(data), comm)
        if self.session.recording:
            self._hooks.put_on()
        return link

    def left(self, link: Link) -> None:
        """A client has gone."""
        self.links.leave(link)
        self._choose_document()

    def asked(self, link: Link, data: Any) -> None:
        """Answer what a client asks."""
        with unwatched():
            try:
                request = read_request(data)
            except BadMessage as error:
                link.reply(error.reply)
                return
            self._answering.answer(link, request)

    def close(self, reason: Literal["unloaded", "restarting"] = "unloaded") -> None:
        """Tell all clients that this is the end, and give everything back."""
        self._ticking.end()
        self._hooks.take_off()
        self.work.close()
        self.main.forget()
        self.links.close(reason)
        self.session.whereabouts.panel = None

    # -- the document -------------------------------------------------------------------------------

    def document_of(self, link: Link) -> PanelDocument:
        """Return what this client tells of its document."""
        if link.document is None:
            known = self.session.whereabouts.started_with()
            link.document = PanelDocument(known, self.session.folder())
        return link.document

    def document_told(self, link: Link) -> None:
        """A client has told of its document: it is the newest now."""
        self.session.whereabouts.panel = link.document
        self.changed()

    def _choose_document(self) -> None:
        """Where the client whose document counts is gone, take the one that told last."""
        documents = [link.document for link in self.links.open() if link.document is not None]
        if self.session.whereabouts.panel not in documents:
            self.session.whereabouts.panel = max(documents, key=lambda each: each.told, default=None)
            self.changed()

    # -- cells --------------------------------------------------------------------------------------

    def follow(self, *, on: bool) -> None:
        """Follow cells while they are recorded and somebody is linked; tell of it."""
        if on and self.links.all():
            self._hooks.put_on()
        else:
            self._hooks.take_off()
        self._busy = None
        self._seen_is_old = True
        self.changed()

    def _began(self, info: Any) -> None:
        cell = getattr(info, "cell_id", None)
        self._busy = Busy(since=time.time(), cell=cell if isinstance(cell, str) else None)
        self._ticking.ask(in_s=_TELL_BUSY_AFTER_S)

    def _ended(self, _result: Any) -> None:
        if self.session.busy:
            return
        self._busy = None
        self._seen_is_old = True
        if self.main.here():
            if any(link.show == "everything" for link in self.links.open()):
                self._look()
            self.main.between_cells()
        self.changed()

    def busy(self) -> Busy | None:
        """Return which cell runs, and since when."""
        if not self.session.busy:
            return None
        return self._busy or Busy(since=time.time(), cell=None)

    def look_again(self) -> None:
        """Something was put in force between cells: look at all of it; called by the thread that runs cells."""
        self._twins_due = 0.0
        self._look()
        self.changed()

    def _look(self) -> None:
        """Look at what only this thread can look at; the user's generators not at each short cell."""
        now = time.monotonic()
        twins = () if self._seen is None else self._seen.twins
        if now >= self._twins_due:
            twins = self.session.twins()
            took = time.monotonic() - now
            self._twins_due = now + took * _TWINS_SHARE
        self._seen = Seen(settings=self.session.settings(), twins=twins)
        self._seen_is_old = False

    # -- facts --------------------------------------------------------------------------------------

    def changed(self) -> None:
        """Something may be another: tell, soon."""
        self._version += 1
        self._ticking.ask()

    def status(self) -> Status:
        """Return the session's status, made anew if it is not of this moment."""
        return self._current(fully=True)[2]

    def state(self, *, fully: bool = True) -> State:
        """Return what a panel shows at this moment.

        Args:
            fully: With the settings as they are; a hidden page shows none.
        """
        made = self._current(fully=fully)[3]
        return msgspec.structs.replace(made, busy=self.busy(), jobs=self.work.all())

    def _current(self, *, fully: bool) -> tuple[int, float, Status, State]:
        if self._seen is None or (fully and self._seen_is_old):
            self.main.do(self.boundary.guard(self._look), wait_s=_WAIT_S)
            self._version += 1
        with self._facts:
            version, now = self._version, time.monotonic()
            made = self._made
            if made is not None and made[0] == version and now - made[1] < EVERY_S:
                return made
            # while the first cell runs nobody can look between two: as this thread sees it
            seen = self._seen or Seen(settings=self.session.settings(), twins=())
            status = status_now(self.session, seen)
            state = state_of(status, self.session, busy=None, jobs=())
            self._made = made = (version, time.monotonic(), status, state)
            return made

    # -- telling ------------------------------------------------------------------------------------

    def noticed(self, line: str, cell: str | None) -> None:
        """Tell a line that was printed below a cell."""
        text = capped(line.removeprefix("repro: "))
        for link in self.links.open():
            if link.show != "nothing":
                link.tell(lambda seq: Noticed(seq=seq, severity="warning", text=text, cell=cell))

    def _work_changed(self) -> None:
        self._ticking.ask()

    def _tick(self) -> float | None:
        """Bring every client up to date; return when to look again by itself."""
        links = self.links.open()
        for job in self.work.take_changed():
            for link in links:
                link.tell(lambda seq, job=job: JobChanged(seq=seq, job=job))  # type: ignore[misc]  # mypy cannot infer a default
        watching = [link for link in links if link.show != "nothing"]
        if not watching:
            if not self.links.all():
                self._hooks.take_off()
            return None
        fully = any(link.show == "everything" for link in watching)
        state = self.state(fully=fully)
        for link in watching:
            link.bring_up_to(state)
        return _LOOK_AGAIN_S if fully else None
