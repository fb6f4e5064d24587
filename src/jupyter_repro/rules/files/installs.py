"""RP411 to RP413: what cells install, and which programs they call."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from .network import DOWNLOADERS
from .programs import commands
from .protocol import Edit, Spotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .notebook import NotebookFile

__all__ = ["ForeignPip", "OtherProgram", "UnpinnedInstall"]

_INSTALL = re.compile(
    r"(?:\S*python\S*\s+-m\s+|\{sys\.executable\}\s+-m\s+|uv\s+)?pip3?\s+install\s+(?P<rest>.*)"
)
_CONDA = re.compile(r"(?:conda|mamba|micromamba)\s+install\s+(?P<rest>.*)")
_TAKE_A_VALUE = frozenset(
    ("--extra-index-url", "--find-links", "--index-url", "--prefix", "--target", "--trusted-host", "-c", "-f", "-i",
     "-n", "-p", "-t", "--channel", "--name", "--constraint")
)  # fmt: skip
_GIVEN_ELSEWHERE = frozenset(("-e", "--editable", "-r", "--requirement", "--file"))
_EXACT = re.compile(r"(?:===?\s*[^\s,*]+|@\s*\S+(?:@[0-9a-f]{7,40}|\.whl|\.tar\.gz)\S*)$")
_REVISION = re.compile(r"(?:@(?:[0-9a-f]{7,40}|v?[0-9][\w.]*)|\.whl|\.tar\.gz)(?:#\S*)?$")


class UnpinnedInstall:
    """RP411: a cell installs a package without saying which version.

    **Why is this bad?** Each day it may install another one, and what it pulls in with it as well.
    **Example**: `%pip install scikit-learn`.
    **Remedy**: `%pip install scikit-learn==1.7.2`; better, install before the kernel starts, from a lock file.
    """

    code = "RP411"
    severity: Severity = "warning"
    remedy = "write the version: `%pip install NAME==VERSION`"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield one finding a line."""
        for cell in notebook.cells:
            for command in commands(cell):
                loose = _loose(command.text)
                if loose:
                    message = f"installs {_listed(loose)} without a version"
                    yield Spotted(cell=cell.index, line=command.line, message=message)


class ForeignPip:
    """RP413: a cell installs with `!pip`, which may belong to another Python than the kernel.

    **Why is this bad?** The package then lands where the notebook does not look, or changes another environment.
    **Example**: `!pip install pandas==2.3.3`.
    **Remedy**: `%pip install pandas==2.3.3`, which always means the kernel's own; `--fix` writes it.
    """

    code = "RP413"
    severity: Severity = "info"
    remedy = "write `%pip`, which means the kernel's own"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield one finding a line."""
        for cell in notebook.cells:
            lines = cell.source.split("\n")
            for command in commands(cell):
                if command.sign != "!" or not re.match(r"pip3?\s+install\s", command.text):
                    continue
                written = re.match(r"(\s*)(!pip3?)\s", lines[command.line - 1])
                plain = written and not re.search(r"[|&;<>`$\\]", lines[command.line - 1])
                yield Spotted(
                    cell=cell.index,
                    line=command.line,
                    message="installs with `!pip`, which may belong to another Python than the kernel",
                    edits=(Edit(command.line, written.start(2), written.end(2), "%pip"),)
                    if written and plain
                    else (),
                )


class OtherProgram:
    """RP412: a cell calls another program, which no record can see through.

    **Why is this bad?** Its version, its files and its effects are outside what a seed or a lock file governs.
    **Example**: `!ffmpeg -i talk.mp4 talk.wav`.
    **Remedy**: do it in Python where you can; else name the program and its version in the notebook's text.
    """

    code = "RP412"
    severity: Severity = "info"
    remedy = "do it in Python where you can, or name the program and its version in the text"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield one finding a cell."""
        for cell in notebook.cells:
            called = [
                (command.line, command.text)
                for command in commands(cell)
                if command.sign != "%"
                and not _INSTALL.match(command.text)
                and not _CONDA.match(command.text)
                and command.text.split(" ")[0] not in DOWNLOADERS
            ]
            if called:
                line, text = called[0]
                rest = f" and {len(called) - 1} more" if len(called) > 1 else ""
                short = text if len(text) <= 60 else f"{text[:59]}…"  # noqa: PLR2004 - as much as fits into a line
                yield Spotted(cell=cell.index, line=line, message=f"calls another program (`{short}`{rest})")


def _loose(text: str) -> list[str]:
    """Return what a line installs without an exact version."""
    pip, conda = _INSTALL.search(text), _CONDA.search(text)
    found = pip or conda
    if found is None:
        return []
    try:
        words = shlex.split(re.split(r"\s(?:&&|\|\||[|;>])", found["rest"])[0], comments=True)
    except ValueError:
        return []
    loose, skip = [], False
    for word in words:
        if skip or word.startswith("-"):
            skip = not skip and (word in _TAKE_A_VALUE or word in _GIVEN_ELSEWHERE)
        elif word.startswith((".", "/", "{", "$", "~")) or _is_exact(word, conda=conda is not None):
            continue
        else:
            loose.append(word)
    return [] if "--require-hashes" in words else loose


def _is_exact(word: str, *, conda: bool) -> bool:
    if "://" in word:
        return bool(_REVISION.search(word))
    if conda:
        return "=" in word and not word.endswith("*")
    return bool(_EXACT.search(word.partition(";")[0].strip()))


def _listed(names: list[str]) -> str:
    few = 3
    shown = [f"`{name}`" for name in names[:few]]
    if len(names) > few:
        return f"{', '.join(shown)} and {len(names) - few} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if shown[:-1] else shown)
