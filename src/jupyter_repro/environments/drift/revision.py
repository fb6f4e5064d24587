"""The code beside the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Git, Missing
from jupyter_repro.records.drift import Difference, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jupyter_repro.records import Environment
    from jupyter_repro.records.drift import Rank

__all__ = ["revision"]

_SHORT = 10
_FEW = 4
_NO_CODE = (".ipynb", ".md", ".rst", ".txt", ".png", ".svg", ".pdf")


def revision(
    record: Environment, now: Environment, changed_files: Iterable[str] | None = None
) -> Iterator[Difference | Unknown]:
    """Yield what differs in the revision.

    Args:
        record: The environment that made the results.
        now: That of this moment.
        changed_files: Files that differ between the two commits; None: nobody has looked.
    """
    before, after = record.git, now.git
    if isinstance(before, Missing) or isinstance(after, Missing):
        if isinstance(before, Missing) != isinstance(after, Missing):
            reason = before.reason if isinstance(before, Missing) else after.reason  # type: ignore[union-attr]  # one of the two
            side = "when the results were made" if isinstance(before, Missing) else "now"
            yield Unknown(what="code revision", reason=f"none is known {side}: {reason}")
        return
    if before.commit != after.commit:
        rank, reason = _weight(changed_files)
        yield Difference(
            what="git commit",
            before=before.commit[:_SHORT],
            now=after.commit[:_SHORT],
            rank=rank,
            reason=reason,
            restore=f"git checkout {before.commit[:_SHORT]}",
        )
    if _edits(before) != _edits(after):
        yield Difference(
            what="uncommitted changes",
            before=_told(before),
            now=_told(after),
            rank="may change results",
            reason="code beside the notebook is not what it was",
            restore="git stash" if not before.dirty else "",
            instead=""
            if not before.dirty
            else "the record holds the changes as a patch: `jupyter repro runs show RUN --json`",
        )
    yield from _submodules(before, after)


def _weight(changed_files: Iterable[str] | None) -> tuple[Rank, str]:
    if changed_files is None:
        return "may change results", "code beside the notebook may be another"
    code = [name for name in changed_files if not name.endswith(_NO_CODE)]
    if not code:
        return "cannot change numbers", "between the two only notebooks and texts differ"
    more = f" and {len(code) - _FEW} more" if len(code) > _FEW else ""
    return "may change results", f"between the two differ {', '.join(code[:_FEW])}{more}"


def _edits(git: Git) -> tuple[str, tuple[tuple[str, str], ...]]:
    return git.diff, tuple((each.path, each.sha256) for each in git.sources)


def _told(git: Git) -> str:
    if not git.diff and not git.sources:
        return "none"
    files = git.diff.count("\ndiff --git ") + git.diff.startswith("diff --git ")
    parts = [f"{files} tracked"] if files else []
    return ", ".join([*parts, *([f"{len(git.sources)} untracked sources"] if git.sources else [])]) or "some"


def _submodules(before: Git, now: Git) -> Iterator[Difference]:
    was = {each.path: each.checked_out or each.commit for each in before.submodules}
    present = {each.path: each.checked_out or each.commit for each in now.submodules}
    for path in sorted(was.keys() & present.keys()):
        if was[path] != present[path]:
            yield Difference(
                what=f"submodule {path}",
                before=was[path][:_SHORT],
                now=present[path][:_SHORT],
                rank="may change results",
                reason="code of another repository is not what it was",
                restore=f"git -C {path} checkout {was[path][:_SHORT]}",
            )
