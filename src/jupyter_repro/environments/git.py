"""The revision the notebook stands on, and what differs from it."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.records import Git, Missing
from jupyter_repro.secrets import known_values, redacted

from .git_command import NO_REPOSITORY, GitFailed, HardenedGit, may_be_repository, reason_of
from .git_remote import public_remote
from .submodules import submodules
from .untracked import untracked_sources

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["git_state"]

_DIFF_BYTES = 1 << 20
_UNTRACKED = 1000
_OURS = ".jupyter_repro"
_PATHS = ("--", ":/", f":(exclude,top,glob)**/{_OURS}/**")


def git_state(folder: Path) -> Git | Missing:
    """Return commit, branch and uncommitted changes of the work tree that holds the folder, or why not.

    Nothing that the repository configures is run, and nothing in it is written.
    """
    if not folder.is_dir():
        return Missing(f"there is no folder `{folder}`")
    if not may_be_repository(folder):
        return Missing(NO_REPOSITORY)
    try:
        top = _top(HardenedGit(folder), folder)
        return _state(HardenedGit(top), top)
    except GitFailed as error:
        return Missing(reason_of(str(error)))


def _top(git: HardenedGit, folder: Path) -> Path:
    top = Path(os.fsdecode(git.run("rev-parse", "--show-toplevel").removesuffix(b"\n")))
    if not folder.resolve().is_relative_to(top.resolve()):
        raise GitFailed(f"the repository's work tree lies elsewhere (`{top}`)")
    return top


def _state(git: HardenedGit, top: Path) -> Git | Missing:
    status = git.run(
        "status",
        "--porcelain=v2",
        "-z",
        "--branch",
        "--untracked-files=normal",
        "--ignore-submodules=dirty",
        *_PATHS,
    )
    commit = branch = ""
    changed = False
    untracked: list[str] = []
    for line in _lines(status):
        kind, _, rest = line.partition(b" ")
        if kind == b"#":
            key, _, value = rest.partition(b" ")
            commit = _text(value) if key == b"branch.oid" else commit
            branch = _text(value) if key == b"branch.head" else branch
        elif kind == b"?":
            untracked.append(_text(rest))
        elif kind in (b"1", b"2", b"u"):
            changed = True
    if not commit or commit == "(initial)":
        return Missing("the git repository has no commit yet")
    untracked = [name for name in untracked if _OURS not in name.split("/")]
    notes: list[str] = []
    diff = _diff(git, notes) if changed else ""
    remote = _remote(git, notes)
    sources = untracked_sources(git, top, notes) if untracked else ()
    if len(untracked) > _UNTRACKED:
        notes.append(f"{len(untracked) - _UNTRACKED} of {len(untracked)} untracked names are left out")
    if git.filters_off:
        notes.append(
            "content filters that the repository configures were not run, so their files may seem changed"
        )
    return Git(
        commit=commit,
        branch=None if branch == "(detached)" else branch or None,
        dirty=changed,
        diff=diff,
        untracked=tuple(untracked[:_UNTRACKED]),
        remote=remote,
        sources=sources,
        submodules=submodules(git, top),
        note="; ".join(notes),
    )


def _lines(status: bytes) -> Iterator[bytes]:
    """Yield the entries of ``status -z``; that of a rename is followed by its former path, left out."""
    fields = iter(status.split(b"\0"))
    for field in fields:
        if field:
            yield field
        if field.startswith(b"2 "):
            next(fields, None)


def _diff(git: HardenedGit, notes: list[str]) -> str:
    taken = _Capped(_DIFF_BYTES)
    git.run(
        "diff",
        "--no-ext-diff",
        "--no-textconv",
        "--no-color",
        "--binary",
        "--full-index",
        "--submodule=short",
        "--ignore-submodules=dirty",
        "--src-prefix=a/",
        "--dst-prefix=b/",
        "HEAD",
        *_PATHS,
        output=taken,
    )
    data = bytes(taken.data)
    if taken.size > len(data):
        data = data[: data.rfind(b"\n") + 1]
        notes.append(f"the diff is cut after {len(data)} of {taken.size} bytes and cannot be applied")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        notes.append("the diff holds bytes that are no UTF-8, they are replaced")
        text = data.decode("utf-8", "replace")
    clean: str = redacted(text, known=known_values())
    if clean != text:
        notes.append("credentials in the diff are replaced by marks, where it cannot be applied")
    return clean


def _remote(git: HardenedGit, notes: list[str]) -> str | None:
    url = git.run("config", "-z", "--get", "remote.origin.url", may_fail=True).removesuffix(b"\0")
    if not url:
        return None
    remote = public_remote(os.fsdecode(url))
    if remote is None:
        notes.append("the remote is no public address and is left out")
    return remote


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


class _Capped(io.RawIOBase):
    """Keeps the first bytes and counts the rest."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.data = bytearray()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, chunk: Any, /) -> int:
        piece = bytes(chunk)
        self.size += len(piece)
        self.data += piece[: self.limit - len(self.data)]
        return len(piece)
