"""`%%repro http`: what a web API answered is kept in a file, and a cell hangs on that file instead of the network."""

from __future__ import annotations

import gzip
import http.server
import json
import subprocess
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any

import pytest

import jupyter_repro
from jupyter_repro.errors import RunFailed
from jupyter_repro.kernel.options import parse_options
from jupyter_repro.kernel.requests import Http

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_repro.bundle.canonical import CanonicalRun

TOKEN = "ghp_a8Fk29sLq0Zx7Vb3Nm5Tq1Wc6Yd4Re8Uh0Jo"


class Api:
    """A real web server on this machine that counts, and says what it was asked."""

    def __init__(self) -> None:
        self.count = 0
        self.packed = False
        api = self

        class Says(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                api.count += 1
                if self.path.startswith("/login"):
                    body = {"token": TOKEN, "count": api.count}
                else:
                    body = {"path": self.path.partition("?")[0], "count": api.count}
                self.answer(json.dumps(body).encode())

            def do_POST(self) -> None:
                api.count += 1
                asked = self.rfile.read(int(self.headers["Content-Length"]))
                self.answer(json.dumps({"size": len(asked), "count": api.count}).encode())

            def answer(self, body: bytes) -> None:
                self.send_response(200)
                if api.packed:
                    body = gzip.compress(body)
                    self.send_header("Content-Encoding", "gzip")
                self.send_header("Content-Type", "application/json")
                self.send_header("Set-Cookie", f"session={TOKEN}")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Says)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def api() -> Iterator[Api]:
    pytest.importorskip("vcr", reason="not in the development set; `make data-libraries` has it")
    server = Api()
    yield server
    server.stop()


CLIENTS = {
    "urllib": "import json, urllib.request\nwith urllib.request.urlopen('{}') as found: answer = json.load(found)",
    "requests": "import requests\nanswer = requests.get('{}').json()",
    "session": "import requests\nwith requests.Session() as s: answer = s.get('{}').json()",
    "httpx": "import httpx\nanswer = httpx.get('{}').json()",
    "http.client": "import http.client, json\nfrom urllib.parse import urlsplit\nparts = urlsplit('{}')\n"
    "c = http.client.HTTPConnection(parts.netloc); c.request('GET', parts.path)\nanswer = json.load(c.getresponse()); c.close(); del c",
}


@pytest.mark.parametrize(
    ("client", "packed"),
    [(client, False) for client in CLIENTS] + [(client, True) for client in ("requests", "session", "httpx")],
)
def test_a_recorded_cell_is_answered_from_the_file(
    bench: Any, api: Api, client: str, tmp_path: Path, capsys: Any, *, packed: bool
) -> None:
    """With the server gone too; its verdict hangs on the file, and the file tells nothing new."""
    for library in ("requests", "httpx"):
        if library in CLIENTS[client]:
            pytest.importorskip(library)
    api.packed = packed
    bench.write(a="%%repro http record api\n" + CLIENTS[client].format(api.url + "/x"), b="answer['count']")
    assert bench.run("a", "b").success
    assert "recorded 1 answer in api.http.json" in capsys.readouterr().err
    assert bench.status().cells[0].verdict == "reproduced"
    kept = (tmp_path / "api.http.json").read_bytes()
    api.stop()
    assert bench.run("a", "b").result == 1
    assert capsys.readouterr().err == ""
    assert (tmp_path / "api.http.json").read_bytes() == kept
    found = bench.status()
    assert [cell.verdict for cell in found.cells] == ["reproduced", "reproduced"]
    (contact,) = jupyter_repro.input_files(shell=bench.shell).contacts
    assert (contact.hosts, contact.recorded) == ((api.host,), True)
    (tmp_path / "api.http.json").write_bytes(kept.replace(b'"count', b'"Count'))
    assert bench.status().cells[0].verdict == "input changed"


