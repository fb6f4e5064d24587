"""The checklist: what makes a notebook reproducible, item by item, from the facts of the status."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

from jupyter_repro.records import Git, Missing

from .limits import capped
from .replies import Checklist
from .sections import CheckItem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_repro.records import Environment, Finding, Status
    from jupyter_repro.records.drift import Drift

__all__ = ["checklist"]

_DATA = ("RP501", "RP502", "RP503", "RP504")
_LEAKS = ("RP203", "RP204", "RP205", "RP206", "RP207", "RP210", "RP211")
_State = Literal["yes", "no", "unknown", "does not apply"]


def checklist(identity: str, status: Status, environment: Environment, drift: Drift | None) -> Checklist:
    """Return what holds, what does not, and what nobody knows.

    Args:
        identity: Of the request.
        status: The facts of the moment.
        environment: What the run stands on.
        drift: What differed at the start from what made the saved outputs; None: not looked.
    """
    items = (*_cells(status), *_chance(status), *_inputs(status), *_surroundings(status, environment, drift))
    return Checklist(id=identity, items=items)


def _cells(status: Status) -> Iterator[CheckItem]:
    states: dict[str, _State] = {"reproduced": "yes", "differs": "no"}
    yield CheckItem(
        key="cells",
        title="Restart & Run All would give the results on the screen",
        state=states.get(status.verdict, "unknown"),
        evidence=capped(status.headline),
        remedy="" if status.plan.kind == "nothing" else capped(status.plan.sentence),
        cells=tuple(cell.id for cell in status.cells if cell.verdict not in ("reproduced", "not run"))[:50],
    )
    yield _by_findings(
        status, ("RP108",), "errors", "No cell ends in an error", "no cell has ended in an error"
    )


def _chance(status: Status) -> Iterator[CheckItem]:
    seed = None if status.governed is None else status.governed.seed
    yield CheckItem(
        key="seed",
        title="Randomness is governed by a seed",
        state="no" if seed is None else "yes",
        evidence="no seed is set" if seed is None else f"seed {seed}",
        remedy="put `%repro seed=42` into the first cell, then restart and run all" if seed is None else "",
    )
    if seed is None:
        yield CheckItem(
            key="leaks",
            title="No draw escapes the seed",
            state="unknown",
            evidence="draws are followed from the first seed on",
            remedy="",
        )
    else:
        yield _by_findings(status, _LEAKS, "leaks", "No draw escapes the seed", "none was seen")
    if "torch" in sys.modules:
        strict = status.governed is not None and status.governed.strictness == "strict"
        yield CheckItem(
            key="algorithms",
            title="Nondeterministic algorithms are forbidden",
            state="yes" if strict else "no",
            evidence="`strict` is in force" if strict else "torch is loaded, and `strict` is not in force",
            remedy="" if strict else "write `%repro strict`",
        )
    yield _by_findings(
        status, ("RP301",), "settings", "Every seed and switch is in force", "all that were asked for are"
    )


def _inputs(status: Status) -> Iterator[CheckItem]:
    yield _by_findings(
        status, _DATA, "inputs", "Input files are as they were", "no file that was read differs"
    )
    yield _by_findings(
        status, ("RP505",), "network", "Nothing hangs on the network", "no cell asked the network unrecorded"
    )


def _surroundings(status: Status, environment: Environment, drift: Drift | None) -> Iterator[CheckItem]:
    git = environment.git
    if isinstance(git, Missing):
        state, evidence, remedy = "no", git.reason, "keep the notebook in a git repository"
    elif isinstance(git, Git) and git.dirty:
        state, evidence, remedy = "no", f"commit {git.commit[:12]} has changes", "commit them"
    else:
        state, evidence, remedy = "yes", f"commit {git.commit[:12]}", ""
    yield CheckItem(
        key="code",
        title="The code is committed",
        state="yes" if state == "yes" else "no",
        evidence=evidence,
        remedy=remedy,
    )
    conflicts = environment.conflicts
    yield CheckItem(
        key="packages",
        title="Installed packages go together",
        state="unknown" if conflicts is None else "no" if conflicts else "yes",
        evidence="not looked"
        if conflicts is None
        else capped("; ".join(conflicts[:3]))
        or f"{len(environment.packages)} packages, every requirement is met",
        remedy="install what is required, then restart" if conflicts else "",
    )
    title = "The environment is the one that made the saved outputs"
    if drift is None or not drift.record:
        why = "the saved outputs were not compared with any record" if drift is None else drift.sentence
        yield CheckItem(
            key="environment", title=title, state="unknown", evidence=capped(why), remedy="see `%repro drift`"
        )
        return
    yield _by_findings(
        status,
        ("RP401", "RP403", "RP404", "RP405"),
        "environment",
        title,
        "no difference is known",
    )


def _by_findings(status: Status, codes: Sequence[str], key: str, title: str, otherwise: str) -> CheckItem:
    """Return an item that holds where no warning or error of these codes was found."""
    found: list[Finding] = [
        each for each in status.findings if each.code in codes and each.severity != "info"
    ]
    if not found and status.verdict == "nothing run":
        return CheckItem(key=key, title=title, state="unknown", evidence="no cell has run", remedy="")
    if not found:
        return CheckItem(key=key, title=title, state="yes", evidence=otherwise, remedy="")
    more = f"; and {len(found) - 1} more" if len(found) > 1 else ""
    return CheckItem(
        key=key,
        title=title,
        state="no",
        evidence=capped(found[0].message) + more,
        remedy=capped(found[0].remedy),
        cells=tuple(dict.fromkeys(each.cell for each in found if each.cell is not None))[:50],
    )
