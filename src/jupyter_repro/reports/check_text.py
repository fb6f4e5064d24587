"""Findings in notebook files, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_repro.records.file_findings import FileFinding

__all__ = ["finding_lines", "summary_line"]

_SEVERITIES = ("error", "warning", "info")


def finding_lines(findings: Sequence[FileFinding], *, verbose: bool) -> list[str]:
    """Return a line a finding and one for its remedy, which is said once a code; allowed ones only if asked for.

    Args:
        findings: In the order in which they are to be told.
        verbose: Tell the allowed ones as well, with their reasons.
    """
    lines: list[str] = []
    said: set[tuple[str, str]] = set()
    for each in findings:
        if each.allowed:
            if verbose:
                place = f"{each.path}:{each.file_line}: {each.cell}, line {each.line}:"
                lines.append(f"{place} {each.code} allowed: {each.message} ({each.allowed})")
            continue
        mark = " [--fix]" if each.fixable else ""
        lines.append(
            f"{each.path}:{each.file_line}: {each.cell}, line {each.line}: {each.code} {each.severity}: "
            f"{each.message}{mark}"
        )
        if (each.code, each.remedy) not in said:
            said.add((each.code, each.remedy))
            lines.append(f"    {each.remedy}")
    return lines


def summary_line(findings: Sequence[FileFinding], *, notebooks: int, skipped: int, mended: int) -> str:
    """Return what was found in one line.

    Args:
        findings: All of them.
        notebooks: How many were looked at.
        skipped: How many were not.
        mended: How many findings `--fix` has mended.
    """
    open_ones = [each for each in findings if not each.allowed]
    counted = [
        f"{number} {severity if severity == 'info' else _many(severity, number)}"
        for severity in _SEVERITIES
        if (number := sum(each.severity == severity for each in open_ones))
    ]
    rest = [
        f"{number} {word}"
        for number, word in (
            (len(findings) - len(open_ones), "allowed"),
            (mended, "mended"),
            (skipped, _many("file", skipped) + " skipped"),
        )
        if number
    ]
    told = ", ".join(counted) or "nothing found"
    return f"{told} in {notebooks} {_many('notebook', notebooks)}" + (f" ({', '.join(rest)})" if rest else "")


def _many(word: str, number: int) -> str:
    return word if number == 1 else f"{word}s"
