"""Verifying a bundle from Python: the program that travels in every bundle, called in place."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from jupyter_repro.canonical import write_atomic
from jupyter_repro.errors import RunFailed
from jupyter_repro.secrets import redacted
from jupyter_repro.verifier.consent import decide
from jupyter_repro.verifier.errors import UsageFault
from jupyter_repro.verifier.progress import Progress
from jupyter_repro.verifier.report_html import report_html
from jupyter_repro.verifier.sigstore_check import Identity
from jupyter_repro.verifier.terms import Terms
from jupyter_repro.verifier.verify import Options
from jupyter_repro.verifier.verify import verify as run

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["verify"]


def verify(  # noqa: PLR0913 - the settings of one verification, all keyword-only
    bundle: Path,
    *,
    output: Path | None = None,
    sandbox: str | None = None,
    network: bool = False,
    quick: bool = False,
    data: Path | None = None,
    allowed_signers: Path | None = None,
    identity: Identity | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Rebuild, re-run and compare; return the report, whose ``exit_code`` is 0 only for a reproduced bundle.

    What keeps it from a verdict (a tampered bundle, an environment that does not build) is told in the
    report too, with its exit code.

    Args:
        bundle: The ``.zip`` file.
        output: Folder for ``report.json`` and ``report.html``; None takes the bundle's own.
        sandbox: ``required``, ``if-possible`` or ``off``; None takes the variable ``JUPYTER_REPRO_SANDBOX``, or else
            ``required``.
        network: Whether the notebook may use the network.
        quick: Whether only the quick variant is run.
        data: Folder with files that the bundle only names.
        allowed_signers: A list of signers, one of whom must have signed the bundle.
        identity: Who must have signed it with sigstore.
        progress: Told of steps and cells; None: nobody is.

    Raises:
        RunFailed: There is no sandbox, and one is required.
        StorageFailed: The reports cannot be written.
    """
    try:
        terms = Terms(decide(sandbox, network=network, environ=os.environ))
    except UsageFault as fault:
        raise RunFailed(
            fault.message,
            remedy='install bubblewrap, or say `sandbox="off"` to run the code with your rights',
        ) from fault
    options = Options(
        bundle,
        terms,
        quick=quick,
        data=data,
        allowed_signers=allowed_signers,
        identity=identity or Identity(),
    )
    report: dict[str, Any] = redacted(run(options, progress or Progress(quiet=True)).to_json())
    folder = bundle.parent if output is None else output
    text = json.dumps(report, indent=2) + "\n"
    write_atomic(folder / "report.json", text.encode())
    write_atomic(folder / "report.html", report_html(report).encode("utf-8", "backslashreplace"))
    return report
