"""Checklists of venues, filled in with what this bundle shows: evidence, no badge and no answer for the author."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .described import Description

__all__ = ["acm", "completeness", "neurips"]

_YOURS = "for the author to say"
_GB = 1 << 30


def completeness(facts: Description) -> str:
    """Return the five items of the ML Code Completeness Checklist as a table."""
    shown = f"`{facts.notebook}`, the reference in `reference.ipynb`"
    return _table(
        ("item", "where"),
        [
            ("Dependencies", _lock(facts)),
            ("Training code", f"{shown}; whether it trains is {_YOURS}"),
            ("Evaluation code", f"{shown}; verifying re-runs it"),
            ("Pre-trained models", _models(facts)),
            ("Results and commands", "this README: the command above, and which cell makes what below"),
        ],
    )


def neurips(facts: Description) -> str:
    """Return the items of the NeurIPS paper checklist that a bundle has evidence for."""
    rows = [
        ("Claims", _claims(facts)),
        ("Limitations", _YOURS),
        ("Experimental result reproducibility", _reproducibility(facts)),
        ("Open access to data and code", _access(facts)),
        (
            "Experimental setting/details",
            f"sources in `notebook.ipynb`, configurations in `env/environment.json`; {_seed(facts)}",
        ),
        (
            "Experiment statistical significance",
            f"one fresh run is in the bundle; repetitions over seeds are {_YOURS}",
        ),
        ("Experiments compute resources", _resources(facts)),
        ("Licenses for existing assets", _YOURS),
    ]
    return _page(
        "NeurIPS paper checklist",
        "What this bundle shows for the items that it can show anything for. The answers are yours; items that are not named have no "
        "evidence here.",
        _table(("item", "evidence"), rows),
    )


def acm(facts: Description) -> str:
    """Return an artifact appendix with what ACM asks of artifacts."""
    rows = [
        ("Program", f"`{facts.notebook}`, {facts.cells} code cells"),
        ("Compilation", "none"),
        ("Data set", _access(facts)),
        ("Run-time environment", f"Python {facts.python} on {facts.platform}, {_lock(facts)}"),
        ("Hardware", _resources(facts)),
        ("Execution", "`uv run` of this file, or `python` of it"),
        ("Metrics", "a verdict a cell: identical, equivalent, within tolerance, volatile, differs"),
        ("Output", "`report.json`, `report.html`"),
        ("How much time is needed to complete experiments", facts.expected_time),
        ("Publicly available", _YOURS),
        ("Code licenses", _YOURS),
    ]
    badges = [
        ("Documented", "README.md: requirements, the command, which cell makes what"),
        ("Consistent", _claims(facts)),
        ("Complete", f"{_lock(facts)}; {_access(facts)}"),
        ("Exercisable", f"one command; {_quick(facts)}"),
        ("Results reproduced", "for the committee to say, after it has run the command"),
    ]
    return _page(
        "Artifact appendix (ACM)",
        "What this bundle shows for the questions of artifact evaluation. Badges are the committee's to award.",
        _table(("question", "answer"), rows),
        "## What the badges ask for",
        _table(("criterion", "evidence"), badges),
    )


def _lock(facts: Description) -> str:
    carried = f", {facts.wheels} of them carried in `wheels/`" if facts.wheels else ""
    return f"{facts.packages} packages locked by hash in `env/pylock.toml`{carried}"


def _models(facts: Description) -> str:
    names = [
        name
        for name in facts.inputs
        if name.endswith((".pt", ".pth", ".safetensors", ".ckpt", ".onnx", ".h5", ".pkl", ".joblib"))
    ]
    return (
        f"read by the notebook: {', '.join(f'`{name}`' for name in names)}"
        if names
        else "no file that looks like one is read"
    )


def _claims(facts: Description) -> str:
    if not facts.claims:
        return f"no claim is tied to a cell (`# repro: claim`); they are {_YOURS}"
    return "tied to cells: " + "; ".join(f"{text} ({label})" for text, label in facts.claims)


def _reproducibility(facts: Description) -> str:
    if not facts.proven:
        return "**not proven**: the author exported without a run, and the saved outputs are the reference"
    counts = ", ".join(f"{count} {verdict}" for verdict, count in facts.verdicts.items())
    waived = (
        f"; in spite of {', '.join(dict.fromkeys(each.code for each in facts.waived))}"
        if facts.waived
        else ""
    )
    return f"a fresh kernel ran the notebook top to bottom; what it showed against that run: {counts or 'nothing shown'}{waived}"


def _access(facts: Description) -> str:
    packed = f"{len(facts.inputs)} files that it reads are in the bundle"
    away = f", {len(facts.fetched)} go by address and SHA-256" if facts.fetched else ""
    code = f"; revision {facts.revision[:12]}" if facts.revision else ""
    return f"{packed}{away}{code}"


def _seed(facts: Description) -> str:
    if facts.plan.seed is not None:
        return f"seed {facts.plan.seed}, strictness `{facts.plan.strictness}`"
    return "seeds are set by the cells" if facts.seeds else "no seed is set"


def _resources(facts: Description) -> str:
    memory = f", {facts.memory_bytes / _GB:.0f} GB of memory" if facts.memory_bytes else ""
    gpus = f", {', '.join(facts.gpus)}" if facts.gpus else ", no GPU"
    return f"{facts.cpu}, {facts.cores} cores{memory}{gpus}; {facts.expected_time}"


def _quick(facts: Description) -> str:
    return (
        f"`--quick` runs {facts.quick_cells} of {facts.cells} cells"
        if facts.quick_cells
        else "no quick variant"
    )


def _table(head: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    lines = [f"| {head[0]} | {head[1]} |", "|---|---|"]
    return "\n".join([*lines, *(f"| {name} | {_cell(text)} |" for name, text in rows)])


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", *parts]) + "\n"
