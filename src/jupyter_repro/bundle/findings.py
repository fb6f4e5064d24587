"""RP8xx: what an author should know about the bundle just written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import CellId, Finding
from jupyter_repro.rules.deciding import as_decided

from .exported import size_words
from .paths import without_home

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jupyter_repro.records import Severity
    from jupyter_repro.records.proof import CellProof
    from jupyter_repro.rules.configured import RuleSettings

    from .canonical import Trace
    from .gather import Gathered
    from .lock import Locked
    from .notebook import Notebook

__all__ = ["as_project_decides", "export_findings"]

_NAMED = 4
_DISPLAYED = "run all cells in a fresh kernel, save the notebook, and export again"


def export_findings(  # noqa: PLR0913 - what one export found out, all keyword-only
    *,
    notebook: Notebook,
    proofs: Sequence[CellProof],
    trace: Trace,
    gathered: Gathered,
    locked: Locked,
    image: str,
) -> tuple[Finding, ...]:
    """Return the findings of an export, by code and then in the order of the notebook or the names.

    Args:
        notebook: As its author saved it.
        proofs: Its outputs against those of a fresh run.
        trace: What that run read and did.
        gathered: What is packed.
        locked: The environment.
        image: Of the Dockerfile, by digest; empty where nobody tells one.
    """
    found = [
        *_cells(proofs),
        *_files(gathered),
        *_watching(trace),
        *_packages(locked),
        *_container(image),
        *(_finding("RP809", "info", note, "nothing to do, the file is as it was") for note in notebook.notes),
    ]
    return tuple(sorted(found, key=lambda finding: finding.code))


def as_project_decides(
    found: Iterable[Finding], notebook: Notebook, rules: RuleSettings
) -> tuple[Finding, ...]:
    """Return the findings as the project and the comments in cells leave them."""
    sources = {cell.id: cell.source for cell in notebook.cells}
    return tuple(
        as_decided(each, rules, source=sources.get(each.cell, "") if each.cell else "", path=notebook.path)
        for each in found
        if rules.asks(each.code)
    )


def _finding(code: str, severity: Severity, message: str, remedy: str, cell: str | None = None) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        message=without_home(message),
        remedy=remedy,
        cell=None if cell is None else CellId(cell),
    )


def _cells(proofs: Sequence[CellProof]) -> Iterator[Finding]:
    for proof in proofs:
        if proof.verdict in {"differs", "error"}:
            message = f"the outputs shown at {proof.label} differ from those of a fresh run: {proof.why}"
            yield _finding("RP801", "warning", message, _DISPLAYED, proof.id)
    unseen = [proof for proof in proofs if proof.verdict == "not run"]
    if unseen:
        more = f" and {len(unseen) - _NAMED} more" if len(unseen) > _NAMED else ""
        names = ", ".join(proof.label for proof in unseen[:_NAMED]) + more
        message = f"nothing shows what you saw at {names}: {unseen[0].why}"
        yield _finding("RP802", "info", message, _DISPLAYED, unseen[0].id)


def _files(gathered: Gathered) -> Iterator[Finding]:
    for file in gathered.external:
        message = f"`{file.path}` is read by the notebook and is not in the bundle ({file.size} bytes)"
        remedy = "move it below the notebook's project, or tell readers where to get it"
        yield _finding("RP803", "warning", message, remedy)
    for each in gathered.fetched:
        weight = f"`{each.file.path}` ({size_words(each.file.size)})"
        if each.url:
            yield _finding(
                "RP814", "info", f"{weight} is fetched by readers from {each.url}", "nothing to do"
            )
        else:
            message = f"{weight} does not fit into the bundle, and nothing tells where readers get it"
            remedy = f"name its address, `--data-url {each.file.path}=https://...`, or give `--max-data` more"
            yield _finding("RP803", "warning", message, remedy)
    for file in gathered.kept_out:
        message = f"`{file.path}` is read by the notebook and may not be unpacked on another machine"
        yield _finding("RP803", "warning", message, "copy what it says into a file of the project")
    for path, reason in gathered.unreadable:
        message = f"`{path}` is read by the notebook and could not be packed: {reason}"
        yield _finding("RP803", "warning", message, "make it readable, and export again")
    for path, target in gathered.links:
        message = f"`{path}` is a link to `{target}`; the bundle holds the bytes, not the link"
        yield _finding("RP804", "info", message, "nothing to do, unless these data may not be shared")
    for path in gathered.rewritten:
        message = (
            f"`{path}` is read and later written by the notebook; the bundle holds it as the run left it"
        )
        remedy = "write to another file, so that the next run finds what this one found"
        yield _finding("RP805", "warning", message, remedy)


def _watching(trace: Trace) -> Iterator[Finding]:
    for effect in trace.effects:
        message = f"the run did what no bundle can replay: {effect}"
        remedy = "save what it fetches to a file and read that"
        if effect.startswith("network"):
            remedy = f"write `%%repro http record` above what asks a web API and run it once, or {remedy}"
        yield _finding("RP806", "warning", message, remedy)
    if trace.blind_spots:
        message = f"files read by {', '.join(trace.blind_spots)} cannot be seen and may be missing"
        yield _finding("RP807", "warning", message, "look through the bundle's data with `inspect`")


def _packages(locked: Locked) -> Iterator[Finding]:
    for edited in locked.edited:
        message = f"installed files were edited by hand and are packed as they are: {edited}"
        yield _finding("RP808", "warning", message, "reinstall the package, or publish your change")
    brought = sum(not each.why for each in locked.vendored)
    if brought:
        message = (
            f"{brought} wheels of indexes are carried in the bundle, so that readers need no network for them"
        )
        yield _finding("RP810", "info", message, "nothing to do, unless they may not be shared")
    for each in (each for each in locked.vendored if each.why):
        message = f"{each.name} {each.version} is carried in the bundle: {each.why}"
        yield _finding("RP810", "info", message, "nothing to do, unless it may not be shared")
    for warning in locked.warnings:
        yield _finding("RP811", "warning", warning, "reinstall it from an index to be sure")


def _container(image: str) -> Iterator[Finding]:
    if not image:
        message = "the Dockerfile, a second way to the environment, names its image by a tag, which may mean another one later"
        yield _finding("RP815", "info", message, "nothing to do, or name one: `--image python@sha256:...`")
