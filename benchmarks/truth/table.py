"""Tallies as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truth.tally import Tally

__all__ = ["HEAD", "apart", "row", "table"]

HEAD = (
    "| | cells judged | called reproduced and are not | differ | of these flagged | of these `unknown` | all `unknown` | precision of flags |\n"
    "|---|---|---|---|---|---|---|---|"
)


def percent(value: float | None) -> str:
    """Return a share for people."""
    return "-" if value is None else f"{value:.1%}"


def row(name: str, tally: Tally) -> str:
    """Return one line of the table."""
    return (
        f"| {name} | {tally.judged} | {tally.broken} | {tally.differing} | {percent(tally.caught)} | {percent(tally.doubted)} "
        f"| {percent(tally.unknown_share)} | {percent(tally.precision)} |"
    )


def table(tallies: Mapping[str, Tally]) -> str:
    """Return the whole table, a line for each tally."""
    return "\n".join([HEAD, *(row(name, tally) for name, tally in tallies.items())])


def apart(tally: Tally) -> str:
    """Return the counts of the cells that are not in the table."""
    parts = []
    for truth in ("edited", "not run", "not reached"):
        said = {kind: tally.apart[truth, kind] for kind in ("flagged", "unknown", "reproduced")}
        parts.append(
            f"{truth}: {sum(said.values())} ({', '.join(f'{n} {kind}' for kind, n in said.items() if n)})"
        )
    return "Counted apart: " + "; ".join(parts) + "."
