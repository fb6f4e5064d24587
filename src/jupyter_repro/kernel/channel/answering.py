"""What each request is answered with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import ReproError
from jupyter_repro.kernel import requests as words
from jupyter_repro.version import __version__

from . import replies, requests
from .limits import capped
from .snapshot import cell_in_short, plan_in_short
from .wire import PROTOCOL

if TYPE_CHECKING:
    from collections.abc import Callable

    from .links import Link
    from .panel import Panel
    from .replies import Reply
    from .requests import Request

__all__ = ["Answering"]

_WAIT_S = 0.5
"""How long an answer waits for the thread that runs cells, where that is idle."""


class Answering:
    """Answers requests, in whatever thread they come.

    Args:
        panel: Whose session and links they are about.
    """

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._session = panel.session
        self._doors: dict[type, Callable[[Link, Any], Reply | None]] = {
            requests.Allow: self._allow,
            requests.Annotate: self._annotate,
            requests.Cancel: self._cancel,
            requests.DiffRuns: self._diff,
            requests.Document: self._document,
            requests.Export: self._work,
            requests.Govern: self._govern,
            requests.Off: self._off,
            requests.Open: self._open,
            requests.Ping: self._ping,
            requests.Plan: self._plan,
            requests.Prove: self._work,
            requests.Section: self._section,
            requests.SetNotices: self._notices,
            requests.ShowState: self._state,
            requests.Track: self._track,
            requests.Verify: self._work,
            requests.Watch: self._watch,
            requests.Weigh: self._weigh,
        }

    def answer(self, link: Link, request: Request) -> None:
        """Send the one reply to a request; whatever goes wrong is a reply too."""
        reply: Reply | None
        try:
            if not link.opened and not isinstance(request, (requests.Open, requests.Ping)):
                reply = _failed(request, "not open", "this client has not been linked", "send `open` first")
            else:
                reply = self._doors[type(request)](link, request)
        except ReproError as error:
            reply = _failed(request, "refused", error.message, error.remedy)
        except Exception as error:  # noqa: BLE001 - told to the one who asked; the session goes on
            failures = self._panel.boundary.failures
            failures[:] = [*failures[-19:], repr(error)]
            what = f"{type(error).__name__}: {error}"
            reply = _failed(request, "failed", what, "report it with what you did")
        if reply is not None:
            link.reply(reply)

    # -- the link -----------------------------------------------------------------------------------

    def _open(self, link: Link, request: requests.Open) -> Reply | None:
        if request.protocol != PROTOCOL:
            older = "the kernel's jupyter_repro" if request.protocol > PROTOCOL else "the panel"
            return _failed(
                request,
                "protocol",
                f"the panel speaks version {request.protocol}, the kernel version {PROTOCOL}",
                f"upgrade {older}: the kernel has jupyter_repro {__version__}",
            )
        if request.document is not None:
            refused = self._take_document(link, request, request.document, whole=True)
            if refused is not None:
                return refused
        state = self._panel.state()
        link.begin(
            state,
            lambda seq: replies.Opened(
                id=request.id,
                protocol=PROTOCOL,
                version=__version__,
                kernel=self._session.kernel_id,
                seq=seq,
                state=state,
            ),
        )
        self._panel.changed()
        return None

    def _state(self, link: Link, request: requests.ShowState) -> Reply | None:
        state = self._panel.state()
        link.begin(state, lambda seq: replies.Whole(id=request.id, seq=seq, state=state))
        return None

    def _document(self, link: Link, request: requests.Document) -> Reply:
        refused = self._take_document(link, request, request.document, whole=False)
        return replies.Done(id=request.id) if refused is None else refused

    def _take_document(
        self, link: Link, request: Request, told: requests.DocumentChange, *, whole: bool
    ) -> Reply | None:
        from jupyter_repro.kernel.panel_document import UnknownCell

        document = self._panel.document_of(link)
        before = document.path
        try:
            document.change(told, whole=whole)
        except UnknownCell as error:
            what = f"cell `{capped(str(error), 80)}` has never been sent"
            return _failed(request, "resync", what, "send all cells")
        if before is not None and document.path is not None and before != document.path:
            from .check_notes import renamed

            renamed(before, document.path)
        self._panel.document_told(link)
        return None

    def _watch(self, link: Link, request: requests.Watch) -> Reply:
        link.show = request.show
        self._panel.changed()
        return replies.Done(id=request.id)

    def _ping(self, _link: Link, request: requests.Ping) -> Reply:
        return replies.Pong(id=request.id, busy=self._panel.busy())

    # -- acts ---------------------------------------------------------------------------------------

    def _govern(self, _link: Link, request: requests.Govern) -> Reply:
        from jupyter_repro.reports import governed_line

        wish = words.Govern(
            seed=request.seed,
            strictness=request.strictness,
            entropy=request.entropy,
            per_cell=request.per_cell,
        )
        went_wrong: list[ReproError] = []

        def put() -> None:
            try:
                self._session.govern(wish)
            except ReproError as error:
                went_wrong.append(error)
            self._panel.look_again()

        done = self._panel.main.do(self._panel.boundary.guard(put), wait_s=_WAIT_S)
        if went_wrong:
            raise went_wrong[0]
        plan = self._session.plan
        settings = self._panel.state().settings
        sentence = "" if plan is None or not done else governed_line(plan, settings).removeprefix("repro: ")
        return replies.Governed(
            id=request.id,
            queued=not done,
            sentence=sentence if done else "a cell runs: it takes effect when that has ended",
            governed=plan,
            settings=settings,
        )

    def _off(self, _link: Link, request: requests.Off) -> Reply:
        busy = self._panel.busy()
        if busy is not None:
            return replies.IsBusy(id=request.id, busy=busy)

        def stop() -> None:
            self._session.stop()
            self._panel.look_again()

        if not self._panel.main.do(self._panel.boundary.guard(stop), wait_s=_WAIT_S):
            return _failed(request, "refused", "the kernel does not come to it", "run `%repro off` in a cell")
        return replies.Done(id=request.id)

    def _notices(self, _link: Link, request: requests.SetNotices) -> Reply:
        self._session.notices_on = request.on
        self._panel.changed()
        return replies.Done(id=request.id)

    def _allow(self, _link: Link, request: requests.Allow) -> Reply:
        from jupyter_repro.rules.allowed import allowance

        line = f"# repro: allow {request.code} because {' '.join(request.reason.split())}"
        if not allowance(line, request.code):
            return _failed(request, "refused", "nothing is allowed without a code and a reason", "give both")
        return replies.Edit(id=request.id, cell=request.cell, line=line)

    def _annotate(self, _link: Link, request: requests.Annotate) -> Reply:
        from .check_notes import annotated

        return annotated(self._panel, request)

    def _track(self, _link: Link, request: requests.Track) -> Reply:
        from .about_files import tracked

        made = tracked(request.id, self._session, request.paths, accept=request.accept)
        self._panel.changed()
        return made

    def _plan(self, _link: Link, request: requests.Plan) -> Reply:
        status = self._panel.status()
        cells = {cell.id: cell for cell in status.cells}
        return replies.Planned(
            id=request.id,
            plan=plan_in_short(status.plan),
            cells=tuple(cell_in_short(cells[each]) for each in status.plan.cells),
        )

    # -- sections -----------------------------------------------------------------------------------

    def _diff(self, _link: Link, request: requests.DiffRuns) -> Reply:
        from .about_files import diff

        return diff(request.id, self._session, request.first, request.second)

    def _section(self, _link: Link, request: requests.Section) -> Reply:
        from .about import section

        return section(self._panel, request)

    def _weigh(self, _link: Link, request: requests.Weigh) -> Reply:
        from .about_bundle import bundle_plan
        from .wishes import wish_of

        return bundle_plan(request.id, self._session, self._panel.status(), wish_of(request))

    # -- jobs ---------------------------------------------------------------------------------------

    def _work(self, _link: Link, request: requests.Export | requests.Prove | requests.Verify) -> Reply:
        from .tasks import start

        return replies.JobTold(id=request.id, job=start(self._session, self._panel.work, request))

    def _cancel(self, _link: Link, request: requests.Cancel) -> Reply:
        return replies.JobTold(id=request.id, job=self._panel.work.cancel(request.job))


def _failed(request: Request, code: replies.FailureCode, message: str, remedy: str) -> Reply:
    return replies.Failed(id=request.id, code=code, message=capped(message), remedy=capped(remedy))
