"""The extension in real kernels, driven as a front end drives them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.manager import KernelManager

import jupyter_repro

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    # jupyter_client leaves sockets and event loops of its own to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


class Kernel:
    """One kernel and its client."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.manager = KernelManager(transport="ipc", ip=str(folder / "sock"))
        environ = {
            **os.environ,
            "IPYTHONDIR": str(folder / "ipython"),
            "PYTHONDONTWRITEBYTECODE": "1",
            **environment,
        }
        self.manager.start_kernel(cwd=str(folder), env=environ)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def run(
        self, source: str, cell: str = "c", *, answer: str | None = None, **request: Any
    ) -> dict[str, str]:
        """Run a cell; return stdout, stderr, the result's text, that of displays, the error and the reply's status.

        With an ``answer`` the cell is to ask a question on the stdin channel: it is ``asked`` in what is returned.
        """
        found = {"stdout": "", "stderr": "", "result": "", "shown": "", "error": "", "asked": ""}
        if answer is not None:
            request["allow_stdin"] = True
        content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}, **request}
        content.update(allow_stdin=request.get("allow_stdin", False), stop_on_error=False)
        message = self.client.session.msg("execute_request", content)
        message["metadata"]["cellId"] = cell
        self.client.shell_channel.send(message)
        identity = message["header"]["msg_id"]
        if answer is not None:
            found["asked"] = self.client.get_stdin_msg(timeout=60)["content"]["prompt"]
            self.answer(answer)
        while True:
            told = self.client.get_iopub_msg(timeout=120)
            if told["parent_header"].get("msg_id") != identity:
                continue
            kind, content = told["msg_type"], told["content"]
            if kind == "stream":
                found[content["name"]] += content["text"]
            elif kind == "execute_result":
                found["result"] = content["data"]["text/plain"]
            elif kind == "display_data":
                found["shown"] += content["data"]["text/plain"]
            elif kind == "error":
                found["error"] = content["ename"]
            elif kind == "status" and content["execution_state"] == "idle":
                break
        found["status"] = self.client.get_shell_msg(timeout=120)["content"]["status"]
        return found

    def answer(self, text: str) -> None:
        """Answer a question, or interrupt the kernel that asks it where the text is ``^C``."""
        if text == "^C":
            self.manager.interrupt_kernel()
        else:
            self.client.input(text)

    def close(self) -> None:
        """Shut down."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()


def write_notebook(path: Path, **cells: str) -> None:
    """Save a notebook."""
    nodes = [
        {
            "cell_type": "code",
            "id": name,
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for name, source in cells.items()
    ]
    path.write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": nodes}), encoding="utf-8"
    )


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """Return a notebook on disk."""
    path = tmp_path / "paper.ipynb"
    write_notebook(
        path,
        govern="%load_ext jupyter_repro\n%repro seed=42 strict",
        make="x = 1",
        use="y = x + 1\ny",
        draw="import random\nrandom.random()",
    )
    return path


@pytest.fixture
def kernel(tmp_path: Path, notebook: Path) -> Iterator[Kernel]:
    """Return a kernel that knows the notebook as a server would tell it."""
    kernel = Kernel(tmp_path, JPY_SESSION_NAME=str(notebook))
    yield kernel
    kernel.close()


def test_top_to_bottom_is_silent_and_reproduced(kernel: Kernel, notebook: Path) -> None:
    """Loading and governing in one cell, then the rest: no warning, every cell reproduced."""
    for cell in json.loads(notebook.read_text())["cells"]:
        found = kernel.run(cell["source"], cell["id"])
        assert found["stderr"] == ""
    assert found["result"] == "0.6394267984578837"
    assert kernel.run("%repro", "govern2")["shown"].startswith("Restart & Run All would give")


def test_out_of_order_warns_once_in_one_line(kernel: Kernel, notebook: Path) -> None:
    """The reason and the remedy are there; the same departure is not repeated."""
    cells = {cell["id"]: cell["source"] for cell in json.loads(notebook.read_text())["cells"]}
    for name in ("govern", "make", "use", "draw"):
        kernel.run(cells[name], name)
    kernel.run("x = 5", "make")
    found = kernel.run(cells["draw"], "draw")
    assert found["stderr"].count("\n") == 1
    assert found["stderr"].startswith("repro: cell 4 has a shifted RNG: ")
    assert "Remedy: restart and run all" in found["stderr"]
    assert kernel.run("'nothing new'", "extra")["stderr"] == ""


def test_runs_without_history_and_silent_runs_do_no_harm(kernel: Kernel) -> None:
    """Front ends run code behind the user's back."""
    kernel.run("%load_ext jupyter_repro\n%repro seed=1", "govern")
    assert kernel.run("a = 1", silent=True, store_history=False)["status"] == "ok"
    assert kernel.run("b = 2", store_history=False)["status"] == "ok"
    assert kernel.run("a + b", "use")["result"] == "3"
    text = kernel.run("%repro status json", "s")["stdout"]
    assert "bound between cells" in text


