"""All rules that read files, over one notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.records.file_findings import FileFinding
from jupyter_repro.rules.allowed import allowance
from jupyter_repro.rules.plugins import plugin_rules

from .clock import ClockUsed
from .credentials import CredentialInside
from .hidden_code import RunsAFile, StarImport
from .hyperparameters import ParameterInCell
from .installs import ForeignPip, OtherProgram, UnpinnedInstall
from .name_order import NameMadeBelow, NameMadeNowhere
from .network import UnpinnedDownload
from .not_python import BadSyntax
from .notebook import NotebookFile, NotPython, read_notebook_file
from .orders import ListingOrder, SetsInOrder
from .own_paths import OwnPath
from .places import file_line, sources
from .protocol import Edit, FileRule, Spotted
from .randomness import DrawBeforeSeed, EntropyOfTheSystem, GeneratorWithoutSeed, SeedThatShifts
from .saved_runs import NeverRun, SavedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jupyter_repro.rules.configured import RuleSettings

__all__ = ["RULES", "Checked", "check_notebook"]

RULES: tuple[FileRule, ...] = (
    NameMadeBelow(),
    NameMadeNowhere(),
    NeverRun(),
    SavedError(),
    BadSyntax(),
    RunsAFile(),
    StarImport(),
    DrawBeforeSeed(),
    GeneratorWithoutSeed(),
    SeedThatShifts(),
    EntropyOfTheSystem(),
    ListingOrder(),
    SetsInOrder(),
    ClockUsed(),
    UnpinnedInstall(),
    OtherProgram(),
    ForeignPip(),
    OwnPath(),
    UnpinnedDownload(),
    ParameterInCell(),
    CredentialInside(),
)


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in one file."""

    path: str
    findings: tuple[FileFinding, ...] = ()
    skipped: str = ""
    """Why it was not looked at."""
    edits: tuple[tuple[int, Edit], ...] = ()
    """What would mend findings that are not allowed: places of cells, each with a replacement."""
    text: str = ""
    """What the file held when it was read."""


def check_notebook(path: Path, settings: RuleSettings, rules: Sequence[Any] | None = None) -> Checked:
    """Ask all rules about a notebook file; nothing is run.

    Args:
        path: The file.
        settings: What the project has decided.
        rules: None asks ours and those of installed packages.

    Raises:
        BadNotebook: It cannot be read, or is no notebook of format 4.
    """
    try:
        notebook = read_notebook_file(path, given=frozenset(settings.builtins))
    except NotPython as other:
        return Checked(path=str(path), skipped=str(other))
    if rules is None:
        rules = (*RULES, *(rule for rule in plugin_rules().rules if hasattr(rule, "check_file")))
    asked = [rule for rule in rules if settings.asks(rule.code, on=getattr(rule, "on", True))]
    spotted = [(rule, spot) for rule in asked for spot in _asked(rule, notebook)]
    if not spotted:
        return Checked(path=str(path), text=notebook.text)
    spotted.sort(key=lambda each: (each[1].cell, each[1].line, each[0].code))
    places = sources(notebook.text)
    labels = {cell.index: cell for cell in notebook.cells}
    findings, edits = [], []
    for rule, spot in spotted:
        cell = notebook.node["cells"][spot.cell]
        code = labels.get(spot.cell)
        finding = FileFinding(
            code=rule.code,
            severity=settings.weighed(rule.code, rule.severity),
            path=str(path),
            cell=code.label if code is not None else f"{cell.get('cell_type', 'cell')} at {spot.cell + 1}",
            cell_id=str(cell.get("id") or ""),
            line=spot.line,
            file_line=file_line(notebook.text, places[spot.cell], spot.line),
            message=spot.message,
            remedy=spot.remedy or rule.remedy,
        )
        finding = _allowed(finding, code.source if code is not None else "", settings, path)
        if spot.edits and not finding.allowed:
            finding = msgspec.structs.replace(finding, fixable=True)
            edits += [(spot.cell, edit) for edit in spot.edits]
        findings.append(finding)
    return Checked(path=str(path), findings=tuple(findings), edits=tuple(edits), text=notebook.text)


def _asked(rule: Any, notebook: NotebookFile) -> Iterator[Spotted]:
    """Yield what a rule finds; if it fails, that is what is found."""
    try:
        yield from list(rule.check_file(notebook))
    except Exception as error:  # noqa: BLE001 - one rule, perhaps of others, must not end the check
        if notebook.node["cells"]:
            yield Spotted(
                cell=0,
                message=f"the rule failed over this notebook: {type(error).__name__}: {error}",
                remedy="nothing of this kind was looked for; report it with the notebook",
            )


def _allowed(finding: FileFinding, source: str, settings: RuleSettings, path: Path) -> FileFinding:
    """Return the finding with the reason for which it is allowed; errors never are."""
    if finding.severity == "error":
        return finding
    by_comment = allowance(source, finding.code)
    why = by_comment or settings.reason(finding.code, path)
    if not why:
        return finding
    return msgspec.structs.replace(
        finding, severity="info", allowed=why, allowed_in="comment" if by_comment else "configuration"
    )
