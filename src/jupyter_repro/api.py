"""The Python door: the facts of ``%repro`` for programs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import BadNotebook, NoNotebook
from .kernel.document import document_from_file, document_from_node
from .kernel.extension import session_of
from .kernel.unrecorded import Unrecorded
from .records import SeedPlan, Status
from .rng.children import child_seed, generator
from .rng.forked import fork_rng
from .rng.seeds import check_seed

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from .bundle.export import Exported
    from .records import Document, Setting, Strictness
    from .rng.loading import ReproLoader

__all__ = [
    "Governed",
    "Status",
    "child_seed",
    "export",
    "fork_rng",
    "generator",
    "loader",
    "seed",
    "status",
    "verify",
]


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
    shell = _running_shell() if shell is None else shell
    session = session_of(shell) if shell is not None else None
    given = _document(document)
    if session is None:
        if given is None:
            raise NoNotebook(
                "there is no notebook and no shell with jupyter_repro loaded",
                remedy="give a notebook, or run `%load_ext jupyter_repro` first",
            )
        return Unrecorded().status(given)
    return session.status(given)


class Governed:
    """Seeds and switches in force; give them back with :meth:`restore` or by leaving a ``with`` block."""

    def __init__(self, plan: SeedPlan) -> None:
        from .determinism.apply import Switches
        from .rng.governor import Streams

        self.plan = plan
        self._streams, self._switches = Streams(scope=True), Switches()
        if plan.strictness != "off":
            self._switches.begin(plan.strictness)
        if plan.seed is not None:
            from .rng.workers import WORKERS

            self._streams.begin(plan.seed)
            WORKERS.use(self, on=True)

    @property
    def settings(self) -> tuple[Setting, ...]:
        """What was asked for, what is in force, how that is known."""
        return (*self._streams.settings(), *self._switches.settings())

    @property
    def too_late(self) -> tuple[Setting, ...]:
        """Settings that came too late to have an effect."""
        return tuple(setting for setting in self.settings if setting.effect == "too late")

    def restore(self) -> None:
        """Give back every generator state and setting, bit for bit; twice is once."""
        from .rng.workers import WORKERS

        WORKERS.use(self, on=False)
        self._streams.end()
        self._switches.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.restore()


def seed(value: int, *, strictness: Strictness = "off") -> Governed:
    """Seed every generator that is known here, now or at its import, and return what is in force.

    Args:
        value: A whole number from 0 on.
        strictness: ``strict`` forbids nondeterministic algorithms, ``warn`` reports them.

    Raises:
        BadWord: The value is no such number.
    """
    return Governed(SeedPlan(seed=check_seed(value), strictness=strictness))


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
    progress: Callable[[str], None] | None = None,
) -> Exported:
    """Run a notebook top to bottom in a fresh kernel and write its bundle.

    Args:
        notebook: The ``.ipynb`` file.
        output: The ``.zip`` file to write; an existing one is replaced when the new one is whole.
        seed: Seed for a notebook that does not load jupyter_repro itself.
        strictness: As :func:`seed`.
        cell_timeout_s: Longest time for one cell, in seconds; None sets no limit.
        progress: Called with each step's name.

    Raises:
        ReproError: One of its kinds, with what, where and the remedy.
    """
    from .bundle.export import ExportOptions
    from .bundle.export import export as write

    plan = SeedPlan(seed=None if seed is None else check_seed(seed), strictness=strictness)
    options = ExportOptions(
        output=Path(output), plan=plan, cell_timeout_s=cell_timeout_s, progress=progress or _silent
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


def _silent(_step: str) -> None:
    """Take no notice of progress."""


def _running_shell() -> Any:
    module = sys.modules.get("IPython")
    return module.get_ipython() if module is not None else None


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
