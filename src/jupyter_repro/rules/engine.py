"""All rules over the facts of one moment."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Protocol

from jupyter_repro.digest import source_digest
from jupyter_repro.records import CellId, Finding

from .amp import MovingScale
from .configured import RuleSettings
from .data_facts import DataFacts
from .deciding import as_decided
from .drifted import EnvironmentDrifted
from .dvc import DamagedCache, NotAsPointed
from .environment import DirtyWorkTree, NoRevision
from .inputs import ForeignFile, NotAsTracked, UnrecordedNetwork, UnseenReaders, UntrackedData
from .installed import DirtyEditable, FaultyDevice, PackagesChanged, UnmetRequirements
from .leaks import DrawingThreads, Reseeded, SetOrder, SystemEntropy, UnseededGenerator, UnsortedListing
from .ops import NondeterministicOperation
from .plugins import plugin_rules
from .project import SettingsNotUnderstood
from .randomness import UnseededDraw
from .settings import SettingNotInForce
from .sources import ShiftingSeed
from .streams import CopiedStream, DuplicateStream
from .training import ActiveBatchNorm, ActiveDropout, GumbelNoise, MonteCarloDropout
from .verdicts import CellVerdicts, NotRecording, RunAllStops

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jupyter_repro.records import (
        CellRun,
        CellVerdict,
        Environment,
        Plan,
        SeedPlan,
        Setting,
        Twins,
    )
    from jupyter_repro.records.drift import Drift
    from jupyter_repro.records.packages import PackageChange

__all__ = ["Facts", "Rule", "check"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything a rule may look at."""

    verdicts: tuple[CellVerdict, ...]
    plan: Plan
    stops_at: CellId | None
    runs: tuple[CellRun, ...]
    governed: SeedPlan | None
    settings: tuple[Setting, ...]
    environment: Environment | None
    sources: Mapping[CellId, str]
    """The present source of each cell, whose comments may allow findings."""
    hash_seed_fixed: bool
    """Texts hash in this process as in any other that is started with the same PYTHONHASHSEED."""
    twins: tuple[Twins, ...]
    """Generators that draw the same numbers."""
    recording_faults: tuple[str, ...]
    """Why cell runs are missing from the record, if some are."""
    package_changes: tuple[PackageChange, ...] = ()
    """What was installed or removed while the kernel lived."""
    drift: Drift | None = None
    """What differs from the environment that made the saved outputs; None: it was not looked at."""
    data: DataFacts = DataFacts()  # noqa: RUF009 - frozen
    """The data of the project."""
    path: Path | None = None
    """The notebook, of which the project may have decided something of its own."""
    settings_fault: str = ""
    """Why what the project has decided is not in force."""

    @functools.cached_property
    def latest(self) -> tuple[CellRun, ...]:
        """The latest run of each present cell, and of each source that ran outside a known cell."""
        found = {run.cell or run.digest: run for run in self.runs if run.parent is None}
        return tuple(run for key, run in found.items() if run.cell is None or key in self.sources)

    @functools.cached_property
    def homes(self) -> Mapping[str, CellId]:
        """Digest of a source to the present cell that holds it."""
        return {source_digest(source): cell for cell, source in self.sources.items()}

    def home(self, source: str, run: CellRun) -> CellId | None:
        """Return the cell that a line of a run stands in, by the digest of its source; else the cell that ran."""
        return self.homes.get(source, run.cell or self.homes.get(run.digest))


class Rule(Protocol):
    """One kind of finding."""

    code: str

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding for each case."""
        ...


RULES: tuple[Rule, ...] = (
    NotRecording(),
    RunAllStops(),
    CellVerdicts(),
    UnseededDraw(),
    UnseededGenerator(),
    Reseeded(),
    SystemEntropy(),
    UnsortedListing(),
    DrawingThreads(),
    ShiftingSeed(),
    SetOrder(),
    DuplicateStream(),
    CopiedStream(),
    SettingNotInForce(),
    NondeterministicOperation(),
    MovingScale(),
    ActiveDropout(),
    ActiveBatchNorm(),
    MonteCarloDropout(),
    GumbelNoise(),
    NotAsTracked(),
    UntrackedData(),
    ForeignFile(),
    UnrecordedNetwork(),
    UnseenReaders(),
    DamagedCache(),
    NotAsPointed(),
    PackagesChanged(),
    EnvironmentDrifted(),
    UnmetRequirements(),
    DirtyEditable(),
    FaultyDevice(),
    DirtyWorkTree(),
    NoRevision(),
    SettingsNotUnderstood(),
)

_ORDER = {"error": 0, "warning": 1, "info": 2}


def check(facts: Facts, settings: RuleSettings | None = None) -> tuple[Finding, ...]:
    """Return the findings, errors first, otherwise in the order of the rules.

    Args:
        facts: What is known of the notebook at this moment.
        settings: What the project has decided about rules; None: nothing.
    """
    settings = settings or RuleSettings()
    others = plugin_rules()
    found = [
        as_decided(
            finding, settings, source=facts.sources.get(finding.cell or CellId(""), ""), path=facts.path
        )
        for rule in (*RULES, *(rule for rule in others.rules if hasattr(rule, "check")))
        for finding in _asked(rule, facts)
        if settings.asks(finding.code, on=getattr(rule, "on", True))
    ]
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.severity]))


def _asked(rule: Rule, facts: Facts) -> Iterator[Finding]:
    """Yield what a rule finds; one of a package that fails is named, and the others go on."""
    if rule in RULES:
        yield from rule.check(facts)
        return
    try:
        yield from list(rule.check(facts))
    except Exception as error:  # noqa: BLE001 - a package of others may raise anything
        yield Finding(
            code=rule.code,
            severity="warning",
            message=f"the rule {rule.code} failed: {type(error).__name__}: {error}",
            remedy="nothing of this kind was looked for; report it to the package that has the rule",
        )
