"""What rules say of themselves, as text and as the page of the documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_repro.rules.described import Described

__all__ = ["rule_text", "rules_page", "rules_table"]

_WHERE = {"kernel": "while cells run", "file": "in files", "export": "at export"}
_FAMILIES = {
    "RP1": "Cells and their order",
    "RP2": "Randomness",
    "RP3": "Determinism",
    "RP4": "Environment",
    "RP5": "Inputs",
    "RP6": "Code and configuration",
    "RP7": "Training",
    "RP8": "Secrets and bundle",
}


def rule_text(one: Described) -> str:
    """Return all that is said of one rule, for a terminal or the output of a cell."""
    parts = (
        ("", one.more),
        ("Why is this bad? ", one.why),
        ("Example: ", one.example),
        ("Remedy: ", one.remedy),
        ("In files: ", one.in_files if one.in_files != one.what else ""),
    )
    head = f"{one.code} ({one.severity}, {_where(one)}): {one.what}"
    return "\n".join([head, *(f"  {name}{text}" for name, text in parts if text)])


def rules_table(rules: Iterable[Described]) -> str:
    """Return a line a rule."""
    return "\n".join(f"{one.code}  {one.severity:<7}  {_where(one):<26}  {one.what}" for one in rules)


def rules_page(rules: Iterable[Described], before: str) -> str:
    """Return the page of the documentation in Markdown.

    Args:
        rules: By code.
        before: What stands above the rules.
    """
    rules = tuple(rules)
    lines = [before.rstrip(), "", "| code | severity | seen | what it says |", "|---|---|---|---|"]
    lines += [
        f"| [{one.code}](#{one.code.lower()}) | {one.severity} | {_where(one)} | {_cell(one.what)} |"
        for one in rules
    ]
    family = ""
    for one in rules:
        if one.code[:3] != family:
            family = one.code[:3]
            lines += ["", f"## {family}: {_FAMILIES[family]}"]
        lines += [
            "",
            f"### {one.code}",
            "",
            f"{_capital(one.what)}{_off(one)} *{one.severity}, {_where(one)}*",
        ]
        for name, text in (
            ("", one.more),
            ("**Why is this bad?** ", one.why),
            ("**Example**: ", one.example),
            ("**Remedy**: ", one.remedy),
            ("**In files**: ", one.in_files if one.in_files != one.what else ""),
        ):
            if text:
                lines += ["", f"{name}{text}"]
    return "\n".join(lines) + "\n"


def _where(one: Described) -> str:
    where = " and ".join(_WHERE[each] for each in one.looks_at)
    return f"{where}, of {one.package}" if one.package else where


def _off(one: Described) -> str:
    return "" if one.on else " Off by default."


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _capital(text: str) -> str:
    return text if text.startswith("`") else text[:1].upper() + text[1:]
