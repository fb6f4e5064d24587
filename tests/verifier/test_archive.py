"""Hostile zips are rejected before anything is written, with a reason word; nothing else is ever raised."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import stat
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_repro.verifier.archive import Caps, extract, open_bundle, parse_json
from jupyter_repro.verifier.errors import BundleRejected
from jupyter_repro.verifier.manifest import NAME, format_manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_MEMBERS = {"a.txt": b"alpha", "data/b.csv": b"1,2\n" * 40, "data/c/d.bin": bytes(range(256))}


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.create_system, info.external_attr = 3, 0o100644 << 16
    return info


def _zipped(
    members: list[tuple[str | zipfile.ZipInfo, bytes]], *, listed: dict[str, str] | None = None
) -> bytes:
    """Return a bundle of these members in this order, with the manifest that belongs to them."""
    rows = [(_info(name) if isinstance(name, str) else name, data) for name, data in members]
    if listed is None:
        listed = {info.filename: hashlib.sha256(data).hexdigest() for info, data in rows}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for info, data in [*rows, (_info(NAME), format_manifest(listed))]:
            archive.writestr(info, data)
    return out.getvalue()


def _good() -> bytes:
    return _zipped(list(_MEMBERS.items()))


def _with(info: zipfile.ZipInfo | str, data: bytes = b"x") -> bytes:
    return _zipped([*_MEMBERS.items(), (info, data)])


def _kind(mode: int) -> zipfile.ZipInfo:
    info = _info("link")
    info.external_attr = mode << 16
    return info


def _deflated(name: str) -> zipfile.ZipInfo:
    info = _info(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _renamed(old: bytes, new: bytes) -> bytes:
    """Return the good bundle with a name replaced in both headers, past what zipfile would write."""
    return _good().replace(old, new)


def _encrypted() -> bytes:
    raw = bytearray(_good())
    table = raw.index(b"PK\x01\x02")
    raw[table + 8] |= 1
    return bytes(raw)


def _overlapping() -> bytes:
    """Return a bundle whose second member is said to begin where the first one does."""
    raw = bytearray(_zipped([("a", b"xx"), ("b", b"xx")]))
    table = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 4)
    raw[table + 42 : table + 46] = struct.pack("<L", 0)
    return bytes(raw)


def _lying_size() -> bytes:
    raw = bytearray(_zipped([(_deflated("big"), b"0" * 5000)]))
    table = raw.index(b"PK\x01\x02")
    raw[table + 24 : table + 28] = struct.pack("<L", 10)
    return bytes(raw)


def _changed() -> bytes:
    return _good().replace(b"alpha", b"alphA")


def _changed_with_sum() -> bytes:
    """Return the bundle with another content whose zip checksum is right: only the manifest tells."""
    listed = {name: hashlib.sha256(data).hexdigest() for name, data in _MEMBERS.items()}
    return _zipped([*{**_MEMBERS, "a.txt": b"alphA"}.items()], listed=listed)


def _zip64() -> bytes:
    """Return the bundle with a zip64 field that tells another, huge size of a member than its local header."""
    raw = _zipped([("a", b"xx")])
    table = raw.index(b"PK\x01\x02")
    extra = struct.pack("<HHQQ", 1, 16, 1 << 45, 1 << 45)
    head = bytearray(raw[table : table + 46])
    head[20:28] = b"\xff" * 8
    head[30:32] = struct.pack("<H", len(extra))
    changed = bytearray(raw[:table] + bytes(head) + b"a" + extra + raw[table + 47 :])
    end = changed.rindex(b"PK\x05\x06")
    (size,) = struct.unpack("<L", changed[end + 12 : end + 16])
    changed[end + 12 : end + 16] = struct.pack("<L", size + len(extra))
    return bytes(changed)


def _comment() -> bytes:
    """Return the bundle with a comment behind its table, where a second zip could hide."""
    out = io.BytesIO(_good())
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"PK\x05\x06" + bytes(18)
    return out.getvalue()


def _lying_name() -> bytes:
    """Return the bundle whose local header names another file than the table does."""
    raw = _good()
    first = raw.index(b"a.txt")
    return raw[:first] + b"b.txt" + raw[first + 5 :]


_LISTED = {name: hashlib.sha256(data).hexdigest() for name, data in _MEMBERS.items()}

_HOSTILE: list[tuple[str, Callable[[], bytes], str]] = [
    ("parent", lambda: _with("../x"), "unsafe name"),
    ("parent inside", lambda: _with("data/../../x"), "unsafe name"),
    ("absolute", lambda: _with("/etc/x"), "unsafe name"),
    ("drive", lambda: _with("C:/x"), "unsafe name"),
    ("backslash", lambda: _renamed(b"data/b.csv", b"data\\b.csv"), "unsafe name"),
    ("nul", lambda: _renamed(b"a.txt", b"a\0txt"), "unsafe name"),
    ("newline", lambda: _renamed(b"a.txt", b"a\ntxt"), "unsafe name"),
    ("dot", lambda: _with("data/./x"), "unsafe name"),
    ("empty part", lambda: _with("data//x"), "unsafe name"),
    ("folder", lambda: _with("folder/"), "unsafe name"),
    ("reserved", lambda: _with("data/nul.txt"), "unsafe name"),
    ("trailing dot", lambda: _with("data/x."), "unsafe name"),
    ("trailing space", lambda: _with("data/x "), "unsafe name"),
    ("git", lambda: _with("src/.GIT/config"), "unsafe name"),
    ("ssh", lambda: _with(".ssh/authorized_keys"), "unsafe name"),
    ("decomposed", lambda: _with("data/u\u0308"), "unsafe name"),
    ("long", lambda: _with("x" * 600), "unsafe name"),
    ("file and folder", lambda: _with("a.txt/x"), "unsafe name"),
    ("case twins", lambda: _with("A.TXT"), "duplicate name"),
    ("symlink", lambda: _with(_kind(stat.S_IFLNK | 0o777)), "special file"),
    ("device", lambda: _with(_kind(stat.S_IFCHR | 0o600)), "special file"),
    ("pipe", lambda: _with(_kind(stat.S_IFIFO | 0o600)), "special file"),
    ("set-user", lambda: _with(_kind(stat.S_IFREG | 0o4755)), "special file"),
    ("encrypted", _encrypted, "encrypted"),
    ("overlap", _overlapping, "hidden bytes"),
    ("bomb", lambda: _with(_deflated("bomb"), bytes(8 << 20)), "bomb"),
    ("lying size", _lying_size, "damaged"),
    ("zip64", _zip64, "too big"),
    ("comment", _comment, "hidden bytes"),
    ("two names", _lying_name, "damaged"),
    ("many", lambda: _zipped([(f"{n}", b"") for n in range(20_001)]), "too many members"),
    ("prefix", lambda: b"#!/bin/sh\n" + _good(), "hidden bytes"),
    ("two zips", lambda: _good() + _good(), "hidden bytes"),
    ("tail", lambda: _good() + b"tail", "hidden bytes"),
    ("truncated", lambda: _good()[:-30], "damaged"),
    ("empty", lambda: b"", "damaged"),
    ("text", lambda: b"not a zip at all\n" * 9, "damaged"),
    ("no manifest", lambda: _good().replace(NAME.encode(), b"MANIFEST.sha255"), "no manifest"),
    ("unlisted", lambda: _zipped([*_MEMBERS.items(), ("x", b"x")], listed=_LISTED), "unlisted member"),
    ("not there", lambda: _zipped([("a.txt", b"alpha")], listed=_LISTED), "missing member"),
    ("changed", _changed, "damaged"),
    ("changed, right sum", _changed_with_sum, "digest"),
]


@pytest.mark.parametrize(("make", "reason"), [row[1:] for row in _HOSTILE], ids=[row[0] for row in _HOSTILE])
def test_hostile_zips(tmp_path: Path, make: Callable[[], bytes], reason: str) -> None:
    """Each is rejected for its own reason and leaves nothing behind."""
    path = tmp_path / "x.zip"
    path.write_bytes(make())
    with pytest.raises(BundleRejected) as caught:
        open_bundle(path)
    assert reason == caught.value.reason
    assert caught.value.exit_code == 5
    assert [path] == list(tmp_path.iterdir())


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice(tmp_path: Path) -> None:
    """The zip format allows it and readers take either one."""
    (tmp_path / "x.zip").write_bytes(_zipped([*_MEMBERS.items(), ("a.txt", b"other")], listed=_LISTED))
    with pytest.raises(BundleRejected) as caught:
        open_bundle(tmp_path / "x.zip")
    assert caught.value.reason == "duplicate name"


@pytest.mark.parametrize(
    ("caps", "reason"),
    [
        (Caps(entries=2), "too many members"),
        (Caps(total_bytes=100), "too big"),
        (Caps(member_bytes=100), "too big"),
        (Caps(name_bytes=3), "unsafe name"),
    ],
)
def test_caps(tmp_path: Path, caps: Caps, reason: str) -> None:
    """A bundle may hold so much and no more."""
    (tmp_path / "x.zip").write_bytes(_good())
    with pytest.raises(BundleRejected) as caught:
        open_bundle(tmp_path / "x.zip", caps=caps)
    assert reason == caught.value.reason


@pytest.mark.parametrize("name", ["gone.zip", "."])
def test_no_file(tmp_path: Path, name: str) -> None:
    """A missing file and a folder are told as such."""
    with pytest.raises(BundleRejected) as caught:
        open_bundle(tmp_path / name)
    assert caught.value.reason == "no file"


def test_every_flipped_bit_is_refused_or_harmless(tmp_path: Path) -> None:
    """Whatever bit flips, an accepted bundle has the id and the bytes of the author's."""
    raw, path = _good(), tmp_path / "x.zip"
    path.write_bytes(raw)
    made = open_bundle(path)
    for place in range(0, len(raw) * 8, 3):
        flipped = bytearray(raw)
        flipped[place // 8] ^= 1 << place % 8
        path.write_bytes(flipped)
        try:
            bundle = open_bundle(path)
        except BundleRejected:
            continue
        assert (made.id, made.digests) == (bundle.id, bundle.digests)
        assert [*_MEMBERS.values()] == [bundle.read(name) for name in _MEMBERS]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    edits=st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=6)), max_size=5),
    cut=st.integers(0, 10_000),
)
def test_fuzz(tmp_path: Path, edits: list[tuple[int, bytes]], cut: int) -> None:
    """Damage of any kind gives a bundle or our own error, never another."""
    raw = bytearray(_good())
    for place, data in edits:
        start = place % len(raw)
        raw[start : start + len(data)] = data
    path = tmp_path / "x.zip"
    path.write_bytes(raw[: len(raw) - cut % 400] if cut % 3 == 0 else raw)
    with contextlib.suppress(BundleRejected):
        open_bundle(path)


