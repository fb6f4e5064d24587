"""``%%repro twice``: a cell runs again from where it began, unseen, and the two runs are compared."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.determinism.trace.compare import compare_traces
from jupyter_repro.determinism.trace.format import trace_of
from jupyter_repro.determinism.trace.tracer import Tracer
from jupyter_repro.digest.values import Budget, value_digest
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.inputs.opened import FileWatch
from jupyter_repro.reports.trace_text import divergence_line
from jupyter_repro.reports.twice_text import twice_text
from jupyter_repro.rerun.differences import difference
from jupyter_repro.rerun.outcome import Once, Outcome
from jupyter_repro.rerun.outputs import DIGEST, Output, joined, other_output
from jupyter_repro.rng.kept import KeptStreams

from .begun import BYTES, ITEMS, Begun
from .causes import Seen, causes_of
from .hearing import Heard, hearing
from .notices import say
from .refusing import effect_of, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.entropy.governor import Entropy
    from jupyter_repro.records import Leak

    from .requests import Twice
    from .session import Session

__all__ = ["RunTwice"]


class _Run:
    """What one run showed and how it ended."""

    def __init__(self) -> None:
        self.value: Any = None
        self.error: BaseException | None = None
        self.outputs: tuple[Output, ...] = ()
        self.digests: dict[str, tuple[str | None, str]] = {}
        self.trace = b""


class RunTwice:
    """Runs a cell twice; what the user has afterwards is what the first run left.

    Args:
        session: Whose cell it is.
        body: Its source below the magic.
        request: What is asked for.
        entropy: The watch that is in force for this cell alone, if one is.
    """

    def __init__(self, session: Session, body: str, request: Twice, entropy: Entropy | None) -> None:
        self._session = session
        self._shell = session.shell
        self._body = body
        self._anyway = request.anyway
        self._traces = request.trace
        self._entropy = entropy

    def run(self, once: Callable[[], Any]) -> Any:
        """Run the body as if it were alone, then again, say what differs, and return the first value.

        Args:
            once: Runs the body.
        """
        __tracebackhide__ = True
        begun = self._begin()
        first = _Run()
        watch = FileWatch()
        watch.start()
        try:
            with hearing(self._shell, mute=False) as heard:
                self._run(first, once)
        finally:
            opened = watch.take()
            watch.stop()
        found: Outcome | Once
        if isinstance(begun, Once):
            found = begun
        elif isinstance(first.error, (KeyboardInterrupt, SystemExit)):
            found = Once("it was interrupted")
        elif not self._anyway and (effect := effect_of(opened, self._shell.user_ns, self._session.folder())):
            found = Once(effect, "`%%repro twice anyway` runs it again all the same")
        elif heard.deaf:
            found = Once("what it shows cannot be listened to")
        else:
            found = self._again(begun, first, heard, once)
        say(twice_text(found))
        if first.error is not None:
            raise first.error
        return first.value

    def _begin(self) -> Begun | Once:
        """Keep what the second run needs, or say why there will be none."""
        run = self._session.running_run()
        if run is None:
            return Once("no cell was seen to begin")
        namespace = self._shell.user_ns
        refused = refusal(self._body, [namespace.get(name) for name in run.may_read], namespace)
        if refused and not self._anyway:
            return Once(refused, "`%%repro twice anyway` runs it again all the same")
        try:
            begun = Begun(self._session, self._body, self._entropy)
        except Exception as error:  # noqa: BLE001 - whatever a copy meets, the cell runs
            return Once(str(error) or type(error).__name__)
        moving = [each for each in begun.copies.apart if each.moves]
        if moving and not self._anyway:
            names = ", ".join(dict.fromkeys(f"`{each.name}` ({each.why})" for each in moving))
            return Once(
                f"{names} cannot be copied, and a second run would go on with it",
                "`%%repro twice anyway` lets it",
            )
        return begun

    def _run(self, run: _Run, once: Callable[[], Any]) -> None:
        __tracebackhide__ = True  # of the error's traceback, where IPython shows it
        tracer = Tracer("", {}) if self._traces else None
        if tracer is not None:
            tracer.enter()
        try:
            run.value = once()
        except BaseException as error:  # noqa: BLE001 - it is raised again when all is put back
            run.error = error
        finally:
            if tracer is not None:
                run.trace = tracer.whole({}, {})

    def _ending(self, run: _Run) -> list[Output]:
        """Return the result or the error as an output; only a result that is not known by content is shown."""
        if run.error is not None:
            text = f"{type(run.error).__name__}: {_text_of(run.error)}"
            return [Output("error", {"text/plain": text})]
        if run.value is None:
            return []
        budget = Budget(bytes=BYTES, items=ITEMS)
        digest = value_digest(run.value, budget=budget, namespace=self._shell.user_ns)
        if digest is not None:
            return [Output("result", {DIGEST: digest})]
        streams = KeptStreams()
        with hearing(self._shell, mute=True), unwatched():
            try:
                forms, _ = self._shell.display_formatter.format(run.value)
            except Exception as error:  # noqa: BLE001 - the user's own __repr__ may raise anything
                forms = {"text/plain": f"{type(error).__name__} when it is shown"}
        streams.put_back()
        plain = {str(mime): form if isinstance(form, str) else repr(form) for mime, form in forms.items()}
        return [Output("result", plain)] if plain else []

    def _again(self, begun: Begun, first: _Run, heard: Heard, once: Callable[[], Any]) -> Outcome | Once:
        """Run it again and compare; a fault of ours leaves the cell as it ran."""
        second = _Run()
        try:
            first.outputs = joined([*heard.outputs, *self._ending(first)])
            first.digests = begun.digests()
            with begun.second() as entropy:
                with hearing(self._shell, mute=True) as again:
                    self._run(second, once)
                second.outputs = joined([*again.outputs, *self._ending(second)])
                second.digests = begun.digests()
                leaks = entropy.take()
            if isinstance(second.error, KeyboardInterrupt):
                return Once("the second run was interrupted")
            return self._compared(begun, first, second, leaks)
        except KeyboardInterrupt:
            return Once("the second run was interrupted")
        except Exception as error:  # noqa: BLE001 - whatever fails here is ours
            return Once(f"the second run could not be compared ({type(error).__name__}: {error})")

    def _traced(self, first: _Run, second: _Run) -> str:
        """Say where the operations of torch part."""
        one, two = (trace_of(run.trace, "the trace", "") for run in (first, second))
        one.name, two.name = "the first run", "the second run"
        return divergence_line(compare_traces(one, two))

    def _compared(self, begun: Begun, first: _Run, second: _Run, leaks: tuple[Leak, ...]) -> Outcome:
        other = other_output(first.outputs, second.outputs, lambda: difference(first.value, second.value))
        differences = [other] if other else []
        apart = {each.name for each in begun.copies.apart}
        same, unseen = [], [("figures", "shown after the cell")] if begun.drew_figures else []
        for name in [*first.digests, *(each for each in second.digests if each not in first.digests)]:
            one, two = first.digests.get(name), second.digests.get(name)
            if one is None or two is None:
                which = "first" if two is None else "second"
                differences.append(f"`{name}`: only the {which} run leaves it")
            elif name in apart:
                continue  # told as such
            elif one[0] is None or two[0] is None:
                unseen.append((name, one[1] or two[1]))
            elif one[0] != two[0]:
                what = difference(begun.copies.first.get(name), begun.left.get(name))
                differences.append(f"`{name}`: {what}")
            else:
                same.append(name)
        run = self._session.running_run()
        return Outcome(
            differences=tuple(differences),
            outputs=len(first.outputs),
            names=tuple(same),
            unseen=tuple(unseen),
            apart=tuple(dict.fromkeys((each.name, each.said) for each in begun.copies.apart)),
            traced=self._traced(first, second) if self._traces else "",
            likely=causes_of(
                Seen(
                    body=self._body,
                    leaks=leaks,
                    unrepeatable=() if run is None else run.names.unrepeatable,
                    apart=begun.copies.apart,
                    unrewound=begun.unrewound,
                    torch="torch" in sys.modules and not self._traces,
                )
            ),
        )


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - the user's own __str__ may raise anything
        return "(its text cannot be read)"
