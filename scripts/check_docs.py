"""Check the documentation against the code: links, commands, options, words, finding codes.

Prints what is wrong and exits 1, or prints one line and exits 0.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def broken_links() -> list[str]:
    """Return relative links that lead nowhere."""
    found = []
    for page in PAGES:
        targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        found += [
            f"{page.relative_to(ROOT)}: no file `{target}`"
            for target in targets
            if "://" not in target and not (page.parent / target).exists()
        ]
    return found


def undocumented() -> list[str]:
    """Return words, commands, options and codes that no page names."""
    import click

    from jupyter_repro.cli.main import repro
    from jupyter_repro.kernel.options import WORDS

    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    missing = [f"`%repro` word `{word}`" for word in WORDS if word.rstrip("=") not in text]
    context = click.Context(repro)
    for verb in repro.list_commands(context):
        if f"jupyter repro {verb}" not in text:
            missing.append(f"command `jupyter repro {verb}`")
        command = repro.get_command(context, verb)
        for parameter in command.params if command else ():
            missing.extend(
                f"option `{option}` of `{verb}`"
                for option in parameter.opts
                if option.startswith("--") and option not in text
            )
    codes = sorted(
        {
            code
            for path in (ROOT / "src").rglob("*.py")
            for code in re.findall(r"\"(RP[0-9]{3})\"", path.read_text(encoding="utf-8"))
        }
    )
    missing.extend(f"finding code {code}" for code in codes if code not in text)
    return [f"no page names {what}" for what in missing]


def main() -> None:
    """Run all checks."""
    problems = broken_links() + undocumented()
    for problem in problems:
        sys.stdout.write(problem + "\n")
    if problems:
        sys.exit(1)
    sys.stdout.write(f"{len(PAGES)} pages are true to the code\n")


if __name__ == "__main__":
    main()
