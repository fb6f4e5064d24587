"""Programs that cells call, and what these say of their version."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import PurePath
from typing import TYPE_CHECKING

from jupyter_repro.records import Missing
from jupyter_repro.records.system import Program

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["named_in", "programs"]

_TIMEOUT_S = 5.0
_MOST = 160

_ASKED = {
    "--version": (
        "R", "Rscript", "awk", "bash", "bedtools", "bwa", "cargo", "chromium", "clang", "cmake", "conda", "curl",
        "docker", "dvc", "g++", "gawk", "gcc", "gfortran", "git", "inkscape", "jq", "julia", "latex", "latexmk", "libreoffice",
        "lualatex", "make", "mamba", "minimap2", "mkfs", "node", "npm", "nvcc", "pandoc", "pdflatex", "pdftotext", "perl", "php",
        "pip", "podman", "python", "python3", "quarto", "rsync", "ruby", "rustc", "samtools", "sed", "soffice", "sqlite3", "tar",
        "tesseract", "typst", "unzip", "uv", "wget", "wkhtmltopdf", "xelatex", "zsh",
    ),
    "-version": ("convert", "ffmpeg", "ffprobe", "identify", "java", "javac", "magick"),
    "-V": ("circo", "dot", "fdp", "neato", "sfdp", "twopi"),
    "-v": ("gs", "lua"),
    "version": ("go", "kubectl", "terraform"),
}  # fmt: skip
"""How each well-known program is asked; no other is ever started."""
_HOW = {name: word for word, names in _ASKED.items() for name in names}
_SHELL_LINE = re.compile(r"^\s*(?:[\w.]+\s*=\s*)?!+\s*(.+)$", re.MULTILINE)
_SHELL_CELL = re.compile(r"\A\s*%%(?:bash|sh|script|system|!)[^\n]*\n(.*)\Z", re.DOTALL)
_NEXT = re.compile(r"&&|\|\|?|;|\n|\$\(|`")


def named_in(source: str) -> tuple[str, ...]:
    """Return the well-known programs that the shell lines of a cell start; others are not told apart from data."""
    cell = _SHELL_CELL.match(source)
    lines = [cell[1]] if cell else _SHELL_LINE.findall(source)
    return tuple(dict.fromkeys(name for line in lines for name in command_names(line)))


def command_names(command: str) -> Iterable[str]:
    """Yield the well-known programs that a line for the shell starts."""
    for part in _NEXT.split(command):
        try:
            words = shlex.split(part, comments=True)
        except ValueError:
            words = part.split()
        while words and re.fullmatch(r"\w+=\S*|sudo|time|nice|env|exec", words[0]):
            words = words[1:]
        name = PurePath(words[0]).name if words else ""
        if name in _HOW:
            yield name


def programs(called: Mapping[str, Iterable[int]]) -> tuple[Program, ...]:
    """Return the programs with their versions, by name.

    Args:
        called: The orders of the cell runs that called each, by its name or path.
    """
    orders: dict[str, set[int]] = {}
    for program, runs in called.items():
        orders.setdefault(PurePath(program).name, set()).update(runs)
    return tuple(
        Program(name=name, version=_version(name), cells=tuple(sorted(runs)))
        for name, runs in sorted(orders.items())
    )


def _version(name: str) -> str | Missing:
    how = _HOW.get(name)
    if how is None:
        return Missing("only well-known programs are started to ask for their version")
    path = shutil.which(name)
    if path is None:
        return Missing("it is not on PATH now")
    try:
        done = subprocess.run(
            [path, how], capture_output=True, stdin=subprocess.DEVNULL, timeout=_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Missing(f"it does not say: {type(error).__name__}")
    text = (done.stdout.strip() or done.stderr.strip()).decode("utf-8", "replace")
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return first[:_MOST] if first else Missing("it says nothing")