def test_a_subshell_runs_beside_a_cell(kernel: Kernel) -> None:
    """Subshells of ipykernel 7 nest a run of another thread in a running cell."""
    kernel.run("%load_ext jupyter_repro", "govern")
    request = kernel.client.session.msg("create_subshell_request", {})
    kernel.client.control_channel.send(request)
    reply = kernel.client.get_control_msg(timeout=30)["content"]
    if reply.get("status") != "ok":
        pytest.skip("this ipykernel has no subshells")
    waits = "import time\nprint('main runs')\nwhile 'q' not in globals(): time.sleep(0.01)"
    main = kernel.client.session.msg(
        "execute_request", {"code": waits, "silent": False, "store_history": True}
    )
    main["metadata"]["cellId"] = "main"
    kernel.client.shell_channel.send(main)
    while "main runs" not in kernel.client.get_iopub_msg(timeout=30)["content"].get("text", ""):
        pass
    side = kernel.client.session.msg(
        "execute_request", {"code": "q = 2", "silent": False, "store_history": True}
    )
    side["header"]["subshell_id"] = reply["subshell_id"]
    side["metadata"]["cellId"] = "side"
    kernel.client.shell_channel.send(side)
    for _ in range(2):
        assert kernel.client.get_shell_msg(timeout=30)["content"]["status"] == "ok"
    while kernel.client.iopub_channel.msg_ready():
        kernel.client.get_iopub_msg(timeout=1)
    status = json.loads(kernel.run("%repro status json", "s")["stdout"])
    whys = {cell["id"]: " ".join(cell["why"]) for cell in status["cells"]}
    assert "another cell ran at the same time" in whys["main"] + whys["side"]


def test_interrupting_a_cell_is_recorded(kernel: Kernel) -> None:
    """An interrupted run is never `reproduced`."""
    import threading

    kernel.run("%load_ext jupyter_repro", "govern")
    threading.Timer(1.0, kernel.manager.interrupt_kernel).start()
    assert (
        kernel.run("import time\nfor _ in range(100): time.sleep(0.1)", "long")["error"]
        == "KeyboardInterrupt"
    )
    status = json.loads(kernel.run("%repro status json", "s")["stdout"])
    found = {cell["id"]: (cell["verdict"], cell["why"]) for cell in status["cells"]}
    assert found["long"] == ("unknown", ["its last run was interrupted"])


def test_the_journal_survives_kill_minus_9(kernel: Kernel, tmp_path: Path) -> None:
    """Every cell run that ended is in the journal after SIGKILL."""
    from jupyter_repro.store.journal import read_journal

    kernel.run("%load_ext jupyter_repro\n%repro seed=3", "govern")
    kernel.run("x = 1", "a")
    kernel.run("import os, signal; y = 2", "b")
    os.kill(kernel.manager.provisioner.process.pid, 9)
    (journal,) = (tmp_path / ".jupyter_repro").rglob("*.jsonl")
    content = read_journal(journal)
    assert [run.cell for run in content.runs] == ["govern", "a", "b"]
    assert content.complete


