"""Reading a zip that may be hostile: everything is checked before anything is written.

A bundle is accepted only if its central directory, its local headers and its manifest tell the same story,
every name is harmless, nothing overlaps, and every member's bytes have the digest that the manifest names.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from . import manifest
from .errors import BundleRejected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Bundle", "Caps", "extract", "open_bundle", "place_in"]

_CHUNK = 1 << 20
_BAD_CHARACTERS = re.compile(r'[\\:*?"<>|\x00-\x1f\x7f]')
_SURROGATE = re.compile("[\ud800-\udfff]")
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$", re.IGNORECASE)
_REFUSED_FOLDERS = frozenset((".git", ".hg", ".svn", ".ssh"))
_END_RECORD = 22
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")


@dataclasses.dataclass(frozen=True)
class Caps:
    """How much a bundle may hold."""

    entries: int = 20_000
    member_bytes: int = 8 << 30
    total_bytes: int = 32 << 30
    ratio: int = 200
    """Largest factor by which a member larger than a mebibyte may grow."""
    name_bytes: int = 512
    json_bytes: int = 256 << 20


@dataclasses.dataclass(frozen=True)
class Bundle:
    """A bundle whose every byte has been checked."""

    path: Path
    id: str
    digests: dict[str, str]
    """Member -> SHA-256, without the manifest itself."""
    sizes: dict[str, int]
    manifest: bytes = b""
    signature: bytes = b""
    """Over the manifest, by a key of ssh; empty if there is none."""
    sigstore: bytes = b""
    """The same by sigstore."""

    def read(self, member: str) -> bytes:
        """Return the bytes of a member, checked again.

        Raises:
            BundleRejected: There is no such member, or the file changed since it was opened.
        """
        if member not in self.digests:
            raise BundleRejected("missing member", f"the bundle has no `{member}`")
        with zipfile.ZipFile(self.path) as archive:
            data = b"".join(_chunks(archive, archive.getinfo(member), Caps()))
        if hashlib.sha256(data).hexdigest() != self.digests[member]:
            raise BundleRejected("digest", f"`{member}` has changed while it was read")
        return data

    def read_json(self, member: str) -> Any:
        """Return a member that is JSON.

        Raises:
            BundleRejected: It is not, or is nested too deeply.
        """
        return parse_json(self.read(member), member)


def parse_json(data: bytes, name: str) -> Any:
    """Parse JSON of bounded size; the parser itself bounds the depth.

    Raises:
        BundleRejected: It is neither.
    """
    if len(data) > Caps().json_bytes:
        raise BundleRejected("too big", f"`{name}` is too big to be read")
    try:
        return json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BundleRejected("not JSON", f"`{name}` is not JSON, or is nested too deeply") from error


def open_bundle(path: Path, *, caps: Caps | None = None) -> Bundle:
    """Check every byte of a bundle and return its table of contents. Nothing is written.

    Raises:
        BundleRejected: With a reason word and a sentence.
    """
    caps = caps or Caps()
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            _check_table(path, archive, infos, caps)
            _check_layout(path, archive, infos)
            digests = {info.filename: _digest(archive, info, caps) for info in infos}
            raw, signed, sigstore = (
                archive.read(name) if name in digests else b""
                for name in (manifest.NAME, manifest.SIGNATURE, manifest.SIGSTORE)
            )
    except FileNotFoundError as error:
        raise BundleRejected("no file", f"there is no file `{path}`", remedy="check the path") from error
    except IsADirectoryError as error:
        raise BundleRejected("no file", f"`{path}` is a folder", remedy="name the .zip file") from error
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        EOFError,
        struct.error,
        ValueError,
    ) as error:
        raise BundleRejected(
            "damaged", f"`{path.name}` is no zip file, or is cut off or damaged ({error})"
        ) from error
    except (NotImplementedError, RuntimeError) as error:
        raise BundleRejected(
            "unsupported", f"`{path.name}` uses a zip feature that is not allowed ({error})"
        ) from error
    except OSError as error:
        raise BundleRejected(
            "unreadable", f"`{path}` cannot be read: {error}", remedy="check the file"
        ) from error
    sizes = {info.filename: info.file_size for info in infos}
    return dataclasses.replace(
        _agree(path, raw, digests, sizes), manifest=raw, signature=signed, sigstore=sigstore
    )


def _agree(path: Path, raw: bytes, digests: dict[str, str], sizes: dict[str, int]) -> Bundle:
    if not raw:
        raise BundleRejected("no manifest", f"`{path.name}` has no {manifest.NAME}: it is not a bundle")
    named = manifest.parse_manifest(raw)
    own = (manifest.NAME, manifest.SIGNATURE, manifest.SIGSTORE)  # signatures are over it, so not in it
    found = {name: digest for name, digest in digests.items() if name not in own}
    if missing := sorted(named.keys() - found.keys()):
        raise BundleRejected("missing member", f"`{missing[0]}` is in the manifest and not in the bundle")
    if extra := sorted(found.keys() - named.keys()):
        raise BundleRejected("unlisted member", f"`{extra[0]}` is in the bundle and not in the manifest")
    if changed := sorted(name for name in named if named[name] != found[name]):
        more = f" (and {len(changed) - 1} more)" if len(changed) > 1 else ""
        raise BundleRejected(
            "digest", f"`{changed[0]}`{more} is not what the author packed: its digest differs"
        )
    return Bundle(path, manifest.bundle_id(raw), named, {name: sizes[name] for name in named})


def _check_table(path: Path, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], caps: Caps) -> None:
    if archive.comment:
        raise BundleRejected("comment", "the zip carries a comment, which no bundle has")
    # the comment is empty, so the end record is the end of the file
    with path.open("rb") as file:
        file.seek(-_END_RECORD, os.SEEK_END)
        if file.read(4) != b"PK\x05\x06":
            raise BundleRejected("hidden bytes", "there are bytes after the end of the zip")
    if len(infos) > caps.entries:
        raise BundleRejected(
            "too many members", f"it has {len(infos)} members, at most {caps.entries} are allowed"
        )
    if sum(info.file_size for info in infos) > caps.total_bytes:
        raise BundleRejected("too big", "it unpacks to more than is allowed")
    seen: dict[str, str] = {}
    for info in infos:
        _check_name(info, caps)
        _check_kind(info, caps)
        twin = seen.setdefault(unicodedata.normalize("NFC", info.filename).casefold(), info.filename)
        if twin is not info.filename:
            raise BundleRejected(
                "duplicate name", f"`{info.filename}` and `{twin}` are one file on some systems"
            )
    folders = {folder for name in seen for folder in _folders(name)}
    if clash := sorted(folders & seen.keys()):
        raise BundleRejected("unsafe name", f"`{clash[0]}` is a file and a folder")


def _folders(name: str) -> Iterator[str]:
    parts = name.split("/")
    return ("/".join(parts[:n]) for n in range(1, len(parts)))


def _check_name(info: zipfile.ZipInfo, caps: Caps) -> None:
    name = info.filename
    shown = ascii(name)
    if info.orig_filename != name or _BAD_CHARACTERS.search(info.orig_filename):
        raise BundleRejected("unsafe name", f"a member has a name with forbidden characters: {shown}")
    if len(name.encode("utf-8", "surrogatepass")) > caps.name_bytes:
        raise BundleRejected("unsafe name", "a member has a name that is too long")
    if unicodedata.normalize("NFC", name) != name:
        raise BundleRejected("unsafe name", f"a member's name is not in Unicode normal form: {shown}")
    if name.startswith("/") or name.endswith("/") or not name:
        raise BundleRejected("unsafe name", f"a member has an absolute or folder name: {shown}")
    for part in name.split("/"):
        unsafe = (
            part in ("", ".", "..") or part != part.strip(" ") or part.endswith(".") or _RESERVED.match(part)
        )
        if unsafe or part.casefold() in _REFUSED_FOLDERS:
            raise BundleRejected(
                "unsafe name", f"a member would be written outside its folder or over it: {shown}"
            )


def _check_kind(info: zipfile.ZipInfo, caps: Caps) -> None:
    shown = ascii(info.filename)
    mode = info.external_attr >> 16
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        raise BundleRejected("special file", f"{shown} is a link or a special file")
    if mode & (stat.S_ISUID | stat.S_ISGID):
        raise BundleRejected("special file", f"{shown} has a set-user or set-group bit")
    if info.flag_bits & 0x1:
        raise BundleRejected("encrypted", f"{shown} is encrypted")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BundleRejected("unsupported", f"{shown} is compressed in a way that is not allowed")
    if info.file_size > caps.member_bytes:
        raise BundleRejected("too big", f"{shown} is bigger than is allowed")
    if info.file_size > 1 << 20 and info.file_size > caps.ratio * max(info.compress_size, 1):
        raise BundleRejected("bomb", f"{shown} grows {info.file_size // max(info.compress_size, 1)} times")


def _check_layout(path: Path, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    """Members lie one behind the other from the first byte to the table: nothing hides between them."""
    expected = 0
    with path.open("rb") as file:
        for info in sorted(infos, key=lambda info: info.header_offset):
            if info.header_offset != expected:
                word = "before the first member" if expected == 0 else "between members, or members overlap"
                raise BundleRejected("hidden bytes", f"there are bytes {word}")
            file.seek(info.header_offset)
            header = file.read(_LOCAL_HEADER.size)
            if len(header) != _LOCAL_HEADER.size:
                raise BundleRejected("damaged", "a member's header is cut off")
            fields = _LOCAL_HEADER.unpack(header)
            name = file.read(fields[9])
            encoding = "utf-8" if fields[2] & 0x800 else "cp437"
            if fields[0] != b"PK\x03\x04" or name.decode(encoding, "replace") != info.orig_filename:
                raise BundleRejected("damaged", f"the two headers of {info.filename!a} differ")
            if fields[2] & 0x8:
                raise BundleRejected("unsupported", f"{info.filename!a} has a trailing descriptor")
            expected = info.header_offset + _LOCAL_HEADER.size + fields[9] + fields[10] + info.compress_size
    if expected != archive.start_dir:
        raise BundleRejected("hidden bytes", "there are bytes between the last member and the table")


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, caps: Caps) -> Iterator[bytes]:
    """Yield a member's bytes; headers may lie, so they are counted."""
    size = 0
    with archive.open(info) as member:
        while chunk := member.read(_CHUNK):
            size += len(chunk)
            if size > min(info.file_size, caps.member_bytes):
                raise BundleRejected("bomb", f"{info.filename!a} is bigger than it says")
            yield chunk
    if size != info.file_size:
        raise BundleRejected("damaged", f"{info.filename!a} is smaller than it says")


