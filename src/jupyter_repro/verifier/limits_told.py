"""In which environment a verification ran, and what it does not show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["environment_rows", "first_line", "isolation_of", "not_seen"]


def environment_rows(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return names and values for a reader; empty where no environment was built."""
    facts = report["environment"]
    if "python" not in facts:
        return []
    python = facts["python"]
    if python != facts["author_python"]:
        python += f" (author: {facts['author_python']})"
    here, author = facts.get("machine", {}), facts.get("author_machine", {})
    return [
        ("rebuilt by", facts["built_with"]),
        ("isolation", isolation_of(report)),
        ("Python", python),
        *((name, _beside(value, author.get(name))) for name, value in here.items()),
        ("packages of another version", ", ".join(facts["packages_of_another_version"]) or "none"),
        (
            "packages of the same version with other bytes",
            ", ".join(facts["packages_of_other_bytes"]) or "none",
        ),
        *(("note", note) for note in facts["notes"]),
    ]


def isolation_of(report: Mapping[str, Any]) -> str:
    """Say what kept the author's code from the reader's machine."""
    told = report.get("isolation") or {}
    return str(told.get("sentence") or "none: the author's code ran with the reader's rights")


def first_line(source: str) -> str:
    """Return the first line of a cell that is no comment, or the first at all."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    return next((line for line in lines if not line.startswith("#")), lines[0] if lines else "")


def not_seen(report: Mapping[str, Any]) -> list[str]:
    """Return what nobody should read into the verdict, one sentence each."""
    cells, facts = report["cells"], report["environment"]
    apart = [row["label"] for row in cells if row["verdict"] == "volatile"]
    not_run = [row["label"] for row in cells if row["verdict"] == "not run"]
    found = []
    if apart:
        found.append(f"Volatile outputs ({', '.join(apart)}) show nothing of being reproduced.")
    if not_run:
        found.append(f"Cells that were not run ({', '.join(not_run)}) were not compared.")
    if any(facts.get(key) for key in ("packages_of_another_version", "packages_of_other_bytes", "notes")):
        found.append(
            "The environment is not the author's in every respect; how it differs is told under Environment."
        )
    found += _left_open(report)
    if report.get("claims_not_judged"):
        number = report["claims_not_judged"]
        found.append(f"Only a quick variant was run: no claim of the author's ({number} in all) was judged.")
    elif not report["claims"]:
        found.append(
            "The author ties no statement of a paper to a cell, so which result stands where is not told."
        )
    return [
        *found,
        "The same code gave the same results or did not; whether code, data and conclusions are right was not examined.",
        "Whether a cell computes what it shows, or only prints it, was not examined.",
        "No badge is awarded here: that is for a committee or a reader to decide.",
    ]


def _left_open(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the author did not show, or who he is."""
    if not report.get("proven", True):
        yield "The reference is what the author's notebook showed: nobody ran it anew for the bundle."
    for each in report.get("waivers", ()):
        yield f"The author answers for {each.get('code')} ({each.get('message')}): {each.get('reason')}"
    if not str(report.get("signature", "")).startswith("signed by"):
        yield "The manifest shows that nothing was changed since the bundle was written, not who wrote it."


def _beside(here: str, author: str | None) -> str:
    return here if author in (None, here) else f"{here} (author: {author})"
