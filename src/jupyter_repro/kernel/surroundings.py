"""What surrounds the names of a notebook in its process: settings and the user's own modules.

Both are resources as names are: at the two ends of a cell run they are compared, and what the run may hang on
and what it changed goes into its record.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from jupyter_repro.inputs.audit import folder_moves
from jupyter_repro.modules import Autoreload, ModuleWatch
from jupyter_repro.process import ProcessWatch, imported_by, why_unseen
from jupyter_repro.process.settings.shell import shown_by
from jupyter_repro.records import ABSENT, Use, Version
from jupyter_repro.replay.sensitivity import (
    by_name,
    is_among,
    may_set,
    roots_of,
    sensitive_to,
    set_outright,
    shows_results,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_repro.modules import UserModule
    from jupyter_repro.process import Moment, Moves
    from jupyter_repro.replay.ledger import Ledger
    from jupyter_repro.replay.open_run import OpenRun

__all__ = ["Around", "At", "Surroundings"]


@dataclasses.dataclass(frozen=True)
class At:
    """The surroundings at the beginning of a run."""

    moment: Moment
    known: frozenset[str]
    """The user modules that were imported."""
    modules: Mapping[str, UserModule]
    """Of these, the ones that the run may use, by resource."""


@dataclasses.dataclass(frozen=True)
class Around:
    """What a run found and left around its names."""

    reads: tuple[Use, ...] = ()
    writes: tuple[tuple[str, str | None], ...] = ()
    sensitive: tuple[str, ...] = ()
    """Settings that the run may hang on, whether they are as a fresh kernel has them or not."""


class Surroundings:
    """Follows the settings and modules of the process for one session.

    Args:
        shell: The interactive shell.
        ledger: Where versions are kept.
        home: The notebook's folder.
    """

    def __init__(self, shell: Any, ledger: Ledger, *, home: str) -> None:
        self._ledger = ledger
        self._modules = ModuleWatch(home=home, reloaded=Autoreload(shell))
        self._process = ProcessWatch(
            is_user_module=self._modules.is_user_module,
            user_imported=self._modules.imported,
            folder_moves=folder_moves,
            extra=(shown_by(shell),),
        )

        self._settled: Mapping[str, str] | None = None
        """The settings that the ledger has been brought in line with."""
        self._may_set: tuple[Mapping[str, frozenset[str]], dict[str, tuple[str, ...]]] | None = None
        """What sources may set, under the settings that there are."""
        self._apart_in: tuple[Mapping[str, str], tuple[str, ...]] | None = None

    def start(self) -> None:
        """Begin to see imports; a setting is taken to be as a fresh kernel has it."""
        self._process.start()
        for resource, digest in self._process.now().items():
            self._found(resource, digest)

    def stop(self) -> None:
        """See no more imports."""
        self._process.stop()

    def fresh_modules(self) -> dict[str, Version]:
        """Return the version that each user module would have right after its import in a fresh kernel."""
        return {resource: _fresh(module) for resource, module in self._modules.fresh().items()}

    def may_set(self, source: str, code: str) -> tuple[str, ...]:
        """Return the settings that a source may set, by its words; ``env`` stands for any variable.

        Args:
            source: The source.
            code: The same in plain Python.
        """
        hints = self._process.names()
        if self._may_set is None or self._may_set[0] is not hints:
            self._may_set = (hints, {})  # a setting has come with its library
        known = self._may_set[1]
        if source not in known:
            known[source] = may_set(hints, source, code)
        return known[source]

    # -- the two ends of a run ----------------------------------------------------------------------

    def begin(self, code: str, names: Iterable[str], namespace: Mapping[str, Any]) -> At:
        """Look at everything before a run; what moved since the last one has no known maker.

        Args:
            code: What is about to run.
            names: What the run may read.
            namespace: The user's names.
        """
        there = self._modules.known()
        used: frozenset[str] = frozenset()
        if there:
            imported = self._modules.used_by(there.intersection(imported_by(code)))
            used = self._used(names, namespace) | imported
        at = At(self._process.moment(), there, self._modules.now(namespace, only=used) if used else {})
        live = self._ledger.live
        if at.moment.digests is not self._settled:
            self._settled = at.moment.digests
            for resource, digest in self._settled.items():
                if self._found(resource, digest) and live[resource].digest != _digest(digest):
                    live[resource] = _seen(digest, "was set between cells")
        for resource, module in at.modules.items():
            known = live.get(resource)
            if known is None or known.digest != module.digest:
                live[resource] = Version(module.digest, 0, (), module.why_unknown)
        return at

    def end(self, at: At, run: OpenRun, namespace: Mapping[str, Any], *, files: bool) -> Around:
        """Look at everything after a run.

        Args:
            at: What :meth:`begin` returned.
            run: The run.
            namespace: The user's names now.
            files: It opened files.
        """
        moves = self._process.since(at.moment, code=run.before.code)
        now = self._process.last()
        for resource, digest in moves.arrived.items():
            self._found(resource, digest)
        for resource, change in moves.written.items():
            self._found(resource, change.before)
        hints = self._process.names()
        written = {resource: change.after for resource, change in moves.written.items()}
        written.update(self._set_again(hints, run, now, written))
        written.update(self._passed_on(moves))
        outright = set_outright(run.before.code)
        spelled = words_of(run.before.code)
        # a module that is named only to set something in it is not asked for anything
        used = run.may_read - (run.names.reads - spelled) if outright else run.may_read
        sensitive = self._sensitive(run, spelled, used, namespace, files=files)
        apart = self._apart(at.moment.digests)
        asked = written.keys() - outright
        read = [Use(r, self._ledger.live[r]) for r in apart if is_among(r, sensitive) or r in asked]
        modules, changed = self._modules_around(at, run.before.code, run.may_read, namespace)
        return Around(
            reads=(*read, *modules),
            writes=(*((r, _digest(d)) for r, d in sorted(written.items())), *changed),
            sensitive=sensitive,
        )

    # -- settings -----------------------------------------------------------------------------------

    def _sensitive(
        self,
        run: OpenRun,
        spelled: frozenset[str],
        used: frozenset[str],
        namespace: Mapping[str, Any],
        *,
        files: bool,
    ) -> tuple[str, ...]:
        """Return the settings that a run may hang on, by the words of its source and the names that it used."""
        hints = self._process.names()
        reached = used if "os" in run.called.reads else used - {"os"}
        elsewhere = reached | roots_of(namespace[name] for name in reached if name in namespace)
        words = spelled | used | elsewhere
        sensitive = sensitive_to(
            hints, words, calls=run.names.has_calls, files=files, results=shows_results(run.before.code)
        )
        return by_name(sensitive, hints, run.before.code, elsewhere)

    def _found(self, resource: str, digest: str) -> bool:
        """Take a setting that is seen for the first time as a fresh kernel's; tell whether it was known."""
        if resource in self._ledger.base:
            return True
        first = self._process.first_digest(resource) or digest
        self._ledger.base[resource] = self._ledger.live[resource] = _seen(first, "")
        self._apart_in = None
        return first != digest

    def _apart(self, digests: Mapping[str, str]) -> tuple[str, ...]:
        """Return the settings that are not as a fresh kernel has them; the mapping stays while none moves."""
        if self._apart_in is None or self._apart_in[0] is not digests:
            base = self._ledger.base
            found = (r for r, d in digests.items() if r in base and base[r].digest != _digest(d))
            self._apart_in = (digests, tuple(found))
        return self._apart_in[1]

    def _passed_on(self, moves: Moves) -> dict[str, str]:
        """Imports change settings in passing, in a fresh kernel too; return those that the user had set."""
        base, live = self._ledger.base, self._ledger.live
        found = {}
        for resource, change in moves.imported.items():
            self._found(resource, change.before)
            if live[resource].digest == base[resource].digest:
                base[resource] = live[resource] = _seen(change.after, "")
                self._apart_in = None
            else:
                found[resource] = change.after
        return found

    def _set_again(
        self,
        hints: Mapping[str, frozenset[str]],
        run: OpenRun,
        now: Mapping[str, str],
        written: Mapping[str, str],
    ) -> dict[str, str]:
        """Return what the run may have set to just what it was; only what a cell has set counts."""
        apart = [resource for resource in self._apart(now) if resource not in written]
        if not apart:
            return {}
        sets = may_set(hints, run.before.source, run.before.code)
        return {resource: now[resource] for resource in apart if is_among(resource, sets)}

    # -- modules ------------------------------------------------------------------------------------

    def _used(self, names: Iterable[str], namespace: Mapping[str, Any]) -> frozenset[str]:
        """Return the user modules behind these names, and those that they use in turn."""
        named = {self._modules.module_of(namespace[name]) for name in names if name in namespace}
        return self._modules.used_by(name for name in named if name is not None)

    def _modules_around(
        self, at: At, code: str, names: Iterable[str], namespace: Mapping[str, Any]
    ) -> tuple[list[Use], list[tuple[str, str | None]]]:
        known = self._modules.known()
        if not known:
            return [], []
        new = known - at.known
        imported = self._modules.used_by(known.intersection(imported_by(code)))
        used = self._used(names, namespace) | new | imported | {resource[7:] for resource in at.modules}
        reads, writes = [], []
        for resource, module in self._modules.now(namespace, only=used).items():
            was = None if resource[7:] in new else self._ledger.live.get(resource)
            was = was or _fresh(module)
            reads.append(Use(resource, was))
            if was.digest is None or was.digest != module.digest:
                writes.append((resource, module.digest))
        return reads, writes


def _digest(digest: str) -> str | None:
    return None if why_unseen(digest) else digest


def _seen(digest: str, origin: str) -> Version:
    return Version(_digest(digest), 0, (), why_unseen(digest) or origin)


def _fresh(module: UserModule) -> Version:
    if module.edited and module.disk_digest is not None:
        return Version(f"edited {module.disk_digest}", 0, (), "its file was edited after the import")
    if module.disk_digest is None:
        return Version(ABSENT, 0, (), module.why_unknown)
    why = module.why_unknown or "how it is right after an import was not seen"
    return Version(module.fresh_digest, 0, (), "" if module.fresh_digest else why)
