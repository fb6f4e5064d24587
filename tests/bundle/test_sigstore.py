"""A bundle signed with sigstore: the real library, asked for real, against an instance of our own."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.bundle.archive import text_member, write_bundle
from jupyter_repro.bundle.signing import check_signing, signers
from jupyter_repro.errors import BadWord, ExportRefused
from jupyter_repro.verifier.archive import open_bundle
from jupyter_repro.verifier.errors import SignerUnknown, UsageFault
from jupyter_repro.verifier.manifest import SIGSTORE
from jupyter_repro.verifier.signature import check_signer
from jupyter_repro.verifier.sigstore_check import Identity

pytest.importorskip("sigstore", reason="`make formats` installs it")

sys.path.insert(0, str(Path(__file__).parent))
from sigstore_instance import ISSUER, running, token

sys.path.pop(0)

if TYPE_CHECKING:
    from collections.abc import Iterator

ADA = "ada@engine.org"


@pytest.fixture(autouse=True)
def _no_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SIGSTORE_IDENTITY_TOKEN", token(ADA))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the trust configuration of a running instance."""
    with running() as instance:
        path = tmp_path_factory.mktemp("trust") / "trust.json"
        path.write_text(instance.trust())
        yield path


def _signed(folder: Path, trust: Path, *, name: str = "x.zip", text: str = "1") -> Path:
    wish = f"sigstore:{trust}"
    check_signing(wish)
    write_bundle(folder / name, [text_member("a.txt", text)], stage=folder, sign=signers(wish))
    return folder / name


def test_a_signer_is_asked_for(tmp_path: Path, trust: Path) -> None:
    """Identity and issuer are those of the certificate."""
    found = check_signer(open_bundle(_signed(tmp_path, trust)), None, Identity(ADA, ISSUER, trust))
    assert found.sentence() == f"signed by {ADA} (vouched for by {ISSUER})"


def test_nobody_is_asked_for(tmp_path: Path, trust: Path) -> None:
    """The name is told, and that nobody asked for it."""
    found = check_signer(open_bundle(_signed(tmp_path, trust)), None, Identity(trust=trust))
    assert found.sentence() == (
        f"signed by {ADA} (vouched for by {ISSUER}), whom nobody asked for (--cert-identity, --cert-oidc-issuer)"
    )


@pytest.mark.parametrize(
    ("identity", "issuer"),
    [("eve@engine.org", ISSUER), (ADA, "https://accounts.elsewhere.org")],
    ids=["who", "voucher"],
)
def test_somebody_else_is_asked_for(tmp_path: Path, trust: Path, identity: str, issuer: str) -> None:
    """Another name, or another service that vouches for the name, has an exit code of its own."""
    with pytest.raises(SignerUnknown, match=f"{identity} has not signed") as caught:
        check_signer(open_bundle(_signed(tmp_path, trust)), None, Identity(identity, issuer, trust))
    assert caught.value.exit_code == 7


def test_a_signature_of_another_bundle(tmp_path: Path, trust: Path) -> None:
    """It does not hold, asked for or not."""
    other = open_bundle(_signed(tmp_path, trust, text="2")).sigstore
    path = tmp_path / "y.zip"
    write_bundle(path, [text_member("a.txt", "1")], stage=tmp_path, sign={SIGSTORE: lambda _manifest: other})
    with pytest.raises(SignerUnknown, match="has not signed"):
        check_signer(open_bundle(path), None, Identity(ADA, ISSUER, trust))
    assert "which does not hold" in check_signer(open_bundle(path), None, Identity(trust=trust)).sentence()


def test_an_instance_that_nobody_trusts(tmp_path: Path, trust: Path) -> None:
    """By the roots of the public instance, which the library brings, a made-up authority vouches for nobody."""
    found = check_signer(open_bundle(_signed(tmp_path, trust)), None)
    assert "which does not hold" in found.sentence()
    assert ADA not in found.sentence()


def test_a_changed_log_entry(tmp_path: Path, trust: Path) -> None:
    """A signature that no log holds is none."""
    signature = json.loads(open_bundle(_signed(tmp_path, trust)).sigstore)
    signature["verificationMaterial"]["tlogEntries"][0]["integratedTime"] = "1700000000"
    changed = json.dumps(signature).encode()
    path = tmp_path / "y.zip"
    write_bundle(
        path, [text_member("a.txt", "1")], stage=tmp_path, sign={SIGSTORE: lambda _manifest: changed}
    )
    with pytest.raises(SignerUnknown):
        check_signer(open_bundle(path), None, Identity(ADA, ISSUER, trust))


@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"\xff", b"[" * 100_000, b"1" * 300_000],
    ids=["empty", "fields", "bytes", "deep", "big"],
)
def test_what_is_no_signature(tmp_path: Path, trust: Path, raw: bytes) -> None:
    """Whatever stands there, the answer is one of ours."""
    path = tmp_path / "y.zip"
    write_bundle(path, [text_member("a.txt", "1")], stage=tmp_path, sign={SIGSTORE: lambda _manifest: raw})
    with pytest.raises(SignerUnknown):
        check_signer(open_bundle(path), None, Identity(ADA, ISSUER, trust))
    assert (
        check_signer(open_bundle(path), None, Identity(trust=trust))
        .sentence()
        .startswith(("a signature", "not signed"))
    )


def test_a_home_that_cannot_be_written_to(
    tmp_path: Path, trust: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library keeps its roots of trust there; without one nothing is checked, which is said."""
    path = _signed(tmp_path, trust)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    assert "not checked: sigstore has no roots of trust" in check_signer(open_bundle(path), None).sentence()
    with pytest.raises(UsageFault, match="no roots of trust here"):
        check_signer(open_bundle(path), None, Identity(ADA, ISSUER))


def test_half_an_identity() -> None:
    """A name means nothing without the service that vouches for it."""
    with pytest.raises(UsageFault, match="together"):
        Identity(ADA)


def test_a_trust_configuration_that_is_none(tmp_path: Path, trust: Path) -> None:
    """It is told before the long run, and to the reader."""
    (tmp_path / "no.json").write_text("{}")
    with pytest.raises(BadWord, match="no trust configuration"):
        check_signing(f"sigstore:{tmp_path / 'no.json'}")
    path = _signed(tmp_path, trust)
    with pytest.raises(UsageFault, match="no trust configuration"):
        check_signer(open_bundle(path), None, Identity(ADA, ISSUER, tmp_path / "no.json"))


def test_nobody_can_be_asked(trust: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a token and without a terminal the export ends before the long run."""
    monkeypatch.delenv("SIGSTORE_IDENTITY_TOKEN")
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "BUILDKITE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(ExportRefused, match="no terminal"):
        check_signing(f"sigstore:{trust}")


def test_a_token_that_has_ended(trust: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What sigstore says is told, with what else can be done."""
    monkeypatch.setenv("SIGSTORE_IDENTITY_TOKEN", token(ADA, seconds=-60))
    with pytest.raises(ExportRefused, match="did not sign") as caught:
        signers(f"sigstore:{trust}")[SIGSTORE](b"x")
    assert "ssh" in caught.value.remedy
