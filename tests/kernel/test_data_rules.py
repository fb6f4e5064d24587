"""RP502 to RP508, in a shell whose cells read real files."""

from __future__ import annotations

import hashlib
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.inputs.audit import unwatched

if TYPE_CHECKING:
    from pathlib import Path

READ = "from pathlib import Path; text = Path({!r}).read_bytes()"


def findings(bench: Any) -> dict[str, str]:
    """Return those about data by code; which libraries are imported here is no matter of these tests."""
    found = {each.code: each.message for each in bench.status().findings if each.code.startswith("RP50")}
    return {code: message for code, message in found.items() if code not in ("RP501", "RP506")}


@pytest.fixture
def project(bench: Any, tmp_path: Path) -> Path:
    """A git work tree with data, of which one file is tracked."""
    with unwatched():
        (tmp_path / ".git").mkdir()
        for name in ("t.csv", "u.csv"):
            (tmp_path / name).write_text("1", encoding="utf-8")
        (tmp_path / "large.bin").write_bytes(b"x" * (5 << 20))
    bench.write(track="%repro data track t.csv large.bin", a="1 + 1")
    bench.run("track")
    return tmp_path


def test_data_as_tracked_are_no_finding(bench: Any, project: Path) -> None:
    """Large ones, of which only the size is known, neither."""
    for name in ("t.csv", "large.bin"):
        bench.edit("a", READ.format(name))
        bench.run("a")
        assert findings(bench) == {}


@pytest.mark.parametrize(("name", "data"), [("t.csv", b"2"), ("large.bin", b"y" * (6 << 20))])
def test_data_that_are_not_as_tracked(bench: Any, project: Path, name: str, data: bytes) -> None:
    """Told with both digests, or sizes; not after they are accepted."""
    with unwatched():
        (project / name).write_bytes(data)
    bench.edit("a", READ.format(name))
    bench.run("a")
    found = findings(bench)
    assert list(found) == ["RP502"]
    assert f"`{name}` is not the file that was tracked" in found["RP502"]
    bench.edit("b", f"%repro data accept {name}")
    bench.run("b")
    assert findings(bench) == {}


def test_untracked_data_where_data_are_tracked(bench: Any, project: Path) -> None:
    """A project that tracks nothing is not asked to; a product or a source is no data."""
    bench.edit("a", READ.format("u.csv"))
    bench.run("a")
    assert findings(bench) == {"RP503": "cells read data that are not tracked: `u.csv`"}
    with unwatched():
        (project / "data.repro.jsonl").unlink()
    assert findings(bench) == {}


def test_files_from_elsewhere(bench: Any, project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """But not what a cell has written there."""
    outside = tmp_path_factory.mktemp("outside")
    with unwatched():
        (outside / "x.csv").write_text("1", encoding="utf-8")
    bench.edit("a", READ.format(str(outside / "x.csv")))
    bench.run("a")
    assert findings(bench)["RP504"] == f"cells read files from outside the project: `{outside / 'x.csv'}`"
    bench.edit("a", f"from pathlib import Path; p = Path({str(outside)!r}) / 'made'; n = p.write_text('1')")
    bench.edit("b", "q = p.read_text()")
    bench.run("a", "b")
    assert findings(bench) == {}


def test_the_network_without_a_record(bench: Any, project: Path) -> None:
    """One finding for all cells, with the hosts; a name that is only asked for is nobody talked to."""
    bench.edit(
        "a",
        "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nn = s.sendto(b'x', ('127.0.0.1', 9)); s.close(); del s",
    )
    bench.run("a")
    assert findings(bench)["RP505"] == "a cell talked to the network, and nothing keeps the answers"
    bench.edit("a", "import socket\nhosts = socket.getaddrinfo('127.0.0.1', 80)")
    bench.run("a")
    assert findings(bench) == {}


def test_readers_that_cannot_be_seen(bench: Any, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the name of the library."""
    monkeypatch.setitem(sys.modules, "duckdb", sys)
    bench.run("a")
    (message,) = (each.message for each in bench.status().findings if each.code == "RP506")
    assert "`duckdb`" in message
    assert message.endswith("open cannot be seen")


def test_what_dvc_does_not_see(bench: Any, tmp_path: Path) -> None:
    """A cache that was damaged, and a file that is not the pointer's, are findings of the cell that read the file; a whole one is none."""
    md5 = hashlib.md5(b"1", usedforsecurity=False).hexdigest()
    held = tmp_path / ".dvc" / "cache" / "files" / "md5" / md5[:2] / md5[2:]
    with unwatched():
        (tmp_path / ".git").mkdir()
        held.parent.mkdir(parents=True)
        for path in (held, tmp_path / "t.csv"):
            path.write_bytes(b"1")
            os.utime(path, (1, 1))
        pointer = f"outs:\n- md5: {md5}\n  size: 1\n  hash: md5\n  path: t.csv\n"
        (tmp_path / "t.csv.dvc").write_text(pointer, encoding="utf-8")
    bench.write(a=READ.format("t.csv"))
    bench.run("a")
    assert findings(bench) == {}
    with unwatched():
        held.write_bytes(b"2")
        os.utime(held, (1, 1))
    assert list(findings(bench)) == ["RP507"], "what was compared before is not taken for what is there now"
    with unwatched():
        (tmp_path / "t.csv").write_bytes(b"3")
    found = [each for each in bench.status().findings if each.code in ("RP507", "RP508")]
    assert [(each.code, each.cell) for each in found] == [("RP507", "a"), ("RP508", "a")]
    assert "`t.csv` is not what `t.csv.dvc` says" in found[1].message
    assert "`dvc checkout`" in found[1].remedy
