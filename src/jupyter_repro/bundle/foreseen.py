"""What will refuse an export, as far as it is known before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.rules.configured import settings_near

from .canonical import Trace
from .findings import as_project_decides, export_findings
from .guard import CODE, exposed_in_notebook, secret_findings
from .lock import Locked
from .refusals import REFUSING, unseeded, with_waivers

if TYPE_CHECKING:
    from jupyter_repro.records import Finding

    from .gather import Gathered
    from .notebook import Notebook
    from .options import ExportOptions

__all__ = ["foreseen"]


def foreseen(author: Notebook, gathered: Gathered, options: ExportOptions) -> tuple[Finding, ...]:
    """Return the findings that refuse, but for those that are waived; a run may find more.

    Args:
        author: The notebook as it is saved.
        gathered: The files that its last recorded run used.
        options: Of the export.
    """
    rules = with_waivers(settings_near(author.path.parent), options.waivers)
    files = export_findings(
        notebook=author,
        proofs=(),
        trace=Trace(),
        gathered=gathered,
        locked=Locked(packages=(), vendored=(), warnings=()),
        image=options.image,
    )
    found = (
        *unseeded(author.path, options.plan, rules),
        *as_project_decides(files, author, rules),
        *secret_findings(exposed_in_notebook(author, author.node), rules.reason(CODE, author.path)),
    )
    return tuple(each for each in found if each.code in REFUSING and each.severity != "info")
