"""DVC pointers and Hugging Face snapshots are recognised, and the bytes are looked at all the same."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_repro.inputs.pointers import Pointers
from jupyter_repro.records.inputs import Revision

MD5 = "401b30e3b8b5d629635a5c613cdb7919"  # of b"x\n"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def of(path: Path) -> Revision | None:
    return Pointers().revision(str(path))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "f.csv"
    path.parent.mkdir()
    path.write_bytes(b"x\n")
    (tmp_path / ".git").mkdir()
    return path


@pytest.mark.parametrize(
    ("name", "text", "same", "revision"),
    [
        ("data/f.csv.dvc", f"outs:\n- md5: {MD5}\n  size: 2\n  hash: md5\n  path: f.csv\n", True, MD5),
        ("data/f.csv.dvc", f"outs:\n- md5: {'0' * 32}\n  size: 2\n  path: f.csv\n", False, "0" * 32),
        ("data/f.csv.dvc", f"outs:\n- md5: {MD5}\n  size: 3\n  path: f.csv\n", False, MD5),
        ("data/f.csv.dvc", "outs:\n- etag: abc\n  path: 'f.csv'\n", None, ""),
        (
            "data/f.csv.dvc",
            f"md5: aa\nfrozen: true\ndeps:\n- path: other.csv\n  repo:\n    url: https://h/r\n    rev_lock: {COMMIT}\n"
            f"outs:\n- md5: {MD5}\n  path: f.csv\n",
            True,
            COMMIT,
        ),
        (
            "dvc.lock",
            "schema: '2.0'\nstages:\n  a:\n    cmd: echo\n    deps:\n    - path: data/f.csv\n      md5: bad\n    outs:\n"
            f"    - path: data/other\n      md5: aa\n    - path: data/f.csv\n      hash: md5\n      md5: {MD5}\n      size: 2\n"
            "  b:\n    cmd: echo\n",
            True,
            MD5,
        ),
        ("data.dvc", f"outs:\n- md5: {MD5}.dir\n  nfiles: 1\n  path: data\n", None, f"{MD5}.dir"),
    ],
    ids=["file", "other bytes", "other size", "no md5", "import", "lock", "folder without a cache"],
)  # fmt: skip
def test_dvc(file: Path, name: str, text: str, same: bool | None, revision: str) -> None:  # noqa: FBT001 - a column of the table
    """The pointer's word, and whether the bytes are those."""
    (file.parents[1] / name).write_text(text, encoding="utf-8")
    found = of(file)
    assert found is not None
    assert (found.kind, found.name, found.same, found.revision) == ("DVC", Path(name).name, same, revision)


@pytest.mark.parametrize(
    "text",
    ["", "outs:\n", "outs: [\n", "\x00", "outs:\n- path: other\n  md5: aa\n", "path: f.csv\n", "- md5: aa\n"],
)
def test_what_is_no_pointer_to_it_says_nothing(file: Path, text: str) -> None:
    """Nothing is guessed, nothing is raised."""
    file.with_name("f.csv.dvc").write_text(text, encoding="utf-8")
    assert of(file) is None


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (
            f"/home/u/.cache/huggingface/hub/datasets--org--set/snapshots/{COMMIT}/a/train.parquet",
            "datasets/org/set",
        ),
        (f"/c/hub/models--bert/snapshots/{COMMIT}/config.json", "models/bert"),
        (f"/c/huggingface/datasets/org___set/default/0.0.0/{COMMIT}/set-train.arrow", "datasets/org/set"),
    ],
)
def test_hugging_face(path: str, name: str) -> None:
    """The commit is in the path of the cache."""
    assert Pointers().revision(path) == Revision(kind="Hugging Face", name=name, revision=COMMIT)


def test_another_folder_called_snapshots_is_none() -> None:
    """Only a commit is one."""
    assert Pointers().revision("/c/datasets--a--b/snapshots/main/x") is None


def test_the_cache_of_huggingface_hub_is_understood(tmp_path: Path) -> None:
    """As the library itself looks a file up."""
    hub = pytest.importorskip(
        "huggingface_hub", reason="not in the development set; `make data-libraries` has it"
    )
    repo = tmp_path / "datasets--org--set"
    (repo / "refs").mkdir(parents=True)
    (repo / "refs/main").write_text(COMMIT, encoding="utf-8")
    (repo / f"snapshots/{COMMIT}").mkdir(parents=True)
    (repo / f"snapshots/{COMMIT}/t.csv").write_text("x", encoding="utf-8")
    path = hub.try_to_load_from_cache("org/set", "t.csv", cache_dir=tmp_path, repo_type="dataset")
    found = Pointers().revision(path)
    assert found == Revision(kind="Hugging Face", name="datasets/org/set", revision=COMMIT)


@pytest.fixture
def dvc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which the real DVC has tracked a file and a folder, and run a stage."""
    program = shutil.which("dvc", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("DVC is not in the development set; `make data-libraries` has it")
    monkeypatch.setenv("DVC_NO_ANALYTICS", "1")
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    for name in ("f.csv", "folder/a", "folder/b c"):
        Path(name).write_text(name, encoding="utf-8")
    stage = ["stage", "add", "--run", "-n", "s", "-d", "f.csv", "-o", "made up.csv", 'cp f.csv "made up.csv"']
    subprocess.run(["git", "init", "-q"], check=True)
    for words in (["init", "-q"], ["add", "-q", "f.csv", "folder"], stage):
        subprocess.run([program, *words], check=True, capture_output=True)
    return tmp_path


def test_real_dvc(dvc: Path) -> None:
    """A file, a folder, an output of a stage."""
    for name, pointer in (("f.csv", "f.csv.dvc"), ("folder/b c", "folder.dvc"), ("made up.csv", "dvc.lock")):
        found = of(dvc / name)
        assert found is not None, name
        assert (found.name, found.same) == (pointer, True)


def test_bytes_that_dvc_takes_for_its_own_are_found_out(dvc: Path) -> None:
    """DVC hands out a damaged object of its cache and calls it up to date; the bytes say otherwise."""
    md5 = subprocess.run(["md5sum", "f.csv"], check=True, capture_output=True, text=True).stdout[:32]
    cached = dvc / ".dvc/cache/files/md5" / md5[:2] / md5[2:]
    cached.chmod(0o644)
    cached.write_bytes(b"F.csv")
    (dvc / "f.csv").unlink()
    program = str(Path(sys.executable).with_name("dvc"))
    subprocess.run([program, "checkout", "-q", "f.csv"], check=False, capture_output=True)
    assert not (dvc / "f.csv").exists() or (dvc / "f.csv").read_bytes() == b"F.csv"
    (dvc / "f.csv").write_bytes(b"F.csv")
    found = of(dvc / "f.csv")
    assert found is not None
    assert found.same is False