def test_a_request_that_is_not_in_the_file_is_named(bench: Any, api: Api, capsys: Any) -> None:
    """Under `replay` nobody is asked; `record` adds it."""
    one = f"import urllib.request as u\nu.urlopen('{api.url}/one').close()"
    two = f"{one}\nu.urlopen('{api.url}/two?api_key=abc').close()"
    bench.write(a=f"%%repro http record api\n{one}", b=f"%%repro http replay api\n{two}")
    bench.run("a")
    error = bench.run("b").error_in_exec
    assert "GET" in str(error)
    assert f"{api.url}/two?api_key=REDACTED" in str(error)
    assert "record" in str(error)
    assert api.count == 1
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if "two?api_key" in (frame.line or "")
    ]
    assert lines, "the line that asked is shown"
    bench.edit("a", f"%%repro http record api\n{two}")
    assert bench.run("a", "b").success
    assert api.count == 2


def test_without_a_file_replay_says_how_to_get_one(bench: Any, api: Api, monkeypatch: Any) -> None:
    """So does `record`, where the runs of a bundle must replay."""
    bench.write(a=f"%%repro http replay\nimport urllib.request as u\nu.urlopen('{api.url}').close()")
    assert "no recorded answers in `a.http.json`" in str(bench.run("a").error_in_exec)
    bench.edit("a", bench.sources["a"].replace("replay", "record"))
    monkeypatch.setenv("JUPYTER_REPRO_HTTP", "replay")
    assert "no recorded answers in `a.http.json`" in str(bench.run("a").error_in_exec)
    assert api.count == 0


def test_one_question_asked_twice_has_two_answers_in_their_order(bench: Any, api: Api) -> None:
    """A loop that waits for something ends as it ended."""
    source = (
        "import json, urllib.request as u\n"
        f"counts = [json.load(u.urlopen('{api.url}/poll'))['count'] for _ in range(3)]\ncounts"
    )
    bench.write(a=f"%%repro http record\n{source}")
    assert bench.run("a").result == [1, 2, 3]
    assert bench.run("a").result == [1, 2, 3]
    bench.edit("a", f"%%repro http refresh\n{source}")
    assert bench.run("a").result == [4, 5, 6]


def test_bodies_are_told_apart(bench: Any, api: Api) -> None:
    """Two POSTs to one address are two questions."""
    ask = "json.load(u.urlopen('{}', data={!r}))['size']"
    source = f"import json, urllib.request as u\n({ask.format(api.url, b'a')}, {ask.format(api.url, b'abc')})"
    turned = f"import json, urllib.request as u\n({ask.format(api.url, b'abc')}, {ask.format(api.url, b'a')})"
    bench.write(a=f"%%repro http record api\n{source}", b=f"%%repro http replay api\n{turned}")
    assert bench.run("a").result == (1, 3)
    assert bench.run("b").result == (3, 1)


def test_no_credential_reaches_the_file(bench: Any, api: Api, tmp_path: Path, capsys: Any) -> None:
    """Neither of the request (header, address, query, body) nor of the answer (cookie, body)."""
    pytest.importorskip("requests")
    source = (
        "import requests\n"
        f"head = {{'Authorization': 'Bearer {TOKEN}', 'X-Api-Key': 'kkkey12345', 'Cookie': 'a={TOKEN}'}}\n"
        f"url = '{api.url}'.replace('//', '//user:passw0rd1@')\n"
        f"first = requests.get(url + '/login', headers=head, params={{'api_key': 'qqquery1234', 'page': '2'}}).json()['token']\n"
        f"form = requests.post(url, data={{'password': 'ffform1234', 'name': 'x'}}).json()\n"
        f"sent = requests.post(url, json={{'client_secret': 'jjjson1234Q9', 'deep': ['{TOKEN}']}}).json()\n"
    )
    bench.write(a=f"%%repro http record api\n{source}", b="first[:4]")
    assert bench.run("a", "b").result == "ghp_"
    assert "credentials were taken out of 1 of them" in capsys.readouterr().err
    text = (tmp_path / "api.http.json").read_text(encoding="utf-8")
    for secret in (TOKEN, "kkkey12345", "passw0rd1", "qqquery1234", "ffform1234", "jjjson1234Q9"):
        assert secret not in text
    assert "page=2" in text
    api.stop()
    assert bench.run("a").success
    assert bench.run("b").result == "[RED"


