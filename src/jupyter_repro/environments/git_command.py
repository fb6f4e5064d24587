"""Runs git so that a repository's own configuration can run nothing."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["NO_REPOSITORY", "GitFailed", "HardenedGit", "may_be_repository", "reason_of"]

_TIMEOUT_S = 10.0

_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_LITERAL_PATHSPECS": "0",
    "GIT_CONFIG_PARAMETERS": "",
}
"""No lock, no question, no pager, and no fetch of objects that a partial clone lacks."""

_OPTIONS = (
    "--no-pager",
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "safe.bareRepository=explicit",
)

_TRUSTED = frozenset({"system", "global", "command"})
"""Scopes whose content filters are the user's own, such as that of Git LFS."""


NO_REPOSITORY = "the folder lies in no git repository"


def may_be_repository(folder: Path, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether it is worth asking git: without a sign of a repository here or above, its library need not be loaded."""
    if "GIT_DIR" in environ:
        return True
    places = (folder.resolve(), *folder.resolve().parents)
    return any(os.path.exists(place / sign) for place in places for sign in (".git", "HEAD"))  # noqa: PTH110 - never raises


class GitFailed(Exception):
    """Git gave no answer; the text is the reason."""


class HardenedGit:
    """Git in one folder, read-only.

    Overridden are the file system monitor, hooks, external diffs and text conversions (by the options of
    ``diff``), the content filters that the repository itself configures, lazy fetches, and helpers.

    Raises:
        GitFailed: There is no git.
    """

    def __init__(self, folder: Path) -> None:
        if shutil.which("git") is None:
            raise GitFailed("git is not installed")
        try:
            import git
        except ImportError as error:  # GitPython raises it where the binary does not run
            raise GitFailed(f"GitPython cannot be used: {str(error).splitlines()[0]}") from error
        self._git: Any = git.Git(folder)  # its overloads name no mixed call as ours
        self._errors = (git.GitCommandError, git.GitCommandNotFound, OSError)
        self._options: tuple[str, ...] = _OPTIONS
        self.filters_off = self._switch_filters_off()

    def run(self, *arguments: str, output: Any = None, may_fail: bool = False) -> bytes:
        """Return what git prints.

        Args:
            arguments: The command and its arguments.
            output: A stream that takes the output instead.
            may_fail: Give empty output where git ends with an error.

        Raises:
            GitFailed: It ended with an error, or did not end in time.
        """
        status, out, err = self._execute(["git", *self._options, *arguments], output)
        if status and not may_fail:
            raise GitFailed(err.strip() or f"git ended with code {status}")
        return b"" if status else out

    def _execute(self, command: Sequence[str], output: Any) -> tuple[int, bytes, str]:
        timeout = {} if sys.platform == "win32" else {"kill_after_timeout": _TIMEOUT_S}
        try:
            status, out, err = self._git.execute(
                list(command),
                with_extended_output=True,
                with_exceptions=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                output_stream=output,
                env=_ENVIRONMENT,
                **timeout,
            )
        except self._errors as error:
            raise GitFailed(f"git cannot be run: {error}") from error
        text = err.decode("utf-8", "replace") if isinstance(err, bytes) else str(err)
        if text.startswith("Timeout:"):
            raise GitFailed(f"git took longer than {_TIMEOUT_S:g} s")
        return int(status), out if isinstance(out, bytes) else b"", text

    def _switch_filters_off(self) -> bool:
        """Leave out content filters that this repository configures: ``git status`` would run them."""
        found = self.run(
            "config",
            "--show-scope",
            "-z",
            "--get-regexp",
            r"^filter\..*\.(clean|smudge|process)$",
            may_fail=True,
        )
        names = set()
        fields = found.split(b"\0")
        for scope, entry in zip(fields[::2], fields[1::2], strict=False):
            key = os.fsdecode(entry.partition(b"\n")[0])
            if os.fsdecode(scope) not in _TRUSTED:
                names.add(key.partition(".")[2].rpartition(".")[0])
        for name in sorted(names):
            for what in ("clean=", "smudge=", "process=", "required=false"):
                self._options += ("-c", f"filter.{name}.{what}")
        return bool(names)


def reason_of(error: str) -> str:
    """Return what git said, in plain words where its reason is a common one."""
    if "dubious ownership" in error:
        return "git refuses the repository, since it belongs to another user (safe.directory)"
    if "not a git repository" in error:
        return NO_REPOSITORY
    if "must be run in a work tree" in error or "bare repository" in error:
        return "the repository has no work tree"
    return " ".join(error.split())[:300]
