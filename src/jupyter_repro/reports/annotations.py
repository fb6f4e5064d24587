"""Findings as GitHub shows them beside a file: workflow commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_repro.records.file_findings import FileFinding

__all__ = ["annotation_lines"]

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def annotation_lines(findings: Iterable[FileFinding]) -> list[str]:
    """Return one workflow command a finding; allowed ones are left out."""
    return [
        f"::{_COMMANDS[each.severity]} file={_property(each.path)},line={each.file_line},"
        f"title={_property(f'{each.code} in {each.cell}')}::"
        + _data(f"{each.cell}, line {each.line}: {each.message}; {each.remedy}")
        for each in findings
        if not each.allowed
    ]


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