def test_autoload_through_ipython_config(tmp_path: Path) -> None:
    """`ipython_config.py` loads and seeds before the first cell."""
    profile = tmp_path / "ipython" / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_config.py").write_text(
        "c.InteractiveShellApp.extensions = ['jupyter_repro']\nc.ReproMagics.seed = 42\n"
    )
    kernel = Kernel(tmp_path)
    try:
        assert kernel.run("import random; random.random()", "a")["result"] == "0.6394267984578837"
        status = json.loads(kernel.run("%repro status json", "s")["stdout"])
        assert status["cells"][0]["verdict"] == "reproduced"
        assert status["governed"] == {"seed": 42, "strictness": "off", "entropy": "report", "per_cell": False}
    finally:
        kernel.close()


def test_export_from_the_notebook(kernel: Kernel, notebook: Path) -> None:
    """`%repro export` writes a bundle whose canonical run does not export again."""
    cells = {cell["id"]: cell["source"] for cell in json.loads(notebook.read_text())["cells"]}
    for name, source in cells.items():
        kernel.run(source, name)
    write_notebook(notebook, **cells, pack="%repro export paper.repro.zip")
    found = kernel.run("%repro export paper.repro.zip", "pack")
    assert found["error"] == "", found
    assert "wrote paper.repro.zip" in found["stdout"]
    with zipfile.ZipFile(notebook.parent / "paper.repro.zip") as archive:
        assert {"repro.json", "reference.ipynb", "verifier/__main__.py", "__main__.py"} <= set(
            archive.namelist()
        )
        reference = json.loads(archive.read("reference.ipynb"))
    assert "export is left out" in json.dumps(reference["cells"][-1]["outputs"])


def test_export_of_an_unsaved_notebook_is_refused(kernel: Kernel, notebook: Path) -> None:
    """What ran is not on disk: one line, with the remedy, and nothing written."""
    kernel.run("%load_ext jupyter_repro", "govern")
    kernel.run("x = 99", "make")
    found = kernel.run("%repro export paper.repro.zip", "pack")
    assert found["error"] == "UsageError" or "UsageError" in found["stderr"] + found["stdout"]
    assert not (notebook.parent / "paper.repro.zip").exists()


def test_export_without_a_known_path(tmp_path: Path) -> None:
    """A console has no notebook: the command for the terminal is named."""
    kernel = Kernel(tmp_path)
    try:
        kernel.run("%load_ext jupyter_repro", "a")
        found = kernel.run("%repro export paper.repro.zip", "b")
        assert "no notebook path is known" in found["stdout"] + found["stderr"]
    finally:
        kernel.close()


