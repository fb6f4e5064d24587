"""The code beside the notebook."""

from __future__ import annotations

import re
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
_DIGEST = 6
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
    yield from _uncommitted(before, after)
    yield from _submodules(before, after)


def _weight(changed_files: Iterable[str] | None) -> tuple[Rank, str]:
    if changed_files is None:
        return "may change results", "code beside the notebook may be another"
    code = [name for name in changed_files if not name.endswith(_NO_CODE)]
    if not code:
        return "cannot change numbers", "between the two only notebooks and texts differ"
    more = f" and {len(code) - _FEW} more" if len(code) > _FEW else ""
    return "may change results", f"between the two differ {', '.join(code[:_FEW])}{more}"


def _uncommitted(before: Git, now: Git) -> Iterator[Difference]:
    was, present = _patches(before.diff), _patches(now.diff)
    touched = sorted(path for path in {*was, *present} if was.get(path) != present.get(path))
    code = [path for path in touched if not path.endswith(_NO_CODE)]
    if touched:
        yield Difference(
            what="uncommitted changes",
            before=_named([path for path in code or touched if path in was]),
            now=_named([path for path in code or touched if path in present]),
            rank="may change results" if code else "cannot change numbers",
            reason="code beside the notebook is not what it was" if code else "only notebooks and texts",
            restore="" if before.diff else "git stash",
            instead="the record holds them as a patch: `jupyter repro runs show RUN --json`"
            if before.diff
            else "",
        )
    old = {each.path: each.sha256 for each in before.sources if not each.path.endswith(_NO_CODE)}
    new = {each.path: each.sha256 for each in now.sources if not each.path.endswith(_NO_CODE)}
    changed = sorted(path for path in {*old, *new} if old.get(path) != new.get(path))
    if changed:
        yield Difference(
            what="untracked sources",
            before=_named([f"{path} ({old[path][:_DIGEST]})" for path in changed if path in old]),
            now=_named([f"{path} ({new[path][:_DIGEST]})" for path in changed if path in new]),
            rank="may change results",
            reason="they are in no commit, and are not what they were",
            instead="the record holds their text: `jupyter repro runs show RUN --json`",
        )


def _patches(diff: str) -> dict[str, str]:
    """Return the part of a patch for each file."""
    parts = re.split(r"^diff --git ", diff, flags=re.MULTILINE)
    found = {part.partition("\n")[0].rpartition(" b/")[2]: part for part in parts[1:]}
    return {**found, **({"": parts[0]} if parts[0].strip() else {})}


def _named(files: list[str]) -> str:
    more = f" and {len(files) - _FEW} more" if len(files) > _FEW else ""
    return ", ".join(files[:_FEW]) + more


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
