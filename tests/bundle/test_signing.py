"""A bundle that its author has signed, checked by OpenSSH against whom the reader trusts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.bundle.archive import text_member, write_bundle
from jupyter_repro.bundle.signing import check_signing, signature_of, signers
from jupyter_repro.errors import BadWord, ExportRefused
from jupyter_repro.verifier.archive import open_bundle
from jupyter_repro.verifier.errors import BundleRejected, SignerUnknown, UsageFault
from jupyter_repro.verifier.manifest import SIGNATURE, SIGSTORE
from jupyter_repro.verifier.signature import Signature, check_signer
from jupyter_repro.verifier.sigstore_check import Identity, Sigstore

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed")


def _key(folder: Path, name: str) -> Path:
    key = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(key)], check=True)
    return key


def _signed(folder: Path, key: Path | None) -> Path:
    path = folder / "x.zip"
    write_bundle(
        path, [text_member("a.txt", "1")], stage=folder, sign=signers("" if key is None else str(key))
    )
    return path


def _allowed(folder: Path, key: Path, *, options: str = "") -> Path:
    path = folder / "allowed"
    public = key.with_suffix(".pub").read_text()
    path.write_text(f"ada@engine.org {options}{' ' if options else ''}{public}")
    return path


def test_a_signer_is_known(tmp_path: Path) -> None:
    """The reader's name for the key is told; two signatures of one manifest are the same bytes."""
    key = _key(tmp_path, "ada")
    path = _signed(tmp_path, key)
    found = check_signer(open_bundle(path), _allowed(tmp_path, key))
    assert (found.signer, found.sentence()) == ("ada@engine.org", "signed by ada@engine.org")
    before = path.read_bytes()
    assert _signed(tmp_path, key).read_bytes() == before


def test_nobody_asks(tmp_path: Path) -> None:
    """Without a list nobody is vouched for."""
    assert check_signer(open_bundle(_signed(tmp_path, None)), None).sentence() == "not signed"
    signed = check_signer(open_bundle(_signed(tmp_path, _key(tmp_path, "ada"))), None)
    assert signed.signer == ""
    assert signed.signed


def test_whom_the_reader_does_not_trust(tmp_path: Path) -> None:
    """No signature, another key, and a key that has expired have an exit code of their own."""
    key, other = _key(tmp_path, "ada"), _key(tmp_path, "eve")
    with pytest.raises(SignerUnknown, match="not signed"):
        check_signer(open_bundle(_signed(tmp_path, None)), _allowed(tmp_path, key))
    with pytest.raises(SignerUnknown, match="nobody on your list"):
        check_signer(open_bundle(_signed(tmp_path, other)), _allowed(tmp_path, key))
    expired = _allowed(tmp_path, key, options='valid-before="20200101"')
    with pytest.raises(SignerUnknown) as caught:
        check_signer(open_bundle(_signed(tmp_path, key)), expired)
    assert caught.value.exit_code == 7
    with pytest.raises(UsageFault):
        check_signer(open_bundle(_signed(tmp_path, key)), tmp_path / "gone")


def test_a_signature_of_another_bundle(tmp_path: Path) -> None:
    """It does not fit, although the key is the right one."""
    key = _key(tmp_path, "ada")
    other = signature_of(b"0" * 64 + b"  b.txt\n", str(key))
    write_bundle(
        tmp_path / "y.zip",
        [text_member("a.txt", "1")],
        stage=tmp_path,
        sign={SIGNATURE: lambda _manifest: other},
    )
    with pytest.raises(SignerUnknown, match="is not over this bundle"):
        check_signer(open_bundle(tmp_path / "y.zip"), _allowed(tmp_path, key))


def test_a_manifest_cannot_name_its_signature(tmp_path: Path) -> None:
    """Nothing can pass for the signature by being listed."""
    with pytest.raises(ExportRefused, match="two files"):
        write_bundle(tmp_path / "z.zip", [text_member("MANIFEST.sha256.sig", "1")], stage=tmp_path)
    from jupyter_repro.verifier.manifest import parse_manifest

    with pytest.raises(BundleRejected, match="which it cannot"):
        parse_manifest(b"0" * 64 + b"  MANIFEST.sha256.sig\n")


def test_a_key_that_is_none(tmp_path: Path) -> None:
    """It is told before the long run, or with the words of ssh-keygen."""
    with pytest.raises(BadWord, match="there is no key"):
        check_signing(str(tmp_path / "gone"))
    (tmp_path / "bad").write_text("no key")
    (tmp_path / "bad").chmod(0o600)
    with pytest.raises(ExportRefused, match="cannot be signed"):
        signature_of(b"x", str(tmp_path / "bad"))


def test_sigstore_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An author is told how to get it, a reader too, and one who asks for nobody is told that nothing was checked."""
    monkeypatch.setitem(sys.modules, "sigstore", None)
    monkeypatch.setitem(sys.modules, "sigstore.models", None)
    monkeypatch.setitem(sys.modules, "sigstore.errors", None)
    with pytest.raises(BadWord, match="needs the package sigstore") as caught:
        check_signing("sigstore")
    assert "jupyter_repro[sigstore]" in caught.value.remedy
    path = tmp_path / "x.zip"
    write_bundle(path, [text_member("a.txt", "1")], stage=tmp_path, sign={SIGSTORE: lambda _manifest: b"{}"})
    with pytest.raises(UsageFault, match="not installed"):
        check_signer(open_bundle(path), None, Identity("ada@engine.org", "https://accounts.engine.org"))
    assert "not checked" in check_signer(open_bundle(path), None).sentence()


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (Sigstore("ada (vouched for by x)", asked=True), "signed by ada (vouched for by x)"),
        (
            Sigstore("ada (vouched for by x)", asked=True, stale=True),
            "signed by ada (vouched for by x), by roots of trust that could not be refreshed",
        ),
        (
            Sigstore("ada (vouched for by x)"),
            "signed by ada (vouched for by x), whom nobody asked for (--cert-identity, --cert-oidc-issuer)",
        ),
        (Sigstore(fault="which does not hold: why"), "a signature of sigstore, which does not hold: why"),
    ],
    ids=["asked for", "old roots", "not asked for", "a fault"],
)
def test_what_is_told_of_a_signature_by_sigstore(found: Sigstore, sentence: str) -> None:
    """Who, and what that rests on; beside a signature with a key, both are told."""
    assert found.sentence() == sentence
    assert Signature(signed=True, signer="eve", sigstore=found).sentence() == f"signed by eve; {sentence}"
