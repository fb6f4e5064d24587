"""A signature by sigstore: no key to keep; a certificate for minutes names the author, a public log keeps it."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord, ExportRefused

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["check_sigstore", "sigstore_signature_of"]

_TOKEN = "SIGSTORE_IDENTITY_TOKEN"  # noqa: S105 - the name of the variable that sigstore's own command reads
_ELSE = "or sign with a key of ssh (`--sign ~/.ssh/id_ed25519`)"


def check_sigstore(trust: Path | None) -> None:
    """Find out before the long run whether sigstore is installed and reached, and how it will know the author.

    Raises:
        BadWord: It is not installed, or the trust configuration is none.
        ExportRefused: It cannot be reached, or the author cannot be asked who they are.
    """
    _trust_config(trust)
    if not (_token() or sys.stdin.isatty()):
        raise ExportRefused(
            "sigstore asks in a browser who you are, and here is no terminal for it",
            remedy=f"export in a terminal, or set {_TOKEN}, {_ELSE}",
        )


def sigstore_signature_of(manifest: bytes, trust: Path | None) -> bytes:
    """Return the signature of a manifest in sigstore's own format.

    Raises:
        BadWord: It is not installed, or the trust configuration is none.
        ExportRefused: It could not be made.
    """
    config = _trust_config(trust)
    from sigstore.oidc import IdentityToken, Issuer
    from sigstore.sign import SigningContext

    try:
        raw = _token()
        token = IdentityToken(raw) if raw else Issuer(config.signing_config.get_oidc_url()).identity_token()
        with SigningContext.from_trust_config(config).signer(token) as signer:
            made: str = signer.sign_artifact(manifest).to_json()
    except Exception as error:
        raise ExportRefused(
            f"sigstore did not sign the bundle: {_said(error)}", remedy=f"export once more, {_ELSE}"
        ) from error
    return made.encode()


def _trust_config(trust: Path | None) -> Any:
    """Return whom sigstore trusts: the public instance, asked now, or a deployment that a file names."""
    try:
        from sigstore.models import ClientTrustConfig
    except ImportError as error:
        raise BadWord(
            "`sign=sigstore` needs the package sigstore", remedy='`pip install "jupyter_repro[sigstore]"`'
        ) from error
    logging.getLogger("sigstore").addHandler(logging.NullHandler())
    if trust is not None:
        try:
            return ClientTrustConfig.from_json(trust.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BadWord(
                f"`{trust}` is no trust configuration of sigstore",
                remedy="name a ClientTrustConfig in JSON, or write `sigstore` for the public instance",
            ) from error
    try:
        return ClientTrustConfig.production()
    except Exception as error:
        raise ExportRefused(
            f"sigstore cannot be reached: {_said(error)}", remedy=f"export where there is a network, {_ELSE}"
        ) from error


def _token() -> str:
    """Return the author's identity where the surroundings have one: a variable, or a CI service."""
    if given := os.environ.get(_TOKEN, ""):
        return given
    from sigstore.oidc import IdentityError, detect_credential

    try:
        return detect_credential() or ""
    except IdentityError:  # a CI service that was not told to give one
        return ""


def _said(error: BaseException) -> str:
    """Return what the library says; some of its errors keep that apart from their text."""
    said = str(error) or str(getattr(error, "message", "")) or str(error.__cause__ or "")
    return said.strip().partition("\n")[0][:200] or type(error).__name__
