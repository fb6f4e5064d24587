"""Check the documentation against the code: links, files, commands, options, words, finding codes, rows of coverage.

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


def absent_files() -> list[str]:
    """Return files of this repository that a page names and that are not there."""
    pattern = r"`((?:tests|scripts|benchmarks|notebooks|goldens)/[\w./-]+\.\w+)`"
    return [
        f"{page.relative_to(ROOT)}: no file `{name}`"
        for page in PAGES
        for name in re.findall(pattern, page.read_text(encoding="utf-8"))
        if "NAME" not in name and not (ROOT / name).exists()
    ]


def absent_targets() -> list[str]:
    """Return targets of the Makefile that a page names and that are not there."""
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    return [
        f"{page.relative_to(ROOT)}: no `make {name}`"
        for page in PAGES
        for name in re.findall(r"`make ([\w-]+)`", page.read_text(encoding="utf-8"))
        if name not in targets
    ]


def unproved_rows() -> list[str]:
    """Return rows of docs/coverage.md with an empty field, a command that is none, or a test that tests nothing."""
    text = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    sources = dict(re.findall(r"\*\*(\w)\*\* (\w+)", text.split("## ", 1)[0]))
    found = []
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| practice")]
    for row in rows:
        fields = [field.strip() for field in row.strip("|").split("|")]
        practice, askers, _, commands, tests = (
            fields if len(fields) == len(_COLUMNS) else ("",) * len(_COLUMNS)
        )
        wrong = [name for name, field in zip(_COLUMNS, fields, strict=False) if not field]
        wrong += [f"asker `{each}`" for each in askers.split() if each not in sources]
        wrong += [f"command `{each}`" for each in re.findall(r"`([^`]+)`", commands) if not _is_command(each)]
        files = re.findall(r"\]\(\.\./(tests/[^)]+)\)", tests)
        wrong += [f"test `{each}`" for each in files if not _has_tests(ROOT / each)]
        if wrong or not files or "`" not in commands:
            found.append(
                f"docs/coverage.md: `{practice or row}` is not proved: {', '.join(wrong) or 'no command or no test'}"
            )
    return found


_COLUMNS = ("practice", "asked by", "how", "command", "test")


def _has_tests(path: Path) -> bool:
    return (
        path.exists()
        and re.search(r"^\s*(async )?def test_", path.read_text(encoding="utf-8"), re.MULTILINE) is not None
    )


def _is_command(text: str) -> bool:
    """Tell whether a magic, a command line or a public name is there."""
    if text.startswith(("%repro ", "%%repro ")):
        return _is_magic(text.split()[1:])
    if text.startswith("jupyter repro "):
        return _is_command_line(text.split()[2:])
    return _is_public(text)


def _is_magic(words: list[str]) -> bool:
    from jupyter_repro.errors import BadWord
    from jupyter_repro.kernel.options import AFTER, WORDS, parse_options

    if words[0] in WORDS and all(word in AFTER.get(words[0], ()) for word in words[1:]):
        return True
    try:
        parse_options(" ".join(words))
    except BadWord:
        return False
    return True


def _is_command_line(words: list[str]) -> bool:
    import click

    from jupyter_repro.cli.main import repro

    command: click.Command | None = repro
    for word in words:
        if word.startswith("--"):
            if command is None or not any(word in parameter.opts for parameter in command.params):
                return False
        else:
            command = (
                command.get_command(click.Context(command), word)
                if isinstance(command, click.Group)
                else None
            )
    return command is not None


def _is_public(name: str) -> bool:
    import jupyter_repro
    from jupyter_repro import checkpoint

    *path, last = name.removeprefix("jupyter_repro.").split(".")
    return last in (checkpoint.__all__ if path in (["checkpoint"], []) else ()) or (
        not path and last in jupyter_repro.__all__
    )


def main() -> None:
    """Run all checks."""
    problems = broken_links() + absent_files() + absent_targets() + undocumented() + unproved_rows()
    for problem in problems:
        sys.stdout.write(problem + "\n")
    if problems:
        sys.exit(1)
    sys.stdout.write(f"{len(PAGES)} pages are true to the code\n")


if __name__ == "__main__":
    main()
