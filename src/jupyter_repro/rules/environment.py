"""RP6: the revision the notebook stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Finding, Git, Missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .engine import Facts

__all__ = ["DirtyWorkTree", "NoRevision"]

_FEW = 3


class DirtyWorkTree:
    """RP601: files differ from the git commit, source files are in no commit, or a submodule is elsewhere.

    **Why is this bad?** The commit alone does not give the code that ran.
    **Example**: `utils.py` was changed after the last commit, or never added.
    **Remedy**: commit; the bundle carries the difference as a patch, and small source files.
    """

    code = "RP601"
    severity: Severity = "info"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding."""
        git = facts.environment.git if facts.environment else None
        differs = tuple(_differs(git)) if isinstance(git, Git) else ()
        if isinstance(git, Git) and differs:
            yield Finding(
                code=self.code,
                severity=self.severity,
                message=f"the work tree differs from commit {git.commit[:10]}: {'; '.join(differs)}",
                remedy="commit the changes; until then a bundle carries them as a patch",
            )


def _differs(git: Git) -> Iterator[str]:
    """Say what the commit does not give."""
    if git.dirty:
        yield "files are changed"
    if git.sources:
        named = ", ".join(f"`{each.path}`" for each in git.sources[:_FEW])
        more = f" and {len(git.sources) - _FEW} more" if len(git.sources) > _FEW else ""
        yield f"in no commit: {named}{more}"
    for each in git.submodules:
        if each.checked_out not in ("", each.commit):
            yield f"submodule `{each.path}` is at another commit"
        elif each.dirty:
            yield f"submodule `{each.path}` is changed"


class NoRevision:
    """RP602: the notebook is under no version control that we can read.

    **Why is this bad?** Nobody can tell which code gave the result.
    **Example**: a notebook in a folder where `git init` was never run.
    **Remedy**: what the reason says, often ``git init`` and a first commit.
    """

    code = "RP602"
    severity: Severity = "info"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding."""
        git = facts.environment.git if facts.environment else None
        if isinstance(git, Missing):
            yield Finding(
                code=self.code,
                severity=self.severity,
                message=f"no git revision is known: {git.reason}",
                remedy="keep the notebook in a git repository, so that its history can be cited",
            )
