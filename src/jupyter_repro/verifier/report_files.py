"""The report as files: JSON, page, JUnit XML, certificate. Each is written whole or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .certificate import certificate_html, certificate_text
from .errors import UsageFault
from .report_html import report_html
from .report_junit import report_junit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["certificate", "write_report", "write_whole"]


def write_report(
    report: Mapping[str, Any], folder: Path, *, junit: Path | None = None, certificate_to: Path | None = None
) -> Path:
    """Write ``report.json`` and ``report.html``, and what else is asked for; return the path of the page.

    Raises:
        UsageFault: One cannot be written.
    """
    files = {
        folder / "report.json": (json.dumps(report, indent=2) + "\n").encode(),
        folder / "report.html": report_html(dict(report)).encode("utf-8", "backslashreplace"),
    }
    if junit is not None:
        files[junit] = report_junit(report)
    if certificate_to is not None:
        files[certificate_to] = certificate(report, certificate_to)
    for path, data in files.items():
        write_whole(path, data, otherwise=f"the verdict: {report['headline']}")
    return folder / "report.html"


def certificate(report: Mapping[str, Any], path: Path) -> bytes:
    """Return the certificate as a page where the name ends in ``.html``, as text otherwise."""
    make = certificate_html if path.suffix in (".html", ".htm") else certificate_text
    return make(report).encode("utf-8", "backslashreplace")


def write_whole(path: Path, data: bytes, *, otherwise: str) -> None:
    """Write a file beside its place and move it there.

    Args:
        path: The file; its folder is made.
        data: Its content.
        otherwise: What would be lost, said in the error.

    Raises:
        UsageFault: It cannot be written.
    """
    temp = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temp.write_bytes(data)
        temp.replace(path)
    except OSError as error:
        raise UsageFault(
            f"the report cannot be written to `{path}`: {error.strerror} ({otherwise})",
            remedy="name another place for it",
        ) from error
