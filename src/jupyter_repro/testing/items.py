"""One cell, or one claim, as a test: its verdict becomes passed, failed or skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.verifier.compare.outcome import SAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Differs", "Item", "NoVerdict"]

_SKIPPED = ("not run", "volatile")
_MOST_LINES = 60


class Differs(AssertionError):
    """A cell or claim does not give the result that is saved."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        super().__init__(row["why"])
        self.row = row


class NoVerdict(Exception):
    """The run that would tell was not made."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


class Item(pytest.Item):
    """One row of a report."""

    def __init__(self, *, kind: str, key: str, **named: Any) -> None:
        super().__init__(**named)
        self._kind = kind
        self._key = key

    def runtest(self) -> None:
        """Look up the verdict; the first item of a file makes the run.

        Raises:
            Differs: It is another result.
            NoVerdict: There is none.
        """
        report: Mapping[str, Any] = self.parent.report()  # type: ignore[union-attr]  # always one of ours
        name = "id" if self._kind == "cells" else "text"
        row = next((each for each in report[self._kind] if each[name] == self._key), None)
        if row is None:
            raise NoVerdict(report["headline"], report["remedy"] or "look at the report of the whole file")
        if row["verdict"] in _SKIPPED:
            pytest.skip(f"{row['verdict']}: {row['why']}")
        if row["verdict"] not in SAME:
            raise Differs(row)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Say what differs and why, not where our own code stands."""
        error = excinfo.value
        if isinstance(error, NoVerdict):
            return f"{error.message}\n\nhint: {error.remedy}"
        if isinstance(error, Differs):
            return "\n".join(_lines(error.row))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Return the file and the name in it."""
        return self.path, None, self.name


def _lines(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield why it differs, the causes, its source and both sides as a diff."""
    import difflib

    yield f"{row['verdict']}: {row['why']}"
    for cause in row.get("causes", ()):
        yield f"  {cause['certainty']}: {cause['text']}"
    if row.get("unexplained"):
        yield f"  {row['unexplained']}"
    if row.get("source"):
        yield ""
        yield from (f"    {line}" for line in row["source"].splitlines()[:_MOST_LINES])
    for pair in row.get("differences", ()):
        yield ""
        if pair["kind"] == "image":
            yield "a figure, which is not the saved one"
            continue
        was, now = ((pair[side] or "").splitlines() for side in ("reference", "fresh"))
        lines = difflib.unified_diff(was, now, "saved", "fresh run", lineterm="", n=2)
        yield from list(lines)[:_MOST_LINES]
    if row.get("part"):
        yield f"  {row['part']}: saved {row['reference']}, fresh run {row['fresh']}"
