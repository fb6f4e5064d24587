"""Write ``docs/rules.md`` from the docstrings of the rules; with ``--check`` only say whether it is up to date."""

from __future__ import annotations

import sys
from pathlib import Path

from jupyter_repro.reports.rule_text import rules_page
from jupyter_repro.rules.catalog import our_codes

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "rules.md"
HEAD = ROOT / "scripts" / "rules_head.md"


def page() -> str:
    """Return the page as it should be."""
    return rules_page(our_codes(), HEAD.read_text(encoding="utf-8"))


def is_current() -> bool:
    """Whether the page on disk is that."""
    return PAGE.read_text(encoding="utf-8") == page()


def main(arguments: list[str]) -> int:
    """Write the page, or check it."""
    if "--check" not in arguments:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if is_current():
        return 0
    sys.stdout.write("docs/rules.md is not what the rules say: `make rules` writes it\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
