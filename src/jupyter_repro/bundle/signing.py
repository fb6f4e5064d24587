"""The author's signature over the manifest, with the key of ssh that git users have already."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from jupyter_repro.errors import BadWord, ExportRefused
from jupyter_repro.verifier.signature import NAMESPACE

__all__ = ["check_key", "signature_of"]

_TIMEOUT_S = 120.0


def check_key(key: str) -> None:
    """Find out before the long run whether there is a key, and what signs with it.

    Raises:
        BadWord: There is not.
    """
    if not Path(key).expanduser().is_file():
        raise BadWord(f"there is no key `{key}`", remedy="name a private key of ssh: `~/.ssh/id_ed25519`")
    if shutil.which("ssh-keygen") is None:
        raise BadWord("`ssh-keygen` is not on PATH, and it signs", remedy="install OpenSSH")


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
