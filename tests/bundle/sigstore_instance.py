"""A sigstore of our own on this machine: its certificate authority, its two logs, and the file that says to trust them.

The public instance cannot be asked from a test. The library, its formats and all its checks are the real ones; made up
are the two servers, of which each does what the library asks of it once.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

ISSUER = "https://accounts.engine.org"
_SCTS = ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
_ISSUER_PLACES = (ObjectIdentifier("1.3.6.1.4.1.57264.1.1"), ObjectIdentifier("1.3.6.1.4.1.57264.1.8"))
_USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign",
    "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class _Key:
    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.public = self.private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.id = hashlib.sha256(self.public).digest()

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data, ec.ECDSA(hashes.SHA256()))


def token(identity: str, *, issuer: str = ISSUER, seconds: int = 600) -> str:
    """Return a token as an identity service gives it; sigstore leaves its signature to the authority."""
    now = int(dt.datetime.now(dt.timezone.utc).timestamp())
    claims = {"iss": issuer, "sub": identity, "aud": "sigstore", "iat": now - 1, "exp": now + seconds}
    parts = ({"alg": "HS256", "typ": "JWT"}, claims)
    written = [base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in parts]
    return ".".join((*written, "c2ln"))


class Instance:
    """Authority, log of certificates and log of signatures."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.authority, self.certificates, self.signatures = _Key(), _Key(), _Key()
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "made-up authority")])
        self.start = dt.datetime.now(dt.timezone.utc) - dt.timedelta(days=1)
        self.root = (
            self._builder(self.name, self.authority.private.public_key(), days=30)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
            .sign(self.authority.private, hashes.SHA256())
        )

    def _builder(self, subject: x509.Name, key: Any, *, days: float) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.start)
            .not_valid_after(self.start + dt.timedelta(days=days))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.authority.private.public_key()),
                critical=False,
            )
        )

    def certify(self, asked: dict[str, Any], raw_token: str) -> dict[str, Any]:
        """Answer as Fulcio does: a certificate for a moment, which the log of certificates has promised to hold."""
        claims = json.loads(base64.urlsafe_b64decode(raw_token.split(".")[1] + "=="))
        request = x509.load_pem_x509_csr(base64.b64decode(asked["certificateSigningRequest"]))
        issuer = claims["iss"].encode()
        builder = (
            self._builder(x509.Name([]), request.public_key(), days=2)
            .add_extension(_usage("digital_signature"), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
            .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(claims["sub"])]), critical=True)
        )
        for place, value in zip(
            _ISSUER_PLACES, (issuer, b"\x0c" + bytes([len(issuer)]) + issuer), strict=True
        ):
            builder = builder.add_extension(x509.UnrecognizedExtension(place, value), critical=False)
        early = builder.sign(self.authority.private, hashes.SHA256()).tbs_certificate_bytes
        promise = self._promise(early)
        made = builder.add_extension(x509.UnrecognizedExtension(_SCTS, promise), critical=False).sign(
            self.authority.private, hashes.SHA256()
        )
        chain = [each.public_bytes(serialization.Encoding.PEM).decode() for each in (made, self.root)]
        return {"signedCertificateEmbeddedSct": {"chain": {"certificates": chain}}}

    def _promise(self, certificate: bytes) -> bytes:
        """Return a signed certificate timestamp (RFC 6962, 3.2) as the extension holds it."""
        when = struct.pack("!Q", int(dt.datetime.now(dt.timezone.utc).timestamp()) * 1000)
        entry = self.authority.id + struct.pack("!I", len(certificate))[1:] + certificate
        signed = self.certificates.sign(b"\0\0" + when + b"\0\1" + entry + b"\0\0")
        one = (
            b"\0" + self.certificates.id + when + b"\0\0" + b"\4\3" + struct.pack("!H", len(signed)) + signed
        )
        listed = struct.pack("!HH", len(one) + 2, len(one)) + one
        return b"\x04" + bytes([len(listed)]) + listed

    def enter(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer as Rekor does: the entry is the first and only one of its log."""
        body = json.dumps(asked, sort_keys=True, separators=(",", ":")).encode()
        root = hashlib.sha256(b"\0" + body).digest()
        note = f"made-up log - 1\n1\n{_b64(root)}\n"
        signed = _b64(self.signatures.id[:4] + self.signatures.sign(note.encode()))
        entry = {
            "body": _b64(body),
            "integratedTime": int(dt.datetime.now(dt.timezone.utc).timestamp()),
            "logID": self.signatures.id.hex(),
            "logIndex": 0,
        }
        promise = self.signatures.sign(json.dumps(entry, sort_keys=True, separators=(",", ":")).encode())
        proof = {
            "logIndex": 0, "treeSize": 1, "rootHash": root.hex(), "hashes": [],
            "checkpoint": f"{note}\n\u2014 made-up {signed}\n",
        }  # fmt: skip
        verification = {"signedEntryTimestamp": _b64(promise), "inclusionProof": proof}
        return {"0" * 64: {**entry, "verification": verification}}

    def trust(self) -> str:
        """Return the trust configuration that names all three."""
        since = {"start": self.start.strftime("%Y-%m-%dT%H:%M:%SZ")}
        service = {"url": self.url, "majorApiVersion": 1, "validFor": since, "operator": "us"}
        root = _b64(self.root.public_bytes(serialization.Encoding.DER))
        return json.dumps({
            "mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
            "trustedRoot": {
                "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
                "tlogs": [_log(self.url, self.signatures, since)],
                "ctlogs": [_log(self.url, self.certificates, since)],
                "certificateAuthorities": [{
                    "subject": {"organization": "us", "commonName": "made-up authority"}, "uri": self.url,
                    "certChain": {"certificates": [{"rawBytes": root}]}, "validFor": since,
                }],
            },
            "signingConfig": {
                "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
                "caUrls": [service], "oidcUrls": [service], "rekorTlogUrls": [service], "tsaUrls": [],
                "rekorTlogConfig": {"selector": "ANY"}, "tsaConfig": {"selector": "ANY"},
            },
        })  # fmt: skip


def _usage(*names: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in names for name in _USAGES})


def _log(url: str, key: _Key, since: dict[str, str]) -> dict[str, Any]:
    public = {"rawBytes": _b64(key.public), "keyDetails": "PKIX_ECDSA_P256_SHA_256", "validFor": since}
    return {
        "baseUrl": url,
        "hashAlgorithm": "SHA2_256",
        "publicKey": public,
        "logId": {"keyId": _b64(key.id)},
    }


class _Handler(BaseHTTPRequestHandler):
    instance: Instance

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/api/v2/signingCert":
            answer = self.instance.certify(asked, self.headers["Authorization"].partition(" ")[2])
        else:
            answer = self.instance.enter(asked)
        data = json.dumps(answer).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def running() -> AbstractContextManager[Instance]:
    """Serve an instance on this machine as long as the context lasts."""
    import contextlib

    @contextlib.contextmanager
    def serve() -> Iterator[Instance]:
        with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
            _Handler.instance = Instance(f"http://127.0.0.1:{server.server_address[1]}")
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                yield _Handler.instance
            finally:
                server.shutdown()
                thread.join()

    return serve()