def test_importing_loads_nothing_heavy() -> None:
    """`import jupyter_repro` and loading the extension leave numpy, torch, git, nbclient, pynvml out."""
    code = (
        "import sys, jupyter_repro\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "before = set(sys.modules)\n"
        "shell = InteractiveShell.instance(); shell.run_line_magic('load_ext', 'jupyter_repro')\n"
        "shell.run_line_magic('repro', 'seed=42 strict')\n"
        "heavy = {'numpy','torch','pandas','git','nbclient','nbformat','pynvml','rich','click','uv','jupyter_client'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_without_a_seed_only_draws_are_shifted(kernel: Kernel, notebook: Path) -> None:
    """A library that is imported while nothing is governed has drawn nothing yet."""
    cells = {
        "load": "%load_ext jupyter_repro",
        "numpy": "import numpy as np\na = np.arange(5).sum()",
        "pandas": "import pandas as pd\nframe = pd.DataFrame({'x': [1, 2]}).sum()",
        "draw": "c = np.random.rand()",
        "after": "d = a + 1",
    }
    write_notebook(notebook, **cells)
    for name, source in cells.items():
        kernel.run(source, name)
    status = json.loads(kernel.run("%repro status json", "s")["stdout"])
    found = {cell["id"]: cell["verdict"] for cell in status["cells"]}
    assert {name: found[name] for name in cells if name != "load"} == {
        "numpy": "reproduced",
        "pandas": "reproduced",
        "draw": "rng shifted",
        "after": "reproduced",
    }


@pytest.mark.parametrize("kill", [False, True])
def test_the_end_of_a_kernel_is_on_record(kernel: Kernel, notebook: Path, kill: bool) -> None:  # noqa: FBT001 - a table
    """Judged where it was shut down; from its journal where it was killed."""
    cells = {"load": "%load_ext jupyter_repro\n%repro seed=42", "draw": "import random\nrandom.random()"}
    write_notebook(notebook, **cells)
    for name, source in cells.items():
        kernel.run(source, name)
    folder = notebook.parent / ".jupyter_repro"
    for _ in range(200):
        if list(folder.glob("env-*.json")):
            break
        time.sleep(0.05)
    kernel.manager.shutdown_kernel(now=kill)
    (run,) = jupyter_repro.runs(notebook.parent)
    assert (run.kind, run.notebook, len(run.cells)) == ("session", notebook.name, 2)
    assert run.cells[1].outputs
    if kill:
        assert "verdict" in run.absent
        return
    assert run.verdict == "reproduced"
    assert run.seed is not None
    assert run.seed.seed == 42


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a process cannot take the place of another")
def test_restart_takes_effect(kernel: Kernel, notebook: Path) -> None:
    """`%repro restart` makes the variables of the start real: same process number, same client, no names."""
    kernel.run("%load_ext jupyter_repro\nx = 1\nimport os")
    refused = kernel.run("%repro restart now")
    assert "a program runs this notebook" in refused["stderr"] + refused["stdout"]
    before = kernel.run("os.getpid()")["result"]
    said = kernel.run("%repro restart now", allow_stdin=True)["stdout"]
    assert "PYTHONHASHSEED=0" in said
    time.sleep(1)  # the old process answers for half a second more
    kernel.client.wait_for_ready(timeout=60)
    now = kernel.run("import os, sys\n(os.getpid(), sys.flags.hash_randomization, 'x' in globals())")[
        "result"
    ]
    assert now == f"({before}, 0, False)"
    assert kernel.run("os.environ['CUBLAS_WORKSPACE_CONFIG']")["result"] == "':4096:8'"
    again = kernel.run("%load_ext jupyter_repro\n%repro restart now", allow_stdin=True)["stdout"]
    assert "nothing to do" in again
    assert [run.kind for run in jupyter_repro.runs(notebook.parent)] == ["session"]


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a process cannot take the place of another")
def test_restart_asks_first(kernel: Kernel, notebook: Path) -> None:
    """Only `y` or `yes` restarts; anything else, and an interrupt, leaves the kernel, its names and the record."""
    write_notebook(notebook, a="%load_ext jupyter_repro\nx = 1", c="x + 1")
    kernel.run("%load_ext jupyter_repro\nx = 1", "a")
    for answer in ("n", "", "please"):
        found = kernel.run("%repro restart", "b", answer=answer)
        assert found["asked"].startswith("Restart the kernel for ")
        assert "PYTHONHASHSEED" in found["asked"]
        assert found["asked"].endswith("All names are lost, cells that wait too. [y/N] ")
        assert found["stdout"] == "repro: not restarted\n"
        assert found["status"] == "ok"
    assert kernel.run("%repro restart", "b", answer="^C")["error"] == "KeyboardInterrupt"
    assert kernel.run("x + 1", "c")["result"] == "2"
    status = json.loads(kernel.run("%repro status json", "s")["stdout"])
    assert {cell["id"]: cell["order"] for cell in status["cells"]} == {"a": 1, "b": 5, "c": 6}
    said = kernel.run("%repro restart hashseed=7", "b", answer=" Yes ")["stdout"]
    assert "the kernel starts anew with" in said
    time.sleep(1)  # the old process answers for half a second more
    kernel.client.wait_for_ready(timeout=60)
    assert (
        kernel.run("import os\n(os.environ['PYTHONHASHSEED'], 'x' in globals())")["result"] == "('7', False)"
    )
