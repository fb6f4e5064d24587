"""RP6: the revision the notebook stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Finding, Git, Missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .engine import Facts

__all__ = ["DirtyWorkTree", "NoRevision"]


class DirtyWorkTree:
    """RP601: files differ from the git commit.

    **Why is this bad?** The commit alone does not give the code that ran.
    **Example**: `utils.py` was changed after the last commit.
    **Remedy**: commit; the bundle carries the difference as a patch.
    """

    code = "RP601"
    severity: Severity = "info"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding."""
        git = facts.environment.git if facts.environment else None
        if isinstance(git, Git) and git.dirty:
            yield Finding(
                code=self.code,
                severity=self.severity,
                message=f"the work tree differs from commit {git.commit[:10]}",
                remedy="commit the changes; until then a bundle carries them as a patch",
            )


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
