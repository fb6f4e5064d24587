"""``%repro`` and ``%%repro``: configuration and usage."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, cast

import msgspec
from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class
from traitlets import Bool, Dict, Enum, Float, Integer, TraitError, Unicode, Union, observe, validate

from jupyter_repro.errors import InputChanged, NotRecorded, NotTracked, ReproError
from jupyter_repro.records import MOST_THREADS
from jupyter_repro.replay.ledger import BUDGET_MS
from jupyter_repro.rng.seeds import check_seed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import EntropyMode, Strictness

    from .completion import Completion
    from .session import Session

__all__ = ["ReproMagics"]


@magics_class
class ReproMagics(Magics):  # type: ignore[misc]  # IPython is not typed
    """Configuration and words of ``%repro``."""

    session: Session
    completion: Completion

    seed = Integer(
        None,
        allow_none=True,
        help="Seed every random number generator with this number when the extension loads.",
    ).tag(config=True)
    strictness = Enum(
        ("off", "warn", "strict"),
        default_value="off",
        help="`strict` forbids nondeterministic algorithms, `warn` reports them, `off` leaves them.",
    ).tag(config=True)

    entropy = Enum(
        ("report", "derive", "raise", "off"),
        default_value=None,
        allow_none=True,
        help="What becomes of draws that no seed governs; None: `report` as soon as there is a seed. "
        "`derive` needs `seed`.",
    ).tag(config=True)
    tf32 = Enum(
        ("off", "keep"),
        default_value=None,
        allow_none=True,
        help="`off` turns TF32 off whatever the strictness, `keep` leaves it under `strict` too.",
    ).tag(config=True)
    threads = Union(
        [Integer(min=1, max=MOST_THREADS), Enum(("keep",))],
        default_value=None,
        allow_none=True,
        help="How many threads of torch and BLAS add up, or `keep`; None: as found, held under `strict`.",
    ).tag(config=True)
    per_cell = Bool(
        False,
        help="Every cell draws from (seed, its id), whatever ran before it; needs `seed`.",
    ).tag(config=True)
    workers = Enum(
        ("auto", "off"),
        default_value="auto",
        help="`auto` gives generators that a data set holds streams of their own in each DataLoader worker.",
    ).tag(config=True)
    notices = Bool(
        default_value=True, help="Print one line when a cell that ran departs from Restart & Run All."
    ).tag(config=True)
    store = Unicode(
        "",
        help="Where records of runs are kept, if the project's `[tool.jupyter_repro] store` does not say: a folder or an "
        "address that fsspec understands; empty: beside the notebook.",
    ).tag(config=True)
    rules = Dict(
        {},
        help="What is decided about rules, with the keys of `[tool.jupyter_repro]` in `pyproject.toml`; where the "
        "project says something, that holds.",
    ).tag(config=True)

    budget_ms = Float(
        BUDGET_MS,
        min=1.0,
        help="Milliseconds, roughly, that looking at values may take before a cell, and again after it.",
    ).tag(config=True)

    _begun = False

    @validate("seed")
    def _check_seed(self, proposal: Any) -> int | None:
        try:
            return None if proposal["value"] is None else check_seed(proposal["value"])
        except ReproError as error:
            raise TraitError(str(error)) from error

    @validate("rules")
    def _check_rules(self, proposal: Any) -> dict[str, Any]:
        from jupyter_repro.rules.configured import settings_from

        try:
            settings_from(proposal["value"], where="`c.ReproMagics.rules`")
        except ReproError as error:
            raise TraitError(str(error)) from error
        return dict(proposal["value"])

    @observe("rules")
    def _rules_configured(self, change: Any) -> None:
        self.session.rules_table = dict(change["new"])

    @observe("store")
    def _store_configured(self, change: Any) -> None:
        self.session.store_told = str(change["new"])

    @observe("budget_ms")
    def _budget_configured(self, change: Any) -> None:
        self.session.ledger.budget_ms = float(change["new"])

    @observe("notices")
    def _notices_configured(self, change: Any) -> None:
        self.session.notices_on = bool(change["new"])

    @observe("seed", "strictness", "entropy", "tf32", "threads", "per_cell", "workers")
    def _configured_later(self, _change: Any) -> None:
        if self._begun:
            self._govern_as_configured(from_configuration=False)

    def begin(self) -> None:
        """Record from now on, and govern at once if the configuration says so."""
        self.session.notices_on = self.notices
        self.session.ledger.budget_ms = self.budget_ms
        self.session.rules_table = dict(self.rules)
        self.session.store_told = self.store
        self.session.start()
        self.completion.put_on()
        self._govern_as_configured(from_configuration=not self.session.shell.user_ns.get("In", [""])[1:])
        self._begun = True

    def end(self) -> None:
        """Undo everything; never raises."""
        self.session.boundary.guard(self.completion.take_off, gives_back=True)()
        self.session.boundary.guard(self.session.close, gives_back=True)()

    def _govern_as_configured(self, *, from_configuration: bool) -> None:
        asked = (self.seed, self.entropy, self.tf32, self.threads)
        if self.strictness == "off" and all(each is None for each in asked):
            return
        from .requests import Govern

        wish = Govern(
            entropy=self._entropy_wish(),
            tf32=self.tf32,
            threads=None if self.threads is None else str(self.threads),
        )
        if self.seed is not None or self.strictness != "off" or wish.asks:
            wish = msgspec.structs.replace(
                wish,
                seed=self.seed,
                strictness=cast("Strictness", self.strictness),
                per_cell=self.per_cell and self.seed is not None,
                workers=self.workers == "auto",
            )
            self.session.govern(wish, from_configuration=from_configuration)

    def _entropy_wish(self) -> EntropyMode | None:
        waits = self.entropy == "derive" and self.seed is None
        return None if waits else cast("EntropyMode | None", self.entropy)

    @line_cell_magic  # type: ignore[untyped-decorator]  # IPython's decorator is not typed
    def repro(self, line: str, cell: str | None = None) -> Any:
        """Make this notebook reproducible, and know whether it is.

        Usage::

            %repro                         show the status (the same as %repro status)
            %repro seed=42                 seed random, NumPy, torch and others, also if imported later
            %repro seed=42 strict          and forbid nondeterministic algorithms (torch, cuDNN, cuBLAS, TF32)
            %repro entropy=derive          seed what is made without a seed, too; `report` (from the first seed on) names
                                           the lines, `raise` forbids them, `off` looks away
            %repro threads=4 tf32=keep     how many threads add up; TF32 is left as it is (`strict` turns it off)
            %repro warn                    report nondeterministic algorithms instead of forbidding them
            %repro strictness=off          leave algorithms as they are, keep the seed
            %repro seed=42 per_cell        every cell draws from (seed, its id), in whatever order cells run
            %repro workers=off             leave generators that data sets hold in DataLoader workers alone
            %repro status [verbose|json]   would Restart & Run All give these results? which cell, why, what to do
            %repro panel                   the panel as a live widget below the cell, for VS Code, Colab and others (`pip install
                                           "jupyter_repro[widget]"`)
            %repro report                  what lets two runs differ, what it changes, what is not covered; `report json PATH`
                                           and `report html PATH` write it to a file
            %repro config                  the configurations that cells work with, unresolved, with every override; `config
                                           json FILE` writes them to a file
            %repro explain RP301           what the code of a finding means: why it is bad, an example, the remedy
            %repro plan                    which cells to run, in order, so that every cell is reproduced, and why
            %repro run-stale               the same; a panel runs them by its button
            %repro notices=off             print no line when a cell departs from run-all (`# repro: allow RP102
                                           because ...` in a cell silences one code there)
            %repro inputs                  the files that cells read and wrote, by cell and digest; hosts they talked to; `inputs json`
            %repro data track data/        write down the SHA-256 of files in `data.repro.jsonl`, to be committed; `data verify` says
                                           what has changed, `data accept PATHS` takes it over, `data list` names them
            %repro export paper.repro.zip  write one file that a reviewer re-runs with `uv run paper.repro.zip`; `export plan` says what it
                                           would hold and weigh; all options of `jupyter repro export` are words: `calibrate=2
                                           profile=gpu prove=no offline anonymous max_data=500MB waive=RP801="why"`
            %repro prove                   run the saved notebook top to bottom in a kernel of its own, beside this one and in a copy of its
                                           folder, and compare with what is displayed; `prove wait` waits for it, `prove cancel`
                                           ends it, `prove idle=10m` does it by itself when no cell has run for so long
            %repro sweep train seeds=16 metric=acc claim="acc_a > acc_b"   run a function under many seeds, in other processes: how
                                           far results lie apart, and whether the claim survives; `sweep notebook` and
                                           `sweep cell=3` run the saved notebook (down to a cell) in fresh kernels
            %repro trace start NAME        write down every torch operation from here on: who called it, what went in and out
            %repro trace stop              end it and write it to a small file
            %repro trace diff A B          where two traces part, of two kernels or machines: operation, module, line, cause
            %repro golden record NAME      the next `with jupyter_repro.golden(NAME) as g:` writes the reference; `golden record NAME replace`
                                           writes over one; `golden check NAME`, `golden show NAME`; `golden calibrate NAME` finds out
                                           what rounding can do, in fresh kernels of the saved notebook
            %repro drift [RUN]             what differs from the environment that made the saved outputs, whether it can change
                                           numbers, and the command that brings it back
            %repro note "why"              put a decision on record, with all that this kernel has done and stands on
            %repro snapshot                the same without a reason
            %repro runs [N] [all]          the last runs of this notebook (of all), newest first; `jupyter repro runs` compares them
            %repro trackers                the runs of MLflow, W&B, Sacred and Hydra that name this one, and what DVC and Hugging Face call
                                           the data, compared with its bytes; `trackers json`
            %repro restart                 start the kernel anew in its place, so that PYTHONHASHSEED and the like take
                                           effect; asks first (`restart now` does not)
            %repro off                     give back every generator and setting, stop recording

            %%repro seed=42 strict         the same for one cell: all is given back after it
            %%repro sweep seeds=8 metric=acc   the notebook above, then this cell, under many seeds in fresh kernels, and not in this one
            %%repro http record [NAME]     keep the web's answers to the cell in a file beside the notebook, and give them again from then
                                           on; `http replay` asks nobody else, `http refresh` records anew
            %%repro twice                  run the cell again, unseen, from where it began, and say what differs; one that
                                           writes files or the like runs once, unless it says `%%repro twice anyway`;
                                           `twice trace` also names the torch operation at which the runs part

        What a line does not name stays as it is. Configuration: ``c.ReproMagics.seed = 42`` and
        ``c.ReproMagics.strictness = "strict"`` in ``ipython_config.py``, with
        ``c.InteractiveShellApp.extensions = ["jupyter_repro"]`` to load it in every kernel.
        """
        __tracebackhide__ = True  # IPython shows the user's frames of an error, and not ours
        from .words import obey  # with the first word: loading the extension need not wait for it

        with _one_line_errors(of_cell=cell is not None):
            return obey(self.session, line, cell)


@contextlib.contextmanager
def _one_line_errors(*, of_cell: bool) -> Iterator[None]:
    """Make a slip one line; what stops the code of a cell is an error like any other."""
    __tracebackhide__ = True
    try:
        yield
    except ReproError as error:
        if of_cell and isinstance(error, (InputChanged, NotRecorded, NotTracked)):
            raise
        raise UsageError(str(error)) from None
