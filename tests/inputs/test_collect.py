"""Inputs are told apart, digested, and never read where reading would hang."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from jupyter_repro.inputs.collect import collect_inputs
from jupyter_repro.records import InputFile


def record(path: str, data: bytes, role: str = "data") -> InputFile:
    return InputFile(path=path, role=role, sha256=hashlib.sha256(data).hexdigest(), size=len(data))  # type: ignore[arg-type]  # a plain string in a test


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def put(path: Path, data: bytes = b"1") -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


def test_data_and_sources_inside_and_outside(root: Path, tmp_path: Path) -> None:
    """Inside paths are relative with slashes, outside ones absolute; modules are sources."""
    data, module = put(root / "data" / "train.csv", b"a,b"), Path(put(root / "utils.py", b"x = 1"))
    far = put(tmp_path / "far.csv", b"far")
    found = collect_inputs([data, far, str(module)], [], [module], root=root)
    assert found.inside == (record("data/train.csv", b"a,b"), record("utils.py", b"x = 1", "source"))
    assert found.outside == (record(far, b"far"),)
    assert (found.unreadable, found.links) == ((), ())


def test_a_product_is_no_input(root: Path) -> None:
    """What the notebook wrote before it read it comes out of the run, also under another name."""
    made = put(root / "model.bin")
    (root / "link").symlink_to(made)
    found = collect_inputs([made, str(root / "link")], (each for each in [made]), [], root=root)
    assert found.inside == ()


def test_the_order_of_reading_does_not_matter(root: Path) -> None:
    """The same files give the same record."""
    paths = [put(root / name) for name in ("b", "a", "c")]
    assert collect_inputs(paths, [], [], root=root) == collect_inputs(paths[::-1], [], [], root=root)


def test_links_are_packed_by_content_and_said(root: Path, tmp_path: Path) -> None:
    """A link out of the project stands for its target's bytes; one that stays inside needs no word."""
    far = put(tmp_path / "far.csv", b"far")
    (root / "out.csv").symlink_to(far)
    put(root / "real.csv", b"near")
    (root / "in.csv").symlink_to("real.csv")
    found = collect_inputs([str(root / "out.csv"), str(root / "in.csv")], [], [], root=root)
    assert found.inside == (record("in.csv", b"near"), record("out.csv", b"far"))
    assert found.links == (("out.csv", far),)


def test_a_root_behind_a_link_holds_the_same_files(root: Path, tmp_path: Path) -> None:
    """The project may be spelled through a link, and opened by its real path."""
    path = put(root / "a.csv")
    alias = tmp_path / "alias"
    alias.symlink_to(root)
    assert collect_inputs([path], [], [], root=alias).inside == (record("a.csv", b"1"),)
    assert collect_inputs([str(alias / "a.csv")], [], [], root=root).inside == (record("a.csv", b"1"),)


def test_what_cannot_be_read_says_why(root: Path) -> None:
    """Missing files, loops, pipes and devices; folders are no files at all."""
    os.mkfifo(root / "pipe")
    (root / "loop").symlink_to("loop")
    (root / "dangling").symlink_to("nowhere")
    (root / "folder").mkdir()
    opened = [str(root / name) for name in ("pipe", "loop", "dangling", "folder", "missing")]
    found = collect_inputs([*opened, "/dev/zero"], [], [], root=root)
    assert (found.inside, found.outside) == ((), ())
    assert dict(found.unreadable) == {
        "/dev/zero": "it is no regular file",
        "dangling": "there is no such file",
        "loop": "Too many levels of symbolic links",
        "missing": "there is no such file",
        "pipe": "it is no regular file",
    }


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(root: Path) -> None:
    """The owner learns which file it was."""
    path = Path(put(root / "secret"))
    path.chmod(0)
    assert collect_inputs([str(path)], [], [], root=root).unreadable == (("secret", "it may not be read"),)


@pytest.mark.parametrize(
    "name", ["a\nb", 'quo"te', "\U0001f600", "e\u0301", "-rf", "~", "a\u202eb", "x" * 255]
)
def test_odd_names_are_kept(root: Path, name: str) -> None:
    """Any name that is text comes back as it is."""
    assert collect_inputs([put(root / name)], [], [], root=root).inside == (record(name, b"1"),)


def test_a_name_that_is_no_text_cannot_be_carried(root: Path) -> None:
    """It is told with its bytes escaped."""
    path = os.fsdecode(os.fsencode(root) + b"/b\xff")
    Path(path).write_bytes(b"1")
    ((name, why),) = collect_inputs([path], [], [], root=root).unreadable
    assert name == "b\\udcff"
    assert "UTF-8" in why


def test_hard_links_are_two_files(root: Path) -> None:
    """Each name is packed; the digests agree."""
    first = put(root / "a")
    (root / "b").hardlink_to(first)
    found = collect_inputs([first, str(root / "b")], [], [], root=root)
    assert [file.sha256 for file in found.inside] == [hashlib.sha256(b"1").hexdigest()] * 2