def test_extract(tmp_path: Path) -> None:
    """Files get the bytes and the mode 0644, whatever the zip says."""
    (tmp_path / "x.zip").write_bytes(_good())
    (tmp_path / "out").mkdir()
    old = os.umask(0o022)
    try:
        extract(open_bundle(tmp_path / "x.zip"), {name: name for name in _MEMBERS}, tmp_path / "out")
    finally:
        os.umask(old)
    for name, data in _MEMBERS.items():
        assert data == (tmp_path / "out" / name).read_bytes()
        assert stat.S_IMODE((tmp_path / "out" / name).stat().st_mode) == 0o644


@pytest.mark.parametrize("target", ["../x", "/x", "a/../../x", "a\\x", "a//x", ""])
def test_targets_outside_are_refused(tmp_path: Path, target: str) -> None:
    """The recipe's paths are as untrusted as the names in the zip."""
    (tmp_path / "x.zip").write_bytes(_good())
    (tmp_path / "out").mkdir()
    with pytest.raises(BundleRejected) as caught:
        extract(open_bundle(tmp_path / "x.zip"), {"a.txt": target}, tmp_path / "out")
    assert caught.value.reason == "unsafe name"
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("there", ["file", "link", "dangling"])
def test_nothing_is_overwritten_or_followed(tmp_path: Path, there: str) -> None:
    """A file or link at the target is left as it is."""
    (tmp_path / "x.zip").write_bytes(_good())
    out, other = tmp_path / "out", tmp_path / "other"
    out.mkdir()
    if there != "dangling":
        other.write_bytes(b"mine")
    if there == "file":
        (out / "a.txt").write_bytes(b"mine")
    else:
        (out / "a.txt").symlink_to(other)
    with pytest.raises(BundleRejected, match="would be written twice"):
        extract(open_bundle(tmp_path / "x.zip"), {"a.txt": "a.txt"}, out)
    assert other.exists() == (there != "dangling")
    assert there == "dangling" or (out / "a.txt").read_bytes() == b"mine"


