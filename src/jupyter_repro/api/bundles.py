"""Bundles: written and verified."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jupyter_repro.records import SeedPlan
from jupyter_repro.rng.seeds import check_seed

if TYPE_CHECKING:
    import os
    import threading
    from collections.abc import Callable, Iterable, Mapping

    from jupyter_repro.bundle.export import Exported
    from jupyter_repro.bundle.progress import ExportEvent
    from jupyter_repro.records import Strictness
    from jupyter_repro.records.proof import Proof

__all__ = ["export", "prove", "verify"]


def export(  # noqa: PLR0913 - the settings of one export, all keyword-only
    notebook: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    seed: int | None = None,
    strictness: Strictness = "off",
    cell_timeout_s: float | None = None,
    allowed_secrets: Iterable[str] = (),
    calibrate: int = 0,
    profile: Literal["cpu", "gpu"] = "cpu",
    prove: bool = True,
    offline: bool = False,
    anonymous: bool = False,
    max_data: str | int = "1GB",
    addresses: Mapping[str, str] | None = None,
    include: Iterable[str] = (),
    claims: Iterable[str] = (),
    waive: Mapping[str, str] | None = None,
    image: str = "",
    sign: str = "",
    progress: Callable[[ExportEvent], None] | None = None,
    stop: threading.Event | None = None,
) -> Exported:
    """Run a notebook top to bottom in a fresh kernel and write its bundle.

    Args:
        notebook: The ``.ipynb`` file.
        output: The ``.zip`` file to write; an existing one is replaced when the new one is whole.
        seed: Seed for a notebook that does not load jupyter_repro itself.
        strictness: As :func:`seed`.
        cell_timeout_s: Longest time for one cell, in seconds; None sets no limit.
        allowed_secrets: Packed files, or lines of them, that look like a credential and are none: ``settings.py:12``.
        calibrate: How many more runs are made to learn what differs from run to run.
        profile: Which tolerance readers compare numbers with.
        prove: Whether the notebook is run; if not, the saved outputs are the reference, and the bundle says `not proven`.
        offline: Whether every wheel travels in the bundle.
        anonymous: Whether everything is left out that tells who the author is, for double-blind review.
        max_data: Bytes of data that are packed, or a text like ``500MB``; larger files go by address and digest.
        addresses: Where readers get files that are not packed, by path.
        include: Files to pack beside those that the run was seen to read.
        claims: What a paper says, tied to cells: ``cell 7: "Table 2, row 3" row="ResNet"``.
        waive: Reasons, by code, for exporting in spite of a finding: ``{"RP801": "cell 3 shows the time"}``.
        image: The base of the Dockerfile, ``python@sha256:...``; empty: that of the container you work in, else a tag.
        sign: What signs the bundle: a private key of ssh, or ``sigstore``; empty: it is not signed.
        progress: Called with each step and cell.
        stop: Set from another thread, it ends the export.

    Raises:
        ReproError: One of its kinds, with what, where and the remedy.
    """
    from jupyter_repro.bundle.export import ExportOptions
    from jupyter_repro.bundle.export import export as write
    from jupyter_repro.bundle.options import address_from, image_from, size_from, waiver_from

    plan = SeedPlan(seed=None if seed is None else check_seed(seed), strictness=strictness)
    options = ExportOptions(
        output=Path(output),
        prove=prove,
        offline=offline,
        anonymous=anonymous,
        max_data=size_from(max_data) if isinstance(max_data, str) else max_data,
        addresses=tuple(address_from(f"{path}={url}") for path, url in (addresses or {}).items()),
        include=tuple(include),
        claims=tuple(claims),
        waivers=tuple(waiver_from(f"{code}={why}") for code, why in (waive or {}).items()),
        image=image_from(image) if image else "",
        sign=sign,
        stop=stop,
        plan=plan,
        cell_timeout_s=cell_timeout_s,
        allowed_secrets=tuple(allowed_secrets),
        calibrate=calibrate,
        profile=profile,
        progress=progress,
    )
    return write(Path(notebook), options=options)


def verify(  # noqa: PLR0913 - the settings of one verification, all keyword-only
    bundle: str | os.PathLike[str],
    *,
    output: str | os.PathLike[str] | None = None,
    sandbox: str | None = None,
    network: bool = False,
    quick: bool = False,
    data: str | os.PathLike[str] | None = None,
    allowed_signers: str | os.PathLike[str] | None = None,
    cert_identity: str = "",
    cert_oidc_issuer: str = "",
    trust_config: str | os.PathLike[str] | None = None,
) -> dict[str, Any]:
    """Rebuild the bundle's environment, re-run its notebook, and return the report as plain data.

    The code of the bundle is run, in a bubblewrap sandbox unless you say otherwise. The report's format is described in docs/report-json.md; its
    ``exit_code`` is 0 only if every cell was reproduced.

    Args:
        bundle: The ``.repro.zip`` file.
        output: Folder for ``report.json`` and ``report.html``; None writes them beside the bundle.
        sandbox: ``required``, ``if-possible`` (without one where there is none, which the report says) or ``off``; None
            takes the variable ``JUPYTER_REPRO_SANDBOX``, or else ``required``.
        network: Whether the notebook may use the network.
        quick: Whether only the cells that the author tagged for it are run.
        data: Folder with files that the bundle only names.
        allowed_signers: A list of signers in the format of ``ssh-keygen``, one of whom must have signed the bundle.
        cert_identity: Who must have signed it with sigstore: a mail address, or the address of a workflow.
        cert_oidc_issuer: The service that vouches for that identity.
        trust_config: File with the trust configuration of a sigstore of your own; None takes the public one.

    Raises:
        RunFailed: There is no sandbox, and one is required.
        BadWord: ``sandbox`` is none of these, or one of identity and issuer is missing.
    """
    from jupyter_repro.bundle.verify import verify as run
    from jupyter_repro.errors import BadWord
    from jupyter_repro.verifier.errors import UsageFault
    from jupyter_repro.verifier.sigstore_check import Identity

    try:
        identity = Identity(
            cert_identity, cert_oidc_issuer, Path(trust_config) if trust_config is not None else None
        )
    except UsageFault as fault:
        raise BadWord(fault.message, remedy="give both `cert_identity` and `cert_oidc_issuer`") from fault
    return run(
        Path(bundle),
        output=Path(output) if output is not None else None,
        sandbox=sandbox,
        network=network,
        quick=quick,
        data=Path(data) if data is not None else None,
        allowed_signers=Path(allowed_signers) if allowed_signers is not None else None,
        identity=identity,
    )


def prove(  # noqa: PLR0913 - the settings of one proof, all keyword-only
    notebook: str | os.PathLike[str],
    *,
    seed: int | None = None,
    strictness: Strictness = "off",
    profile: Literal["cpu", "gpu"] = "cpu",
    cell_timeout_s: float | None = None,
    allowed: Iterable[str] = (),
    progress: Callable[[str], None] | None = None,
) -> Proof:
    """Run a notebook top to bottom in a fresh kernel, in a copy of its folder, and compare with what it shows.

    Args:
        notebook: The ``.ipynb`` file.
        seed: Seed for a notebook that does not load jupyter_repro itself.
        strictness: As :func:`seed`.
        profile: Which tolerance numbers are compared with.
        cell_timeout_s: Longest time for one cell, in seconds; None sets no limit.
        allowed: Folders outside the project that cells may write to.
        progress: Called with each step's name.

    Raises:
        ReproError: One of its kinds, with what, where and the remedy.
    """
    from jupyter_repro.shadow.proving import ProofOptions, Proving

    options = ProofOptions(
        plan=SeedPlan(seed=None if seed is None else check_seed(seed), strictness=strictness),
        profile=profile,
        cell_timeout_s=cell_timeout_s,
        allowed=tuple(map(str, allowed)),
    )
    return Proving(Path(notebook), options, progress or _silent).run()


def _silent(_step: str) -> None:
    """Take no notice of progress."""
