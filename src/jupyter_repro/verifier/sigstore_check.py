"""Who signed a bundle with sigstore: checked by the package of that name, where the reader has it.

Nothing of it is imported before a bundle with such a signature is looked at, so that the verifier needs the standard
library alone.
"""

from __future__ import annotations

import dataclasses
import logging
from typing import TYPE_CHECKING, Any

from .errors import SignerUnknown, UsageFault, VerifierError
from .progress import shown

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Identity", "Sigstore", "signed_with_sigstore"]

_MOST_BYTES = 1 << 18
_INSTALL = "`pip install sigstore`, or `uv run --with sigstore paper.repro.zip ...`"
_ISSUERS = ("1.3.6.1.4.1.57264.1.8", "1.3.6.1.4.1.57264.1.1")
"""Where Fulcio writes the issuer into a certificate, the newer place first."""


@dataclasses.dataclass(frozen=True)
class Identity:
    """Whom the reader asks for, by the certificate of the signer."""

    identity: str = ""
    """A mail address, or the address of a workflow; empty: nobody is asked for."""
    issuer: str = ""
    """The service that vouches for it."""
    trust: Path | None = None
    """A trust configuration instead of that of the public instance."""

    def __post_init__(self) -> None:
        """Refuse a half."""
        if bool(self.identity) != bool(self.issuer):
            raise UsageFault(
                "an identity is one only together with the service that vouches for it",
                remedy="give both --cert-identity and --cert-oidc-issuer",
            )


@dataclasses.dataclass(frozen=True)
class Sigstore:
    """What is known of a signature by sigstore."""

    signer: str = ""
    """Identity and issuer, as the certificate has them."""
    asked: bool = False
    """Whether the reader asked for this signer, and the signature holds."""
    fault: str = ""
    """Why it shows nothing."""
    stale: bool = False
    """Whether the roots of trust could not be refreshed."""

    def sentence(self) -> str:
        """Return it in words."""
        if self.fault:
            return f"a signature of sigstore, {self.fault}"
        roots = ", by roots of trust that could not be refreshed" if self.stale else ""
        if self.asked:
            return f"signed by {self.signer}{roots}"
        return f"signed by {self.signer}{roots}, whom nobody asked for (--cert-identity, --cert-oidc-issuer)"


def signed_with_sigstore(signature: bytes, manifest: bytes, asked: Identity) -> Sigstore:
    """Return who signed a manifest; the network is asked for roots of trust only if a signer is asked for.

    Raises:
        UsageFault: A signer is asked for, and sigstore is not installed, or the trust configuration is none.
        SignerUnknown: A signer is asked for, and has not signed this manifest.
    """
    if asked.identity and not signature:
        raise SignerUnknown(
            "the bundle is not signed with sigstore",
            remedy="ask the author to export it with --sign sigstore",
        )
    try:
        verifier, stale = _verifier(asked)
    except ImportError as error:
        if asked.identity:
            raise UsageFault(
                "sigstore is not installed, and it checks its signatures", remedy=_INSTALL
            ) from error
        return Sigstore(fault="not checked: the package sigstore is not installed")
    except VerifierError:
        raise
    except Exception as error:  # a home that cannot be written to, a root of trust that has ended
        said = shown(str(error) or type(error).__name__, most=200)
        if asked.identity:
            raise UsageFault(
                f"sigstore has no roots of trust here: {said}",
                remedy="give it a network and a home folder that it can write to, or name them with --trust-config",
            ) from error
        return Sigstore(fault=f"not checked: sigstore has no roots of trust here ({said})")
    try:
        found = _read(signature)
        verifier.verify_artifact(manifest, found, _policy(asked))
        return Sigstore(_signer(found.signing_certificate), asked=bool(asked.identity), stale=stale)
    except Exception as error:  # the file is a stranger's, and the library raises many kinds
        said = shown(str(error) or type(error).__name__, most=200)
        if asked.identity:
            raise SignerUnknown(
                f"{shown(asked.identity)} has not signed this bundle: {said}",
                remedy="ask the author for the file again, and who signed it",
            ) from error
        return Sigstore(fault=f"which does not hold: {said}")


def _verifier(asked: Identity) -> tuple[Any, bool]:
    """Return what verifies, and whether its roots of trust are only those that were here already."""
    from sigstore.errors import TUFError
    from sigstore.models import ClientTrustConfig
    from sigstore.verify import Verifier

    logging.getLogger("sigstore").addHandler(logging.NullHandler())
    if asked.trust is not None:
        try:
            config = ClientTrustConfig.from_json(asked.trust.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UsageFault(
                f"`{asked.trust}` is no trust configuration of sigstore",
                remedy="name a ClientTrustConfig in JSON",
            ) from error
        return Verifier(trusted_root=config.trusted_root), False
    if not asked.identity:
        return Verifier.production(offline=True), False
    try:
        return Verifier.production(), False
    except TUFError:
        return Verifier.production(offline=True), True


def _read(signature: bytes) -> Any:
    from sigstore.models import Bundle

    if len(signature) > _MOST_BYTES:
        raise ValueError("it is too big")
    return Bundle.from_json(signature)


def _policy(asked: Identity) -> Any:
    from sigstore.verify import policy

    if asked.identity:
        return policy.Identity(identity=asked.identity, issuer=asked.issuer)
    return policy.UnsafeNoOp()


def _signer(certificate: Any) -> str:
    from cryptography import x509

    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    who = ", ".join(str(name.value) for name in names if isinstance(name.value, str))
    held = {each.oid.dotted_string: each.value for each in certificate.extensions}
    raw = next((held[oid].value for oid in _ISSUERS if oid in held), b"")
    # the newer place holds a DER string: tag, length, text
    issuer = raw[2:] if raw[:1] == b"\x0c" else raw
    return f"{shown(who or 'nobody named')} (vouched for by {shown(issuer.decode('utf-8', 'replace'))})"
