"""Who wrote a bundle: signatures over the manifest, checked by OpenSSH or sigstore against whom the reader names.

A manifest alone shows that nothing was changed since it was written, not who wrote it.
"""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import SignerUnknown, UsageFault
from .progress import shown
from .sigstore_check import Identity, Sigstore, signed_with_sigstore

if TYPE_CHECKING:
    from .archive import Bundle

__all__ = ["NAMESPACE", "Signature", "check_signer"]

NAMESPACE = "jupyter-repro"

_TIMEOUT_S = 60.0
_MOST_BYTES = 1 << 16


@dataclasses.dataclass(frozen=True)
class Signature:
    """What is known of the author."""

    signed: bool
    """Whether there is a signature by a key of ssh."""
    signer: str = ""
    """The name under which the reader's list has the key; empty: nobody was asked."""
    sigstore: Sigstore | None = None
    """What a signature by sigstore shows, where there is one."""

    def sentence(self) -> str:
        """Return it in words."""
        found = []
        if self.signer:
            found.append(f"signed by {shown(self.signer)}")
        elif self.signed:
            found.append("signed, and nobody was asked by whom (--allowed-signers FILE)")
        if self.sigstore is not None:
            found.append(self.sigstore.sentence())
        return "; ".join(found) or "not signed"


def check_signer(bundle: Bundle, allowed: Path | None, identity: Identity | None = None) -> Signature:
    """Return who signed a bundle.

    Args:
        bundle: With its manifest and, perhaps, signatures.
        allowed: The reader's list of signers, in the format of ``ssh-keygen``; None: it is not asked.
        identity: Who must have signed with sigstore.

    Raises:
        UsageFault: There is no such list, or no program or package that checks.
        SignerUnknown: Somebody is asked for, and has not signed this manifest.
    """
    asked = identity or Identity()
    signer = "" if allowed is None else _listed(bundle, allowed)
    sigstore = None
    if bundle.sigstore or asked.identity:
        sigstore = signed_with_sigstore(bundle.sigstore, bundle.manifest, asked)
    return Signature(bool(bundle.signature), signer, sigstore)


def _listed(bundle: Bundle, allowed: Path) -> str:
    """Return the name of who has signed with a key on the list."""
    if not allowed.is_file():
        raise UsageFault(f"there is no file `{allowed}`", remedy="name a list of allowed signers")
    if shutil.which("ssh-keygen") is None:
        raise UsageFault("`ssh-keygen` is not on PATH, and it checks signatures", remedy="install OpenSSH")
    if not bundle.signature:
        raise SignerUnknown(
            "the bundle is not signed with a key of ssh", remedy="ask the author to export it with --sign"
        )
    if len(bundle.signature) > _MOST_BYTES:
        raise SignerUnknown(
            "what should be the signature is none", remedy="ask the author for the file again"
        )
    with tempfile.TemporaryDirectory(prefix="repro-signer-") as folder:
        file = Path(folder) / "manifest.sig"
        file.write_bytes(bundle.signature)
        named = _ssh_keygen(["find-principals", "-f", str(allowed), "-s", str(file)])
        for signer in named.splitlines():
            words = ["verify", "-f", str(allowed), "-I", signer, "-n", NAMESPACE, "-s", str(file)]
            if _ssh_keygen(words, content=bundle.manifest):
                return signer
    raise SignerUnknown(
        "nobody on your list of allowed signers has signed this bundle" if not named else
        f"the signature of {shown(named.splitlines()[0])} is not over this bundle, or the key has expired",
        remedy="ask the author for the file again, or add the key to the list after you have checked it",
    )  # fmt: skip


def _ssh_keygen(words: list[str], *, content: bytes = b"") -> str:
    """Return what it says, empty if it fails."""
    try:
        done = subprocess.run(
            ["ssh-keygen", "-Y", *words], input=content, capture_output=True, check=False, timeout=_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else ""
