"""What a reviewer reads first: what this is, the one command, how long, and which cell makes what."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.rules.allowed import reason_of
from jupyter_repro.store.check_notes import CheckNote  # noqa: TC001 - msgspec resolves the field types at run time

from .gather import Fetched  # noqa: TC001 - msgspec resolves the field types at run time
from .layout import NOTEBOOK, PYLOCK, REFERENCE
from .refusals import Waived  # noqa: TC001 - as above

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jupyter_repro.records import Cell, Finding, SeedPlan

__all__ = ["ReadmeFacts", "expected_time", "readme"]

_FIRST_LINE = 60
_CLASSES = ((60, "under a minute"), (300, "under five minutes"), (1800, "under half an hour"))


_INTRODUCTION = """\
This file re-runs the notebook on your machine and compares every cell with the author's results.
It runs the author's code: use a machine or account where that is fine."""
_EXIT_CODES = """\
Exit codes: 0 reproduced, 1 differs, 2 usage, 3 could not build, 4 could not run,
5 bad or tampered bundle, 6 resource limit, 7 unknown signer."""
_INDEX = "- a package index, or a network to reach one"
_NO_INDEX = "- no network: every package is in `wheels/`"
_UV = "- `uv` (optional; `pip` is used without it)"
_NOTEBOOKS = f"""\
`{NOTEBOOK}` shows what the author saw, `{REFERENCE}` what a fresh kernel made of it:
your run is compared with the latter."""


class ReadmeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the README tells."""

    notebook: str
    """Relative to the project's root."""
    python: str
    platform: str
    packages: int
    plan: SeedPlan
    seconds: float
    cells: tuple[Cell, ...]
    node: dict[str, Any]
    """The reference notebook."""
    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...] = ()
    proven: bool = True
    offline: bool = False
    """Whether every package is in the bundle."""
    quick: int = 0
    """How many cells the quick variant has."""
    fetched: tuple[Fetched, ...] = ()
    checklist: str = ""
    """A table of what the ML Code Completeness Checklist asks for."""
    notes: tuple[CheckNote, ...] = ()
    """What the author has noted beside the panel's checklist."""


def readme(facts: ReadmeFacts) -> str:
    """Return README.md.

    The time is told in coarse classes: an exact one would make two exports of the same facts differ.
    """
    answered = {(each.code, each.reason) for each in facts.waived}
    findings = [
        f"- {each.code}: {each.message}; {each.remedy}"
        for each in facts.findings
        if (each.code, reason_of(each)[1]) not in answered
    ]
    run = f"{PurePosixPath(facts.notebook).stem}.repro.zip"
    parts = [
        f"# Reproduce `{facts.notebook}`",
        _INTRODUCTION,
        "## Run",
        f"```\nuv run {run}\n```\n\n(`{run}` stands for this file, whatever it is called.)",
        f"`python {run}` does the same. `python {run} inspect` lists what is inside and runs nothing.",
        f"Expected time: {expected_time(facts.seconds)} for the cells, plus {facts.packages} packages to install.",
        *_quick(facts, run),
        _EXIT_CODES,
        "## Requirements",
        f"- Python {facts.python} on {facts.platform}, as the author used\n{_NO_INDEX if facts.offline else _INDEX}\n{_UV}",
        f"The packages are locked in `{PYLOCK}`. {_plan(facts.plan)}",
        *(["## Checklist (ML code completeness)", facts.checklist] if facts.checklist else []),
        *_notes(facts.notes),
        "## Which cell makes what",
        _table(facts.cells, facts.node),
        _NOTEBOOKS,
        *_exceptions(facts),
        "## What the author was told",
        "\n".join(findings) or "Nothing: no finding at export.",
    ]
    return "\n\n".join(parts) + "\n"


def _notes(notes: tuple[CheckNote, ...]) -> Iterator[str]:
    if notes:
        yield "## What the author notes"
        yield "\n".join(f"- {each.title}: {' '.join(each.text.split())}" for each in notes)


def _quick(facts: ReadmeFacts, run: str) -> Iterator[str]:
    if facts.quick:
        yield f"`uv run {run} --quick` runs {facts.quick} of the {len(facts.cells)} cells, against a reference of their own."


def _exceptions(facts: ReadmeFacts) -> Iterator[str]:
    """Yield what a reader must know before believing the rest."""
    if not facts.proven:
        yield "## Not proven"
        yield (
            f"The author exported without a run. `{REFERENCE}` is what the saved notebook showed, and nobody has seen a "
            "fresh kernel give it."
        )
    if facts.waived:
        yield "## What the author answers for"
        yield "The export was refused for these reasons, until the author gave one of his own:"
        yield "\n".join(
            f"- {each.code}: {each.message}. The author says: {each.reason}" for each in facts.waived
        )
    if facts.fetched:
        yield "## Files to fetch"
        yield "They are fetched when you verify, or taken from a folder of yours: `--data DIR`."
        rows = [
            f"| `{each.file.path}` | {each.file.size:,} | `{each.file.sha256}` | {each.url or 'none'} |"
            for each in facts.fetched
        ]
        yield "\n".join(["| file | bytes | SHA-256 | address |", "|---|---|---|---|", *rows])


def expected_time(seconds: float) -> str:
    """Return how long the cells take, in coarse classes."""
    return next((words for limit, words in _CLASSES if seconds < limit), "half an hour or more")


def _plan(plan: SeedPlan) -> str:
    if plan.seed is None and plan.strictness == "off":
        return "The export set no seed; the notebook may set its own."
    seed = f"seed {plan.seed}" if plan.seed is not None else "no seed"
    return f"The run is governed: {seed}, strictness `{plan.strictness}`."


def _table(cells: Sequence[Cell], node: Mapping[str, Any]) -> str:
    outputs = {cell["id"]: cell["outputs"] for cell in node["cells"] if cell["cell_type"] == "code"}
    lines = ["| cell | begins with | makes |", "|---|---|---|"]
    counts = {"figure": 0, "table": 0}
    for cell in cells:
        made = [_kind(output, counts) for output in outputs.get(cell.id, ())]
        first = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
        code = first[:_FIRST_LINE].replace("`", "'").replace("|", "\\|")
        lines.append(f"| {cell.label} | `{code}` | {', '.join(dict.fromkeys(made)) or 'nothing shown'} |")
    return "\n".join(lines)


def _kind(output: Mapping[str, Any], counts: dict[str, int]) -> str:
    if output["output_type"] == "error":
        return f"error {output['ename']}"
    data = output.get("data", {})
    kind = ""
    if any(mime.startswith("image/") for mime in data):
        kind = "figure"
    elif "<table" in str(data.get("text/html", "")):
        kind = "table"
    if not kind:
        return "text"
    counts[kind] += 1
    return f"{kind} {counts[kind]}"
