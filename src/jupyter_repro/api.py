"""The Python door: the facts of ``%repro`` for programs."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .errors import BadNotebook, NoNotebook
from .kernel.document import document_from_file, document_from_node
from .kernel.extension import session_of
from .kernel.unrecorded import Unrecorded
from .records import SeedPlan, Status
from .rng.children import child_seed, generator
from .rng.forked import fork_rng
from .rng.seeds import check_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import TracebackType

    from typing_extensions import Self

    from .bundle.export import Exported
    from .kernel.session import Session
    from .records import ChanceReport, Document, EntropyMode, Environment, Leak, Setting, Strictness
    from .records.catalog import Run
    from .records.drift import Drift
    from .records.inputs import SeenInputs
    from .rng.loading import ReproLoader

__all__ = [
    "Governed",
    "Status",
    "child_seed",
    "config",
    "data",
    "drift",
    "environment",
    "export",
    "fork_rng",
    "generator",
    "input_files",
    "loader",
    "report",
    "runs",
    "seed",
    "status",
    "trace",
    "verify",
]


def config(path: str | os.PathLike[str], overrides: Iterable[str] = ()) -> Any:
    """Return what a YAML, JSON or TOML file says, and put it on record as it is written.

    ``%repro config``, the environment and the bundle then tell the file with its digest, its values before any
    reference is resolved, and what was given over them. A YAML file with references (``${...}``) comes back as a
    configuration of OmegaConf, which resolves them when they are read; every other as dicts and lists. In YAML
    ``3e-4`` is a number, and a key that stands twice is an error.

    Args:
        path: The file.
        overrides: What to put in the place of its own values: ``["optimizer.lr=0.01"]``, a ``+`` before a new key.

    Raises:
        BadConfig: The file cannot be read, or an override names a key that it does not have.
    """
    from .inputs.configs import read_config

    return read_config(path, overrides)


def environment(shell: Any = None) -> Environment:
    """Return what the run stands on at this moment: Python, machine, devices, packages, code.

    The facts of ``%repro env``. What is absent is a ``Missing`` with its reason. In a kernel where the extension is
    loaded it is also told which packages cells name in imports, which programs they called and what they installed.

    Args:
        shell: As for :func:`status`.
    """
    from .environments.now import environment_now

    shell = _running_shell() if shell is None else shell
    session = session_of(shell) if shell is not None else None
    return environment_now(Path.cwd()) if session is None else session.environment()


def data(path: str | os.PathLike[str], *, full: bool = False) -> Path:
    """Return the path, if the file is the one that was tracked: ``pd.read_csv(jupyter_repro.data("train.csv"))``.

    A folder stands for all files below it. What is tracked is written down by ``%repro data track PATHS``. What
    is asked for here counts as read by the cell.

    Args:
        path: A file or folder; a relative path means the working folder.
        full: Read every byte, also if size, times and inode say that the file has not changed since it was read.

    Raises:
        InputChanged: The file has changed or is gone; both digests are named, and what to do.
        NotTracked: It is not tracked.
        BadManifest: The manifest cannot be read.
    """
    from .inputs.guard import assure
    from .store.digests import cache_beside

    assure(os.fspath(path), Path.cwd(), cache_beside=lambda top: cache_beside(top, trust=not full))
    return Path(path)


def drift(notebook: str | os.PathLike[str] | None = None, run: str = "", *, shell: Any = None) -> Drift:
    """Return what differs now from the environment that made the saved outputs, the worst first.

    The facts of ``%repro drift``; ``to_json()`` is described in docs/drift-json.md. Where there is nothing to compare
    with, ``record`` is empty and ``sentence`` says why.

    Args:
        notebook: The file; None takes the notebook of the shell's kernel.
        run: What to compare with, by the beginning of its name; empty: the run that made the saved outputs.
        shell: As for :func:`status`.

    Raises:
        BadNotebook: The file is not a notebook.
        BadWord: There is no such run.
        NoNotebook: No notebook is given, and there is no shell with the extension.
    """
    from .bundle.baseline import baseline_from
    from .environments.now import environment_now
    from .kernel.drifting import drift_of
    from .store.baseline import baseline_of, drift_since

    shell = _running_shell() if shell is None else shell
    session = session_of(shell) if shell is not None else None
    if notebook is None:
        if session is None:
            raise NoNotebook(
                "there is no notebook and no shell with jupyter_repro loaded", remedy="give a notebook"
            )
        return drift_of(session, run)
    path = Path(notebook).resolve()
    found = baseline_from(path.parent, run) if run else baseline_of(path)
    now = environment_now(path.parent) if session is None else session.environment()
    return drift_since(found, now, folder=path.parent, notebook=path.name)


def input_files(shell: Any = None) -> SeenInputs:
    """Return the files that cells read and wrote, each with digest, cells and revision, and whom they talked to.

    The facts of ``%repro inputs``; ``to_json()`` is what ``%repro inputs json`` writes. A large file is read here.

    Args:
        shell: The IPython shell whose record counts; None takes the running one.

    Raises:
        NoNotebook: There is no shell with the extension.
        BadManifest: The manifest of data cannot be read.
    """
    shell = _running_shell() if shell is None else shell
    session = session_of(shell) if shell is not None else None
    if session is None:
        raise NoNotebook(
            "no cell has been recorded: there is no shell with jupyter_repro loaded",
            remedy="run `%load_ext jupyter_repro` first",
        )
    return session.inputs()


def runs(  # noqa: PLR0913 - what one may ask for, all keyword-only
    folder: str | os.PathLike[str] = ".",
    *,
    store: str = "",
    notebook: str = "",
    since: float | None = None,
    until: float | None = None,
    commit: str = "",
    verdict: str = "",
    limit: int | None = None,
) -> tuple[Run, ...]:
    """Return recorded runs, the newest first; the facts of ``jupyter repro runs list``.

    Args:
        folder: Of the notebooks.
        store: A store by its folder or address; empty: the project's, else the folder's own.
        notebook: Only runs of this one, by its name.
        since: Only runs from this moment on, in seconds since 1970.
        until: Only runs before this moment.
        commit: Only runs of code whose commit begins so.
        verdict: Only runs with this verdict.
        limit: At most so many.

    Raises:
        BadSettings: The store is not understood.
        StorageFailed: It cannot be read.
    """
    from .store.catalog.index import Wanted
    from .store.catalog.opening import place_near
    from .store.catalog.refreshing import refresh

    wanted = Wanted(notebook=notebook, since=since, until=until, commit=commit, verdict=verdict, limit=limit)
    place = place_near(Path(folder), told=store)
    if not place.there:
        return ()
    with place.open() as catalog:
        refresh(catalog, place, only_read=bool(store))
        return catalog.find(wanted)


def status(document: str | os.PathLike[str] | dict[str, Any] | None = None, shell: Any = None) -> Status:
    """Return whether Restart & Run All would give the results on the screen, cell by cell.

    Args:
        document: The notebook to judge: a path, or a notebook as nested dicts (an nbformat node).
            None takes the notebook of the shell's kernel, or the cells it ran in the order of first run.
        shell: The IPython shell whose record counts; None takes the running one. Without a shell, or where
            the extension is not loaded in it, no cell has been recorded.

    Raises:
        BadNotebook: The document is not a notebook.
        NoNotebook: Neither a document nor a shell with the extension is there.
    """
    session, given = _session_and_document(document, shell)
    return Unrecorded().status(_sure(given)) if session is None else session.status(given)


def report(
    document: str | os.PathLike[str] | dict[str, Any] | None = None, shell: Any = None
) -> ChanceReport:
    """Return what lets two runs of a notebook differ, what it changed, and what was not looked at.

    The facts of ``%repro report``; its ``to_json()`` is what ``%repro report json`` writes.

    Args:
        document: As for :func:`status`.
        shell: As for :func:`status`.

    Raises:
        BadNotebook: As for :func:`status`.
        NoNotebook: As for :func:`status`.
    """
    from .kernel.reporting import report_of
    from .reports.chance import chance_report

    session, given = _session_and_document(document, shell)
    if session is None:
        return chance_report(Unrecorded().status(_sure(given)), (), loaded=frozenset(sys.modules))
    return report_of(session, given)


class Governed:
    """Seeds and switches in force; give them back with :meth:`restore` or by leaving a ``with`` block."""

    def __init__(self, plan: SeedPlan, switches: Mapping[str, str]) -> None:
        from .determinism.apply import Switches
        from .entropy.governor import Entropy
        from .rng.governor import Streams
        from .rng.rank import rank_number

        self.plan = plan
        self._streams, self._switches = Streams(scope=True), Switches()
        self._entropy = Entropy(rank=rank_number, shares=True)
        self._leaks: list[Leak] = []
        if plan.strictness != "off" or switches:
            self._switches.begin(plan.strictness, switches)
        if plan.seed is not None:
            from .rng.workers import WORKERS

            self._streams.begin(plan.seed)
            WORKERS.use(self, on=True)
        if plan.entropy != "off":
            self._entropy.begin(plan.entropy, plan.seed)

    @property
    def settings(self) -> tuple[Setting, ...]:
        """What was asked for, what is in force, how that is known."""
        return (*self._streams.settings(), *self._switches.settings(), *self._entropy.settings())

    @property
    def leaks(self) -> tuple[Leak, ...]:
        """Draws that no seed governed since the beginning, by line; nothing with ``entropy="off"``."""
        self._leaks += self._entropy.take()
        return tuple(self._leaks)

    @property
    def too_late(self) -> tuple[Setting, ...]:
        """Settings that came too late to have an effect."""
        return tuple(setting for setting in self.settings if setting.effect == "too late")

    def restore(self) -> None:
        """Give back every generator state and setting, bit for bit; twice is once."""
        from .rng.workers import WORKERS

        WORKERS.use(self, on=False)
        self._leaks += self._entropy.take()
        self._entropy.end()
        self._streams.end()
        self._switches.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.restore()


def seed(
    value: int,
    *,
    strictness: Strictness = "off",
    entropy: EntropyMode = "off",
    tf32: Literal["off", "keep"] | None = None,
    threads: int | Literal["keep"] | None = None,
) -> Governed:
    """Seed every generator that is known here, now or at its import, and return what is in force.

    Args:
        value: A whole number from 0 on.
        strictness: ``strict`` forbids nondeterministic algorithms, ``warn`` reports them.
        entropy: What becomes of draws that no seed governs: ``report`` collects them in ``leaks``, ``derive``
            gives them a seed, ``raise`` forbids them.
        tf32: ``off`` turns TF32 off whatever the strictness, ``keep`` leaves it.
        threads: How many threads of torch and BLAS add up; ``keep`` leaves them.

    Raises:
        BadWord: A value is none of these.
    """
    from .kernel.options import VALUES

    words = {"strictness": strictness, "entropy": entropy, "tf32": tf32, "threads": threads}
    asked = {word: VALUES[word](str(each)) for word, each in words.items() if each is not None}
    plan = SeedPlan(seed=check_seed(value), strictness=strictness, entropy=entropy)
    return Governed(plan, {word: asked[word] for word in ("tf32", "threads") if word in asked})


def loader(  # noqa: PLR0913 - what a DataLoader is told, all keyword-only
    dataset: Any,
    *,
    batch_size: int = 1,
    shuffle: bool = False,
    drop_last: bool = False,
    seed: int | None = None,
    name: str = "loader",
    shard: tuple[int, int] = (0, 1),
    **options: Any,
) -> ReproLoader:
    """Return a torch DataLoader that goes on exactly where it was, with any number of workers.

    Every sample is made under streams seeded from (seed, name, epoch, index), and every order from (seed,
    name, epoch), so batches are the same with 0, 2 or 8 workers. ``state_dict()`` after a batch and
    ``load_state_dict()`` on a new loader continue with the next one.

    Args:
        dataset: A data set with ``__getitem__`` and ``__len__``.
        batch_size: Samples of a batch.
        shuffle: Whether each epoch has an order of its own.
        drop_last: Whether a last batch that is not full is left out.
        seed: What all derives from; None takes the seed in force.
        name: Two loaders with one name and seed draw the same.
        shard: (rank, number of ranks) where several processes share the data.
        options: As for ``torch.utils.data.DataLoader``, such as ``num_workers`` and ``collate_fn``.

    Raises:
        BadLoader: The data set has no samples by index, or an option would leave the order to others.
        NoSeed: No seed is in force and none is given.
    """
    from .rng.loading import make_loader

    return make_loader(
        dataset,
        batch_size=batch_size,
        shuffle=shuffle,
        drop_last=drop_last,
        seed=seed,
        name=name,
        shard=shard,
        **options,
    )


def export(  # noqa: PLR0913 - the settings of one export, all keyword-only
    notebook: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    seed: int | None = None,
    strictness: Strictness = "off",
    cell_timeout_s: float | None = None,
    allowed_secrets: Iterable[str] = (),
    progress: Callable[[str], None] | None = None,
) -> Exported:
    """Run a notebook top to bottom in a fresh kernel and write its bundle.

    Args:
        notebook: The ``.ipynb`` file.
        output: The ``.zip`` file to write; an existing one is replaced when the new one is whole.
        seed: Seed for a notebook that does not load jupyter_repro itself.
        strictness: As :func:`seed`.
        cell_timeout_s: Longest time for one cell, in seconds; None sets no limit.
        allowed_secrets: Packed files, or lines of them, that look like a credential and are none: ``settings.py:12``.
        progress: Called with each step's name.

    Raises:
        ReproError: One of its kinds, with what, where and the remedy.
    """
    from .bundle.export import ExportOptions
    from .bundle.export import export as write

    plan = SeedPlan(seed=None if seed is None else check_seed(seed), strictness=strictness)
    options = ExportOptions(
        output=Path(output),
        plan=plan,
        cell_timeout_s=cell_timeout_s,
        allowed_secrets=tuple(allowed_secrets),
        progress=progress or _silent,
    )
    return write(Path(notebook), options=options)


def verify(bundle: str | os.PathLike[str], *, output: str | os.PathLike[str] | None = None) -> dict[str, Any]:
    """Rebuild the bundle's environment, re-run its notebook, and return the report as plain data.

    The code of the bundle is run. The report's format is described in docs/report-json.md; its
    ``exit_code`` is 0 only if every cell was reproduced.

    Args:
        bundle: The ``.repro.zip`` file.
        output: Folder for ``report.json`` and ``report.html``; None writes them beside the bundle.

    """
    from .bundle.verify import verify as run

    return run(Path(bundle), output=Path(output) if output is not None else None)


@contextlib.contextmanager
def trace(path: str | os.PathLike[str]) -> Iterator[None]:
    """Write every torch operation of the block to a file, for ``jupyter repro trace diff``.

    Seen is what this thread does, backward included. The file is written when the block ends, also if it raises.
    In a notebook ``%repro trace start NAME`` follows the cells.

    Args:
        path: The file, commonly with the suffix ``.trace``.

    Raises:
        StorageFailed: It cannot be written.
    """
    from .canonical import write_atomic
    from .determinism.trace.tracer import Tracer
    from .rng.process import PROCESS

    def facts() -> dict[str, str]:
        return {"seed": "none" if PROCESS.top is None else str(PROCESS.top.seed)}

    target = Path(path)
    tracer = Tracer(target.stem, facts())
    tracer.enter()
    try:
        yield
    finally:
        tracer.leave()
        write_atomic(target, tracer.whole(facts(), {}))


def _silent(_step: str) -> None:
    """Take no notice of progress."""


def _running_shell() -> Any:
    module = sys.modules.get("IPython")
    return module.get_ipython() if module is not None else None


def _session_and_document(
    document: str | os.PathLike[str] | dict[str, Any] | None, shell: Any
) -> tuple[Session | None, Document | None]:
    shell = _running_shell() if shell is None else shell
    return session_of(shell) if shell is not None else None, _document(document)


def _sure(document: Document | None) -> Document:
    if document is None:
        raise NoNotebook(
            "there is no notebook and no shell with jupyter_repro loaded",
            remedy="give a notebook, or run `%load_ext jupyter_repro` first",
        )
    return document


def _document(given: str | os.PathLike[str] | dict[str, Any] | None) -> Document | None:
    if given is None:
        return None
    if isinstance(given, (str, os.PathLike)):
        return document_from_file(Path(given), origin="given")
    if isinstance(given, dict):
        return document_from_node(given)
    raise BadNotebook(
        f"a {type(given).__name__} is not a notebook", remedy="give a path, or a notebook as nested dicts"
    )