def _digest(archive: zipfile.ZipFile, info: zipfile.ZipInfo, caps: Caps) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(archive, info, caps):
        digest.update(chunk)
    return digest.hexdigest()


def extract(bundle: Bundle, members: dict[str, str], folder: Path) -> None:
    """Write members into an empty folder: member name -> path relative to it.

    Raises:
        BundleRejected: A target leaves the folder or is there already, or a digest differs.
    """
    root = folder.resolve()
    with zipfile.ZipFile(bundle.path) as archive:
        for member, relative in sorted(members.items(), key=lambda item: item[1]):
            if member not in bundle.digests:
                raise BundleRejected("missing member", f"the bundle has no `{member}`")
            target = place_in(root, relative)
            digest = hashlib.sha256()
            flags = (
                os.O_WRONLY
                | os.O_CREAT
                | os.O_EXCL
                | getattr(os, "O_NOFOLLOW", 0)
                | getattr(os, "O_BINARY", 0)
            )
            try:
                handle = os.open(target, flags, 0o644)
            except FileExistsError as error:
                raise BundleRejected("duplicate name", f"`{relative}` would be written twice") from error
            with os.fdopen(handle, "wb") as out:
                for chunk in _chunks(archive, archive.getinfo(member), Caps()):
                    digest.update(chunk)
                    out.write(chunk)
            if digest.hexdigest() != bundle.digests[member]:
                raise BundleRejected("digest", f"`{member}` has changed while it was read")


def place_in(root: Path, relative: str) -> Path:
    """Return where a file lies below a folder; the folders above it are made.

    Raises:
        BundleRejected: It would lie outside, or no system could have it.
    """
    parts = relative.split("/")
    if (
        relative.startswith("/")
        or any(part in ("", ".", "..") for part in parts)
        or _BAD_CHARACTERS.search(relative)
        or _SURROGATE.search(relative)
    ):
        raise BundleRejected("unsafe name", f"{relative!a} would be written outside its folder, or cannot be")
    target = root.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.parent.resolve().is_relative_to(root):
        raise BundleRejected("unsafe name", f"`{relative}` would be written outside its folder")
    return target
