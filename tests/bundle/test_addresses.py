"""What lies beside a data file tells where others get it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_repro.bundle.addresses import known_address

_MD5 = "a304afb96060aad90176268345e10355"


def _write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / {"pointer": "data/x.bin.dvc", "config": ".dvc/config", "data": "data/x.bin"}[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "data/x.bin"


_REMOTE = "[core]\n    remote = web\n['remote \"web\"']\n    url = https://data.org/store\n"


@pytest.mark.parametrize(
    ("files", "url"),
    [
        ({}, ""),
        (
            {
                "pointer": "deps:\n- etag: x\n  path: https://data.org/x.bin\nouts:\n- md5: abc\n  path: x.bin\n"
            },
            "https://data.org/x.bin",
        ),
        (
            {"pointer": "deps:\n- path: https://me:pw@data.org/x.bin\nouts:\n- md5: abc\n  path: x.bin\n"},
            "",
        ),
        (
            {"pointer": f"outs:\n- md5: {_MD5}\n  path: x.bin\n", "config": _REMOTE},
            f"https://data.org/store/files/md5/{_MD5[:2]}/{_MD5[2:]}",
        ),
        (
            {
                "pointer": f"outs:\n- md5: {_MD5}\n  path: x.bin\n",
                "config": _REMOTE.replace("https://data.org", "s3://b"),
            },
            "",
        ),
        ({"pointer": f"outs:\n- md5: {_MD5}.dir\n  path: x.bin\n", "config": _REMOTE}, ""),
        ({"pointer": "outs:\n- md5: abc\n  path: y.bin\n", "config": _REMOTE}, ""),
        ({"pointer": "outs: [", "config": _REMOTE}, ""),
        ({"pointer": f"outs:\n- md5: {_MD5}\n  path: x.bin\n", "config": "no section"}, ""),
    ],
    ids=[
        "none",
        "import-url",
        "password",
        "web remote",
        "s3 remote",
        "folder",
        "another",
        "damaged",
        "bad config",
    ],
)
def test_dvc(tmp_path: Path, files: dict[str, str], url: str) -> None:
    """An imported file has its address; a tracked one that of a remote on the web; else there is none."""
    assert known_address(_write(tmp_path, data="", **files)) == url


def test_hugging_face() -> None:
    """The cache's path tells repository, commit and file."""
    commit = "0" * 40
    path = Path(f"/c/hub/datasets--org--name/snapshots/{commit}/data/train.parquet")
    assert (
        known_address(path) == f"https://huggingface.co/datasets/org/name/resolve/{commit}/data/train.parquet"
    )
