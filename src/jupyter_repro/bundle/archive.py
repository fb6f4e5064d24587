"""A zip with the same bytes for the same members, whole or absent."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from pathlib import Path  # noqa: TC003 - msgspec resolves the field types at run time
from typing import IO, TYPE_CHECKING

import msgspec

from jupyter_repro.canonical.write import replacing, storage_failed
from jupyter_repro.digest import file_digest
from jupyter_repro.errors import BadWord, ExportRefused
from jupyter_repro.verifier.archive import open_bundle
from jupyter_repro.verifier.errors import BundleRejected
from jupyter_repro.verifier.manifest import SIGNATURE, SIGSTORE, format_manifest

from .layout import MANIFEST, ZIP_DATE
from .stopping import go_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Signers = Mapping[str, Callable[[bytes], bytes]]
    """By member: what returns the signature of a manifest."""

__all__ = ["Member", "check_output", "file_member", "text_member", "write_bundle"]

_CHUNK = 1 << 20


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a bundle, with the digest it must have."""

    name: str
    source: bytes | Path
    sha256: str


def text_member(name: str, data: bytes | str) -> Member:
    """Return a member made in memory."""
    raw = data.encode() if isinstance(data, str) else data
    return Member(name=name, source=raw, sha256=hashlib.sha256(raw).hexdigest())


def file_member(name: str, path: Path, *, sha256: str | None = None) -> Member:
    """Return a member copied from a file; ``sha256`` is what the file held when it was used.

    Raises:
        OSError: The file cannot be read.
    """
    return Member(name=name, source=path, sha256=sha256 or file_digest(path)[0])


def write_bundle(
    path: Path,
    members: Iterable[Member],
    *,
    stage: Path,
    sign: Signers | None = None,
    check: Callable[[Path], None] | None = None,
) -> str:
    """Write the bundle and return its id, the digest of its manifest.

    The order of names, dates, modes and the absence of compression are fixed, so that the bytes follow
    from the members alone, on any machine. An older bundle at ``path`` stays whole until the new one is
    complete and the verifier's own check accepts it.

    Args:
        path: The ``.zip`` to write.
        members: Everything but the manifest, each name once.
        stage: A folder for the zip while it is made.
        check: Looks through the finished file, and raises where it must not be written.
        sign: Who signs the manifest; None: nobody.

    Raises:
        ExportRefused: Two members share a name, a name fits no other system, or a file changed since
            its digest was taken.
        StorageFailed: The file cannot be written.
    """
    staged = stage / "bundle.zip"
    try:
        with zipfile.ZipFile(staged, "w", zipfile.ZIP_STORED) as archive:
            for member in _with_manifest(members, sign or {}):
                _add(archive, member)
        made = open_bundle(staged)
        if check is not None:
            check(staged)
    except BundleRejected as error:
        raise ExportRefused(
            f"no reader would accept this bundle: {error.message}", remedy="rename that file, or leave it out"
        ) from error
    except OSError as error:
        raise storage_failed(staged, error) from error
    with replacing(path) as out, staged.open("rb") as source:
        shutil.copyfileobj(source, out, _CHUNK)
    staged.unlink()
    return made.id


def _with_manifest(members: Iterable[Member], sign: Signers) -> list[Member]:
    ordered: dict[str, Member] = {}
    for member in members:
        if member.name in ordered or member.name in {MANIFEST, SIGNATURE, SIGSTORE}:
            raise ExportRefused(
                f"two files would both be `{member.name}` in the bundle", remedy="rename one of them"
            )
        ordered[member.name] = member
    manifest = format_manifest({name: member.sha256 for name, member in ordered.items()})
    ordered[MANIFEST] = text_member(MANIFEST, manifest)
    for name, signature_of in sign.items():
        ordered[name] = text_member(name, signature_of(manifest))
    return [ordered[name] for name in sorted(ordered)]


def _add(archive: zipfile.ZipFile, member: Member) -> None:
    entry = zipfile.ZipInfo(member.name, ZIP_DATE)
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    digest = hashlib.sha256()
    with _opened(member) as source:
        entry.file_size = source.seek(0, io.SEEK_END)  # zipfile then knows whether it needs ZIP64
        source.seek(0)
        with archive.open(entry, "w") as target:
            while chunk := source.read(_CHUNK):
                go_on()
                digest.update(chunk)
                target.write(chunk)
    if digest.hexdigest() != member.sha256:
        raise ExportRefused(
            f"`{member.name}` changed while the bundle was being written", remedy="export once more"
        )


def _opened(member: Member) -> IO[bytes]:
    if isinstance(member.source, bytes):
        return io.BytesIO(member.source)
    try:
        return member.source.open("rb")
    except OSError as error:
        raise ExportRefused(
            f"`{member.source}` cannot be read ({error.strerror})", remedy="export once more"
        ) from error


def check_output(path: Path) -> None:
    """Find out before the long run whether the bundle can be written.

    Raises:
        BadWord: Its name does not end in ``.zip``.
        StorageFailed: It cannot.
    """
    if path.suffix != ".zip":
        raise BadWord(f"`{path.name}` does not end in .zip", remedy="call it, say, `paper.repro.zip`")
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise storage_failed(path, error) from error
