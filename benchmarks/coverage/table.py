"""From what the processes gave to the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams import STREAMS
from switches import SECOND, SWITCHES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["stream_word", "switch_word", "table"]


def stream_word(name: str, runs: Sequence[Mapping[str, Any]]) -> str:
    """Say whether a stream follows the seed.

    Args:
        name: The stream.
        runs: What it gave in two processes with one seed, and in one with another.
    """
    first, again, other = runs
    if "absent" in first:
        return f"n/a ({first['absent']})"
    if "missing" in first:
        return f"no: {first['missing']}"
    if not isinstance(first["drawn"], dict):
        return _single(first["drawn"], again["drawn"], other["drawn"])
    faults: dict[str, list[str]] = {}
    for part, numbers in first["drawn"].items():
        fault = _single(numbers, again["drawn"][part], other["drawn"][part]).removeprefix("no: ")
        if len(set(numbers)) < len(numbers):
            fault = f"the same in several {STREAMS[name].among}"
        if fault != "yes":
            faults.setdefault(fault, []).append(part)
    said = [f"{', '.join(filter(None, parts))} {fault}".strip() for fault, parts in faults.items()]
    return f"no: {'; '.join(said)}" if said else "yes"


def _single(first: Any, again: Any, other: Any) -> str:
    if first != again:
        return "no: differs each time"
    return "no: does not follow the seed" if first == other else "yes"


def switch_word(
    name: str, first: Mapping[str, Any], again: Mapping[str, Any], second: Mapping[str, Any]
) -> str:
    """Say whether a switch is in force: ``told`` where it is reported and can only be set before a start.

    Args:
        name: The switch.
        first: What a process read in the first part.
        again: The same in another process.
        second: What a process read in the second part.
    """
    if name == "given back":
        return "yes" if first["given back"] and second["given back"] else "no"
    switch = SWITCHES[name]
    if switch.told and switch.told in first["told"]:
        return "told"
    if name == "hash":
        if first["after"][name] == again["after"][name]:
            return "yes"
        return "no: sets the variable, which has no effect" if first["claims hash seed"] else "no"
    part = second if name in SECOND else first
    found = part["after"][name]
    if part["absent"][name]:
        return f"n/a ({part['absent'][name]}{', sets it' if found == switch.good else ''})"
    if found == switch.good:
        return "yes"
    return f"no: {found[0]}" if name == "tf32 newer" and len(found) == 1 else "no"


def table(
    columns: Mapping[str, Mapping[str, Mapping[str, str]]],
    heads: Mapping[str, str],
    why_not: Mapping[str, str],
) -> str:
    """Return both tables as Markdown.

    Args:
        columns: Words by row, of streams and of switches, by peer.
        heads: Names with versions, by peer.
        why_not: Reasons for which a peer was not measured.
    """
    parts = []
    for title, rows in (
        ("stream", {name: stream.title for name, stream in STREAMS.items()}),
        ("switch", {**{name: each.title for name, each in SWITCHES.items()}, "given back": "all given back"}),
    ):
        lines = [f"| {title} | {' | '.join(heads.values())} |", "|---" * (len(heads) + 1) + "|"]
        for row, shown in rows.items():
            words = [columns[peer][title][row] if peer in columns else "not measured" for peer in heads]
            lines.append(f"| {shown} | {' | '.join(words)} |")
        counts = [
            str(sum(columns[peer][title][row] == "yes" for row in rows)) if peer in columns else ""
            for peer in heads
        ]
        lines.append(f"| **yes, of {len(rows)}** | {' | '.join(counts)} |")
        parts.append("\n".join(lines))
    parts += [f"{heads[peer]} was not measured: {reason}." for peer, reason in why_not.items()]
    return "\n\n".join(parts)
