"""A notebook that asked a web API: its recorded answers travel, and a reader without a network gets them."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uv

pytest.importorskip("vcr", reason="not in the development set; `make data-libraries` has it")

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[2]
PRICES = [3, 5, 7]
_RUN = """\
import sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(cwd=sys.argv[1])
try:
    for source in sys.argv[2:]:
        reply = client.execute_interactive(source, timeout=120)
        assert reply["content"]["status"] == "ok", reply["content"]
finally:
    client.stop_channels()
    manager.shutdown_kernel()
"""


class Api:
    """A web server on this machine that counts who asks."""

    def __init__(self, port: int = 0, prices: list[int] | None = None) -> None:
        self.count = 0
        api = self
        body = json.dumps({"prices": prices or PRICES}).encode()

        class Says(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                api.count += 1
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Says)
        self.port = self.server.server_port


@contextmanager
def _serving(port: int = 0, prices: list[int] | None = None) -> Iterator[Api]:
    api = Api(port, prices)
    thread = threading.Thread(target=api.server.serve_forever)
    thread.start()
    try:
        yield api
    finally:
        api.server.shutdown()
        api.server.server_close()
        thread.join()


def _environment(base: Path) -> Path:
    """Make the author's environment: this package with its extra, and nothing else."""
    subprocess.run(
        [uv.find_uv_bin(), "venv", "-q", "--python", sys.executable, str(base / "venv")], check=True
    )
    python = base / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    install = [uv.find_uv_bin(), "pip", "install", "-q", "--python", str(python), f"{REPOSITORY}[http]"]
    subprocess.run(install, check=True, env={**os.environ, "SKIP_JUPYTER_BUILDER": "1"})
    return python


def _notebook(folder: Path, url: str) -> tuple[Path, list[str]]:
    sources = [
        "%load_ext jupyter_repro",
        f"%%repro http record prices\nimport json, urllib.request\n"
        f"with urllib.request.urlopen('{url}/prices?day=1') as found:\n    prices = json.load(found)['prices']",
        "print(sum(prices))",
    ]
    shown = {2: [{"output_type": "stream", "name": "stdout", "text": f"{sum(PRICES)}\n"}]}
    cells = [
        {"cell_type": "code", "id": f"cell-{n}", "metadata": {}, "source": source, "execution_count": n + 1,
         "outputs": shown.get(n, [])}
        for n, source in enumerate(sources)
    ]  # fmt: skip
    path = folder / "paper.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    return path, sources


def _repro(python: Path, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program = python.with_name("jupyter-repro" + python.suffix)
    return subprocess.run([program, *words], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_answers_travel(tmp_path: Path) -> None:
    """Recorded once from a real server; exported without it; verified while another one stands there, which nobody asks."""
    python = _environment(tmp_path)
    folder = tmp_path / "project"
    folder.mkdir()
    with _serving() as api:
        path, sources = _notebook(folder, f"http://127.0.0.1:{api.port}")
        subprocess.run([python, "-c", _RUN, str(folder), *sources], check=True, capture_output=True)
        assert api.count == 1
    with _serving(api.port, [1000]) as other:
        exported = _repro(python, "export", path.name, folder=folder)
        assert exported.returncode == 0, exported.stderr
        bundle = folder / "paper.repro.zip"
        with zipfile.ZipFile(bundle) as archive:
            assert [name for name in archive.namelist() if name.endswith("prices.http.json")]
        # nothing of the author's folder is at hand
        for left in ("prices.http.json", "paper.ipynb"):
            (folder / left).unlink()
        done = _repro(python, "verify", bundle.name, "--sandbox", "if-possible", "--json", folder=folder)
        report = json.loads(done.stdout)
        assert (done.returncode, report["verdict"]) == (0, "reproduced"), report["headline"]
        assert [cell["verdict"] for cell in report["cells"]] == ["identical"] * 3
        assert other.count == 0
    if report["isolation"]["kind"] == "bubblewrap":
        assert report["isolation"]["network"] is False
