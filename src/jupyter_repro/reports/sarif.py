"""Findings as SARIF 2.1.0, which code scanning services read."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jupyter_repro.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jupyter_repro.records.file_findings import FileFinding
    from jupyter_repro.rules.described import Described

__all__ = ["sarif"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def sarif(
    findings: Sequence[FileFinding], rules: Iterable[Described], *, faults: Sequence[str] = ()
) -> dict[str, Any]:
    """Return one run as a SARIF log.

    Args:
        findings: Allowed ones are there as suppressed results, with the reason.
        rules: What the codes mean; those that were found are told.
        faults: Files that could not be read, and rules that could not be loaded.
    """
    found = {each.code for each in findings}
    told = [_rule(one) for one in rules if one.code in found]
    index = {rule["id"]: number for number, rule in enumerate(told)}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "jupyter_repro", "version": __version__, "rules": told}},
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {
                        "executionSuccessful": not faults,
                        "toolExecutionNotifications": [
                            {"level": "error", "message": {"text": fault}} for fault in faults
                        ],
                    }
                ],
                "results": [_result(each, index) for each in findings],
            }
        ],
    }


def _rule(one: Described) -> dict[str, Any]:
    return {
        "id": one.code,
        "shortDescription": {"text": one.what or one.in_files},
        "fullDescription": {"text": " ".join(filter(None, (one.why, one.in_files))) or one.what},
        "help": {"text": one.remedy or one.what},
        "defaultConfiguration": {"level": _LEVELS[one.severity], "enabled": one.on},
    }


def _result(each: FileFinding, index: dict[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": each.code,
        "level": _LEVELS[each.severity],
        "message": {"text": f"{each.cell}, line {each.line}: {each.message}; {each.remedy}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(PurePath(each.path))},
                    "region": {"startLine": each.file_line},
                },
                "logicalLocations": [{"name": each.cell, "fullyQualifiedName": each.cell_id or each.cell}],
            }
        ],
        "partialFingerprints": {"jupyterRepro/v1": _fingerprint(each)},
    }
    if each.code in index:
        result["ruleIndex"] = index[each.code]
    if each.allowed:
        kind = "inSource" if each.allowed_in == "comment" else "external"
        result["suppressions"] = [{"kind": kind, "justification": each.allowed}]
    return result


def _uri(path: PurePath) -> str:
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _fingerprint(each: FileFinding) -> str:
    """Return what stays the same while lines above come and go."""
    parts = (each.code, PurePath(each.path).as_posix(), each.cell_id or each.cell, each.message)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
