"""`%repro inputs`: which cell read which bytes, and whom cells talked to."""

from __future__ import annotations

import http.server
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest

import jupyter_repro
from jupyter_repro.inputs.audit import unwatched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_repro.records.inputs import SeenFile


@pytest.fixture
def address() -> Iterator[str]:
    """A real web server on this machine."""

    class Says(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"hi")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Says) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def make(folder: Path, **files: str) -> None:
    with unwatched():  # else the first cell would seem to have written them
        for name, text in files.items():
            (folder / f"{name.replace('_', '.')}").write_text(text, encoding="utf-8")


def files(bench: Any) -> dict[str, SeenFile]:
    seen = jupyter_repro.input_files(shell=bench.shell).files
    return {each.path: each for each in seen if each.path != bench.path.name}


def test_inputs_products_and_sources_are_told_apart(bench: Any, tmp_path: Path, monkeypatch: Any) -> None:
    """By cell, with digest, size and mode."""
    monkeypatch.syspath_prepend(str(tmp_path))
    make(tmp_path, t_csv="1", helpers_py="X = 1", script_py="Y = 1")
    (tmp_path / "t.csv").chmod(0o640)
    bench.write(
        a="from pathlib import Path; text = Path('t.csv').read_text()",
        b="size = Path('made.txt').write_text(text)",
        c="again = Path('made.txt').read_text() + Path('t.csv').read_text()",
        d="import helpers; helpers.X",
        e="%run script.py",
        f="size = Path('log.txt').write_text('')",
    )
    bench.run_all()
    found = files(bench)
    table = {path: (each.role, each.read_by, each.written_by) for path, each in found.items()}
    assert table == {
        "t.csv": ("data", ("cell 1", "cell 3"), ()),
        "made.txt": ("product", ("cell 3",), ("cell 2",)),
        "helpers.py": ("source", ("cell 4",), ()),
        "script.py": ("source", ("cell 5",), ()),
        "log.txt": ("output", (), ("cell 6",)),
    }
    assert (found["t.csv"].sha256 or "").startswith("6b86b273ff34")
    assert (found["t.csv"].size, found["t.csv"].mode) == (1, "0640")


def test_a_file_that_has_changed_since_keeps_the_digest_that_was_read(bench: Any, tmp_path: Path) -> None:
    """And says so; one that was too large to look inside then has none."""
    make(tmp_path, t_csv="1", l_bin="x" * (5 << 20), g_csv="1")
    bench.write(
        a="from pathlib import Path; texts = [Path(name).read_bytes() for name in ('t.csv', 'l.bin', 'g.csv')]",
    )
    bench.run("a")
    before = files(bench)
    assert before["l.bin"].sha256 is not None
    make(tmp_path, t_csv="2", l_bin="y" * (5 << 20))
    (tmp_path / "g.csv").unlink()
    after = files(bench)
    assert after["t.csv"].sha256 == before["t.csv"].sha256
    assert (after["t.csv"].note, after["l.bin"].note) == ("has changed since it was read",) * 2
    assert after["l.bin"].sha256 is None
    assert after["g.csv"].note == "is gone since it was read"


def test_tracked_data_and_pointers_are_shown(bench: Any, tmp_path: Path, capsys: Any) -> None:
    """With the next step for what is not tracked."""
    pointer = "outs:\n- md5: c4ca4238a0b923820dcc509a6f75849b\n  size: 1\n  path: t.csv\n"
    make(tmp_path, t_csv="1", u_csv="2", t_csv_dvc=pointer)
    bench.write(
        a="%repro data track t.csv",
        b="from pathlib import Path; both = Path('t.csv').read_text() + Path('u.csv').read_text()",
        c="%repro inputs",
        d="%repro inputs json",
    )
    bench.run("a", "b")
    capsys.readouterr()
    bench.run("c")
    text = capsys.readouterr().out
    rows = {line.split()[0]: line for line in text.splitlines() if ".csv" in line}
    assert "as tracked" in rows["t.csv"]
    assert "DVC c4ca4238a0b9 (t.csv.dvc)" in rows["t.csv"]
    assert "%repro data track u.csv" in text
    bench.run("d")
    found = {each["path"]: each for each in json.loads(capsys.readouterr().out)["files"]}
    assert found["t.csv"]["revision"] == {
        "kind": "DVC", "name": "t.csv.dvc", "revision": "c4ca4238a0b923820dcc509a6f75849b", "same": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        "import urllib.request; urllib.request.urlopen('http://{}/').read()",
        "import http.client; c = http.client.HTTPConnection('{}'); c.request('GET', '/'); c.getresponse().read(); c.close()",
        "import socket; s = socket.create_connection('{}'.split(':')); s.close()",
        "import requests; requests.get('http://{}/').text",
        "import httpx; httpx.get('http://{}/').text",
    ],
    ids=["urllib", "http.client", "socket", "requests", "httpx"],
)
def test_the_hosts_of_a_cell_are_named(bench: Any, address: str, source: str) -> None:
    """In the reason of its verdict, and in the table."""
    for library in ("requests", "httpx"):
        if library in source:
            pytest.importorskip(library)
    bench.write(a=source.format(address), b="1 + 1")
    assert bench.run("a", "b").success
    cell = bench.status().cells[0]
    assert (cell.verdict, cell.why) == (
        "unknown", (f"it used the network ({address}), which may answer otherwise next time",),
    )  # fmt: skip
    (contact,) = jupyter_repro.input_files(shell=bench.shell).contacts
    assert (contact.cell, contact.hosts, contact.recorded) == ("cell 1", (address,), False)


@pytest.mark.parametrize(
    ("opens", "asks", "closes"),
    [
        (
            "import http.client; c = http.client.HTTPConnection('{}'); c.connect()",
            "c.request('GET', '/'); answer = c.getresponse().read()",
            "c.close()",
        ),
        (
            "import requests; c = requests.Session(); a = c.get('http://{}').text",
            "a = c.get('http://{}').text",
            "c.close()",
        ),
        (
            "import httpx; c = httpx.Client(); a = c.get('http://{}').text",
            "a = c.get('http://{}').text",
            "c.close()",
        ),
    ],
    ids=["http.client", "requests", "httpx"],
)
def test_a_connection_that_is_kept_open_is_seen_when_it_is_used_again(
    bench: Any, address: str, opens: str, asks: str, closes: str
) -> None:
    """A later cell that sends over it opens no socket."""
    for library in ("requests", "httpx"):
        if library in opens:
            pytest.importorskip(library)
    bench.write(a=opens.format(address), b=asks.format(address), c=closes)
    bench.run_all()
    found = jupyter_repro.input_files(shell=bench.shell).contacts
    assert [(contact.cell, contact.hosts) for contact in found] == [
        ("cell 1", (address,)),
        ("cell 2", (address,)),
    ]


def test_without_a_shell_there_is_nothing_to_tell() -> None:
    """It is an error of ours."""
    with pytest.raises(jupyter_repro.errors.NoNotebook):
        jupyter_repro.input_files()