def test_what_goes_by_the_recorder_stays_unknown(bench: Any, api: Api) -> None:
    """A plain socket to another port, and a session that was open before."""
    pytest.importorskip("requests")
    other = Api()
    plain = f"import socket\nsocket.create_connection(('127.0.0.1', {other.host.split(':')[1]})).close()"
    web = f"import urllib.request as u\nu.urlopen('{api.url}').close()"
    bench.write(
        a=f"%%repro http record api\n{web}\n{plain}",
        b=f"import requests; s = requests.Session(); r = s.get('{api.url}/x').text",
        c=f"%%repro http record more\nu.urlopen('{api.url}').close(); r = s.get('{api.url}/x').text",
        d="s.close()",
    )
    bench.run("a", "b", "c", "d")
    other.stop()
    found = bench.verdicts()
    assert (found["a"], found["c"]) == ("unknown", "unknown")


def test_loading_the_recorder_draws_nothing(api: Api) -> None:
    """A library that vcrpy imports draws at its import; the user's stream does not notice."""
    probe = (
        "import random\nbefore = random.getstate()\nfrom jupyter_repro.inputs.web.cassette import _vcr\n"
        "_vcr()\nprint(random.getstate() == before)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("http", Http()),
        ("http record", Http("record")),
        ("http replay answers/api", Http("replay", "answers/api")),
        ("http refresh api", Http("refresh", "api")),
    ],
)
def test_words(line: str, expected: Http) -> None:
    """Recording is what is usually meant."""
    assert parse_options(line) == expected


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("%repro http record", "is about a cell"),
        ("%%repro http recrod\n1", "did you mean `record`"),
        ("%%repro http record a b\n1", "takes one name"),
    ],
)
def test_slips_are_one_line(shell: Any, cell: str, says: str, capsys: Any) -> None:
    """And run nothing."""
    shell.run_cell(cell)
    assert says in capsys.readouterr().err


def test_without_vcrpy_the_install_command_is_said(bench: Any, monkeypatch: Any, capsys: Any) -> None:
    """In one line, and nothing runs."""
    monkeypatch.setitem(sys.modules, "vcr", None)
    bench.write(a="%%repro http record\nran = True")
    bench.run("a")
    assert "needs vcrpy; run `%pip install" in capsys.readouterr().err
    assert "ran" not in bench.shell.user_ns


def test_the_run_for_a_bundle_is_answered_from_the_file_and_carries_it(
    bench: Any, api: Api, tmp_path: Path
) -> None:
    """A real fresh kernel, with the server gone; nothing is left of the network."""
    from jupyter_repro.bundle.canonical import canonical_run
    from jupyter_repro.bundle.dists import read_interpreter
    from jupyter_repro.bundle.notebook import read_notebook
    from jupyter_repro.records import SeedPlan

    interpreter = read_interpreter(sys.executable)
    if interpreter.find("jupyter-repro") is None:
        pytest.skip("jupyter_repro is not installed in this Python")
    bench.write(
        a="%load_ext jupyter_repro",
        b=f"%%repro http record\nimport json, urllib.request as u\njson.load(u.urlopen('{api.url}/x'))['count']",
    )
    bench.run_all()
    api.stop()

    def run() -> CanonicalRun:
        return canonical_run(
            read_notebook(bench.path),
            plan=SeedPlan(),
            interpreter=interpreter,
            cell_timeout_s=120,
            progress=lambda _step: None,
        )

    done = run()
    assert done.environment["JUPYTER_REPRO_HTTP"] == "replay"
    assert done.node["cells"][1]["outputs"][0]["data"]["text/plain"] == "1"
    assert str(tmp_path / "b.http.json") in done.trace.read
    assert done.trace.effects == ()
    assert str(tmp_path / "b.http.json") not in done.trace.written
    (tmp_path / "b.http.json").unlink()
    with pytest.raises(RunFailed, match="cell 2"):
        run()
