"""``jupyter repro check NOTEBOOK...``: the rules that read files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from .found_files import notebooks_named

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.records.file_findings import FileFinding
    from jupyter_repro.rules.configured import RuleSettings
    from jupyter_repro.rules.files import Checked

__all__ = ["command"]


class _All(NamedTuple):
    """What came of all files."""

    checked: list[Checked]
    faults: list[str]
    mended: int

    @property
    def findings(self) -> tuple[FileFinding, ...]:
        return tuple(finding for each in self.checked for finding in each.findings)


@click.command("check")
@click.argument("notebooks", nargs=-1, required=True)
@click.option("--select", help="Ask only these codes or families, separated by commas: RP203,RP5.")
@click.option("--ignore", help="Do not ask these codes or families.")
@click.option("--fix", is_flag=True, help="Mend what can be mended safely; other bytes of the file stay.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    help="`sarif` is SARIF 2.1.0, `github` are annotations of a workflow.",
)
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@click.option("-v", "--verbose", is_flag=True, help="Show allowed findings too, with their reasons.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only, no summary.")
def command(  # noqa: PLR0913 - one parameter an option, as click calls it
    *,
    notebooks: tuple[str, ...],
    select: str | None,
    ignore: str | None,
    fix: bool,
    form: str,
    verbose: bool,
    quiet: bool,
) -> int:
    """Read NOTEBOOKS (files, folders, patterns) and say what would not give the same results; nothing is run.

    Settings come from `[tool.jupyter_repro]` of the nearest `pyproject.toml`. Exit codes: 0 nothing found but
    information, 1 errors or warnings, 2 usage, or a file that is no notebook.
    """
    given = _given(select, ignore)
    found = _look(notebooks_named(notebooks), given, fix=fix)
    _PRINT[form](found, verbose, quiet)
    for fault in found.faults:
        click.echo(f"error: {fault}", err=True)
    if found.faults:
        return 2
    return int(any(each.severity != "info" for each in found.findings))


def _given(select: str | None, ignore: str | None) -> RuleSettings:
    from jupyter_repro.rules.catalog import check_patterns
    from jupyter_repro.rules.configured import RuleSettings

    given = RuleSettings(
        select=None if select is None else _codes(select),
        leave_out=() if ignore is None else _codes(ignore),
    )
    check_patterns(given)
    return given


def _codes(text: str) -> tuple[str, ...]:
    return tuple(word.strip().upper() for word in text.split(",") if word.strip())


def _look(paths: list[Path], given: RuleSettings, *, fix: bool) -> _All:
    from jupyter_repro.errors import BadNotebook
    from jupyter_repro.rules.catalog import check_patterns
    from jupyter_repro.rules.configured import settings_near
    from jupyter_repro.rules.files import check_notebook
    from jupyter_repro.rules.plugins import plugin_rules

    found = _All([], list(plugin_rules().broken), 0)
    near: dict[Path, RuleSettings] = {}
    for path in paths:
        if path.parent not in near:
            near[path.parent] = settings_near(path.parent)
            check_patterns(near[path.parent])
        settings = given.over(near[path.parent])
        try:
            checked = check_notebook(path, settings)
            if fix and checked.edits:
                before = checked
                checked = _mend(path, before, settings)
                found = found._replace(mended=found.mended + _fixable(before) - _fixable(checked))
        except BadNotebook as error:
            found.faults.append(f"{error.message}; {error.remedy}")
        else:
            found.checked.append(checked)
    return found


def _mend(path: Path, checked: Checked, settings: RuleSettings) -> Checked:
    from jupyter_repro.canonical import write_atomic
    from jupyter_repro.rules.files import check_notebook
    from jupyter_repro.rules.files.fix import mended

    whole = path.resolve()  # a link stays one
    mode = whole.stat().st_mode
    if whole.read_bytes() == checked.text.encode():  # else somebody has saved it in between
        write_atomic(whole, mended(checked.text, checked.edits).encode())
        whole.chmod(mode & 0o7777)
    return check_notebook(path, settings)


def _fixable(checked: Checked) -> int:
    return sum(finding.fixable for finding in checked.findings)


def _text(found: _All, verbose: bool, quiet: bool) -> None:  # noqa: FBT001 - a row of a table
    from jupyter_repro.reports.check_text import finding_lines, summary_line

    for line in finding_lines(found.findings, verbose=verbose):
        click.echo(line)
    skipped = [each for each in found.checked if each.skipped]
    if quiet:
        return
    for each in skipped:
        click.echo(f"{each.path}: skipped, {each.skipped}", err=True)
    looked_at = len(found.checked) - len(skipped)
    told = summary_line(found.findings, notebooks=looked_at, skipped=len(skipped), mended=found.mended)
    click.echo(told, err=True)


def _json(found: _All, verbose: bool, quiet: bool) -> None:  # noqa: ARG001, FBT001 - as above
    from jupyter_repro.canonical import dumps

    told = {
        "schema": 1,
        "findings": found.findings,
        "notebooks": [{"path": each.path, "skipped": each.skipped} for each in found.checked],
        "faults": found.faults,
        "mended": found.mended,
    }
    click.echo(dumps(told, indent=2).decode(), nl=False)


def _sarif(found: _All, verbose: bool, quiet: bool) -> None:  # noqa: ARG001, FBT001 - as above
    from jupyter_repro.canonical import dumps
    from jupyter_repro.reports.sarif import sarif
    from jupyter_repro.rules.catalog import catalog

    click.echo(dumps(sarif(found.findings, catalog(), faults=found.faults), indent=2).decode(), nl=False)


def _github(found: _All, verbose: bool, quiet: bool) -> None:  # noqa: ARG001, FBT001 - as above
    from jupyter_repro.reports.annotations import annotation_lines

    for line in annotation_lines(found.findings):
        click.echo(line)


_PRINT = {"github": _github, "json": _json, "sarif": _sarif, "text": _text}