def test_a_linked_folder_is_not_entered(tmp_path: Path) -> None:
    """A folder of the target that is a link leads nowhere."""
    (tmp_path / "x.zip").write_bytes(_good())
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / "data").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BundleRejected, match="outside its folder"):
        extract(open_bundle(tmp_path / "x.zip"), {"data/b.csv": "data/b.csv"}, tmp_path / "out")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_bundle_changed_after_the_check_is_refused(tmp_path: Path) -> None:
    """Bytes are checked again when they are used."""
    path = tmp_path / "x.zip"
    path.write_bytes(_good())
    bundle = open_bundle(path)
    path.write_bytes(_changed_with_sum())
    with pytest.raises(BundleRejected) as caught:
        bundle.read("a.txt")
    assert caught.value.reason == "digest"


@pytest.mark.parametrize("data", [b"[" * 100_000, b"{", b"\xff", b""])
def test_bad_json(data: bytes) -> None:
    """Broken, deep or non-text JSON is our own error."""
    with pytest.raises(BundleRejected):
        parse_json(data, "x")


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    """JSON can spell a lone surrogate, a file system cannot."""
    (tmp_path / "x.zip").write_bytes(_good())
    (tmp_path / "out").mkdir()
    with pytest.raises(BundleRejected) as caught:
        extract(open_bundle(tmp_path / "x.zip"), {"a.txt": "\ud800.txt"}, tmp_path / "out")
    assert caught.value.reason == "unsafe name"
