"""The author's signature over the manifest: with the key of ssh that git users have already, or by sigstore."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.errors import BadWord, ExportRefused
from jupyter_repro.verifier.manifest import SIGNATURE, SIGSTORE
from jupyter_repro.verifier.signature import NAMESPACE

from .sigstore_signing import check_sigstore, sigstore_signature_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["check_signing", "signature_of", "signers"]

_TIMEOUT_S = 120.0


def check_signing(sign: str) -> None:
    """Find out before the long run whether what signs is there: the key and its program, or sigstore.

    Args:
        sign: A private key of ssh, ``sigstore``, or ``sigstore:FILE`` with the trust configuration of a deployment of
            one's own.

    Raises:
        BadWord: There is not.
        ExportRefused: Sigstore cannot be reached, or does not know who the author is.
    """
    by_sigstore, trust = _sigstore(sign)
    if by_sigstore:
        check_sigstore(trust)
        return
    if not Path(sign).expanduser().is_file():
        raise BadWord(
            f"there is no key `{sign}`",
            remedy="name a private key of ssh, `~/.ssh/id_ed25519`, or `sigstore`",
        )
    if shutil.which("ssh-keygen") is None:
        raise BadWord("`ssh-keygen` is not on PATH, and it signs", remedy="install OpenSSH")


def signers(sign: str) -> dict[str, Callable[[bytes], bytes]]:
    """Return what signs a manifest, by the member that holds the signature; nothing for an empty wish."""
    if not sign:
        return {}
    by_sigstore, trust = _sigstore(sign)
    if by_sigstore:
        return {SIGSTORE: lambda manifest: sigstore_signature_of(manifest, trust)}
    return {SIGNATURE: lambda manifest: signature_of(manifest, sign)}


def _sigstore(sign: str) -> tuple[bool, Path | None]:
    word, colon, trust = sign.partition(":")
    return word == "sigstore", Path(trust).expanduser() if colon and trust else None


def signature_of(manifest: bytes, key: str) -> bytes:
    """Return the signature of a manifest, as ``ssh-keygen -Y sign`` makes it.

    Raises:
        ExportRefused: It could not be made.
    """
    with tempfile.TemporaryDirectory(prefix="jr-sign-") as folder:
        file = Path(folder) / "manifest"
        file.write_bytes(manifest)
        command = ["ssh-keygen", "-Y", "sign", "-n", NAMESPACE, "-f", str(Path(key).expanduser()), str(file)]
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=_TIMEOUT_S)
            if done.returncode == 0:
                return file.with_suffix(".sig").read_bytes()
            said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        except (OSError, subprocess.TimeoutExpired) as error:
            said = [str(error)]
    raise ExportRefused(
        f"the bundle cannot be signed: {''.join(said) or 'ssh-keygen gave no message'}",
        remedy="add a key with a passphrase to the agent (`ssh-add`), or leave --sign out",
    )
