"""The manifest of data is one line a file, and says one thing of each."""

from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_repro.errors import BadManifest, ReproError
from jupyter_repro.inputs.manifest import (
    MANIFEST,
    find_manifest,
    new_manifest_place,
    read_manifest,
    write_manifest,
)
from jupyter_repro.records.data import Manifest, Tracked

if TYPE_CHECKING:
    from pathlib import Path

HEAD = '{"format":"jupyter_repro.data","schema":1}\n'
A, B = "a" * 64, "b" * 64


def line(path: str, digest: str = A, size: int = 1) -> str:
    return f'{{"path":"{path}","sha256":"{digest}","size":{size}}}\n'


def manifest(**files: str) -> Manifest:
    return Manifest(("data",), {name: Tracked(name, digest, 1) for name, digest in files.items()})


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Sorted lines, a head first, odd names whole."""
    path = tmp_path / MANIFEST
    files = {
        name: Tracked(name, A, 3)
        for name in ("z", "a b", 'q"', "\u00e9", "e\u0301", os.fsdecode(b"\xff"), "-x")
    }
    write_manifest(path, Manifest(("data", "."), files))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[:3] == [HEAD.strip(), '{"folder":"."}', '{"folder":"data"}']
    assert read_manifest(path) == Manifest((".", "data"), files)
    first = path.read_bytes()
    write_manifest(path, read_manifest(path))
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "is empty"),
        ("hello", "no part of a manifest"),
        ('{"path":"a"}\n', "no manifest of data"),
        ('{"format":"jupyter_repro.data","schema":2}\n', "newer version"),
        (HEAD + "<<<<<<< HEAD\n" + line("a"), "merge conflict .line 2"),
        (HEAD + line("a") + line("a", B), "two things of `a`"),
        (HEAD + '{"path":"a","sha256":"x","size":1}', "no SHA-256"),
        (HEAD + '{"path":"a","sha256":"' + A + '","size":-1}', "no SHA-256"),
        (HEAD + '{"path":"a","sha256":"' + A + '","size":true}', "no SHA-256"),
        (HEAD + line("/etc/passwd"), "does not lie below"),
        (HEAD + line("../up"), "does not lie below"),
        (HEAD + line("a//b"), "does not lie below"),
        (HEAD + '{"folder":".."}', "does not lie below"),
        (HEAD + "[1]", "no part of a manifest"),
    ],
)
def test_what_is_damaged_is_told_by_name(text: str, match: str, tmp_path: Path) -> None:
    """Nothing is guessed; the line is named."""
    path = tmp_path / MANIFEST
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadManifest, match=match):
        read_manifest(path)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_manifest_or_our_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    """Nothing else is raised."""
    path = tmp_path_factory.mktemp("m") / MANIFEST
    for raw in (data, HEAD.encode() + data):
        path.write_bytes(raw)
        try:
            read_manifest(path)
        except ReproError:
            continue


def test_two_branches_that_track_other_files_merge(tmp_path: Path) -> None:
    """Lines far apart merge by themselves; with `merge=union` neighbours do, in any order."""
    run = lambda *words: subprocess.run(  # noqa: E731 - one line for one program
        ["git", "-C", tmp_path, "-c", "user.name=x", "-c", "user.email=x@x", *words],
        check=True,
        capture_output=True,
    )
    run("init", "-q", "-b", "main")
    (tmp_path / ".gitattributes").write_text(f"{MANIFEST} merge=union\n", encoding="utf-8")
    path = tmp_path / MANIFEST
    write_manifest(path, manifest(m=A))
    run("add", ".")
    run("commit", "-qm", "1")
    run("checkout", "-qb", "other")
    write_manifest(path, manifest(m=A, n=A, z=A))
    run("commit", "-qam", "2")
    run("checkout", "-q", "main")
    write_manifest(path, manifest(a=A, m=A, p=B))
    run("commit", "-qam", "3")
    run("merge", "-q", "other", "-m", "4")
    assert list(read_manifest(path).files) == ["a", "m", "n", "p", "z"]


def test_the_nearest_manifest_counts(tmp_path: Path) -> None:
    """It is looked for above, not beyond the git work tree; a new one belongs at the top of that."""
    deep = tmp_path / "project" / "notebooks" / "deep"
    deep.mkdir(parents=True)
    (tmp_path / MANIFEST).write_text(HEAD, encoding="utf-8")
    assert find_manifest(deep) == tmp_path / MANIFEST
    (tmp_path / "project" / ".git").mkdir()
    assert find_manifest(deep) is None
    assert new_manifest_place(deep) == tmp_path / "project" / MANIFEST
    (tmp_path / "project" / "notebooks" / MANIFEST).write_text(HEAD, encoding="utf-8")
    assert find_manifest(deep) == tmp_path / "project" / "notebooks" / MANIFEST


def test_a_manifest_that_has_changed_is_read_again(tmp_path: Path) -> None:
    """An old one is read once, in the same process; a changed one at once."""
    path = tmp_path / MANIFEST
    write_manifest(path, manifest(a=A))
    past = time.time_ns() - 10**11
    os.utime(path, ns=(past, past))
    for digest in (B, A, B):
        assert list(read_manifest(path).files) == ["a"]
        path.write_text(HEAD + line("b", digest), encoding="utf-8")
        os.utime(path, ns=(past, past))
        assert read_manifest(path).files["b"].sha256 == digest
        write_manifest(path, manifest(a=A))
        os.utime(path, ns=(past, past))
