"""Real kernels: outputs where they belong, errors, limits, and a kernel that dies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.verifier.errors import RunFailed
from jupyter_repro.verifier.execute import Event, Executed, KernelSpec, Limits, execute

if TYPE_CHECKING:
    from pathlib import Path


def _notebook(*sources: str, tags: dict[int, list[str]] | None = None) -> dict[str, Any]:
    cells = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "source": source,
            "metadata": {"tags": (tags or {}).get(number, [])},
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "stale"}],
            "execution_count": 9,
        }
        for number, source in enumerate(sources)
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def _run(
    folder: Path,
    *sources: str,
    limits: Limits | None = None,
    tags: dict[int, list[str]] | None = None,
    environment: dict[str, str] | None = None,
) -> Executed:
    kernel = KernelSpec(sys.executable, folder, environment=environment or {})
    return execute(_notebook(*sources, tags=tags), kernel=kernel, limits=limits)


def _shown(executed: Executed) -> list[list[Any]]:
    """Return the outputs of each cell in short: text, data or the error's name."""
    return [
        [output.get("text") or output.get("data") or output["ename"] for output in cell["outputs"]]
        for cell in executed.notebook["cells"]
    ]


def test_outputs_land_where_they_belong(tmp_path: Path) -> None:
    """Streams are joined, display updates change the cell that made the display, clear_output clears."""
    executed = _run(
        tmp_path,
        "print('a')\nprint('b')",
        "1 + 1",
        "from IPython.display import clear_output, display\nhandle = display(1, display_id=True)",
        "handle.update(2)",
        "print('gone')\nclear_output(wait=True)\nprint('kept')",
        "print('gone')\nclear_output()",
        "   ",
        "import os\nos.path.samefile(os.getcwd(), '.') and os.path.basename(os.getcwd())",
    )
    plain = "text/plain"
    assert _shown(executed) == [
        ["a\nb\n"],
        [{plain: "2"}],
        [{plain: "2"}],
        [],
        ["kept\n"],
        [],
        [],
        [{plain: repr(tmp_path.name)}],
    ]
    assert {cell.ended for cell in executed.cells} == {"ok"}
    assert executed.died is None


def test_the_notebook_given_stays_as_it_is(tmp_path: Path) -> None:
    """The fresh outputs are in a copy, with a count of their own; events tell each start and end."""
    notebook = _notebook("1", "2")
    before = json.dumps(notebook)
    events: list[Event] = []
    executed = execute(notebook, kernel=KernelSpec(sys.executable, tmp_path), on_event=events.append)
    assert before == json.dumps(notebook)
    assert [cell["execution_count"] for cell in executed.notebook["cells"]] == [1, 2]
    assert [(e.kind, e.cell, e.position, e.total, e.ended) for e in events] == [
        ("start", "c0", 1, 2, None),
        ("end", "c0", 1, 2, "ok"),
        ("start", "c1", 2, 2, None),
        ("end", "c1", 2, 2, "ok"),
    ]


@pytest.mark.parametrize(
    ("tag", "second"), [([], "not run"), (["raises-exception"], "ok")], ids=["stops", "goes on"]
)
def test_an_error_ends_the_run_unless_it_is_expected(tmp_path: Path, tag: list[str], second: str) -> None:
    """As Restart & Run All: the cells behind are not run, and do not look as if they were."""
    executed = _run(tmp_path, "1 / 0", "2", tags={0: tag})
    assert [cell.ended for cell in executed.cells] == ["error", second]
    assert executed.cells[0].error == "ZeroDivisionError: division by zero"
    assert [cell["metadata"]["jupyter_repro"]["ended"] for cell in executed.notebook["cells"]] == [
        "error",
        second,
    ]
    assert (second == "ok") == bool(_shown(executed)[1])


def test_an_error_that_is_not_shown_is_told(tmp_path: Path) -> None:
    """What a handler swallows, or a kernel without a thread left cannot format, the reply still says."""
    handler = "get_ipython().set_custom_exc((ZeroDivisionError,), lambda *_, **__: None)"
    executed = _run(tmp_path, handler, "1 / 0", "2")
    assert [cell.ended for cell in executed.cells] == ["ok", "error", "not run"]
    assert executed.notebook["cells"][1]["outputs"] == []
    assert executed.cells[1].error == "ZeroDivisionError: division by zero"


def test_input_is_refused(tmp_path: Path) -> None:
    """Nobody is there to answer: an error, not a hang."""
    executed = _run(tmp_path, "input('name?')")
    assert _shown(executed)[0][-1] == "StdinNotImplementedError"


def test_a_folder_with_a_long_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket's name has a hundred bytes at most: a temporary folder may have a longer one."""
    folder = tmp_path / ("long" * 25)
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    assert _shown(_run(tmp_path, "print('here')")) == [["here\n"]]


def test_a_dead_kernel_is_told(tmp_path: Path) -> None:
    """The run ends there with the reason."""
    executed = _run(tmp_path, "import os\nos._exit(3)", "1")
    assert [cell.ended for cell in executed.cells] == ["died", "not run"]
    assert executed.died is not None
    assert executed.died.startswith("the kernel died")
    assert not executed.limit


_FLOOD = "from IPython.display import display\nwhile True:\n    display(1)"
_GRANDCHILD = """\
import subprocess, sys, time
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("source", ["while True: pass", "while True: print('x' * 99)", _FLOOD])
def test_a_cell_that_takes_too_long(tmp_path: Path, source: str) -> None:
    """The limit holds for a silent cell and for one that floods us."""
    executed = _run(tmp_path, source, "1", limits=Limits(cell_timeout_s=2))
    assert [cell.ended for cell in executed.cells] == ["timeout", "not run"]
    assert executed.limit
    assert executed.died is not None
    assert executed.died.startswith("a cell took more than 2 s")


def test_the_whole_run_takes_too_long(tmp_path: Path) -> None:
    """Short cells add up."""
    executed = _run(tmp_path, *["import time\ntime.sleep(0.8)"] * 4, limits=Limits(total_timeout_s=2))
    assert executed.limit
    assert [cell.ended for cell in executed.cells][-1] == "not run"
    assert executed.died is not None
    assert executed.died.startswith("the run took more than 2 s")


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks the process up in /proc")  # noqa: PTH112 - a constant
def test_what_the_kernel_started_ends_with_it(tmp_path: Path) -> None:
    """A process of a cell does not outlive the limit."""
    executed = _run(tmp_path, _GRANDCHILD, limits=Limits(cell_timeout_s=2))
    pid = int(_shown(executed)[0][0])
    deadline = time.monotonic() + 30
    while _lives(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _lives(pid)


def _lives(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:  # noqa: PTH123 - a line of the kernel's
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="address space limits hold on Linux")
def test_the_memory_limit(tmp_path: Path) -> None:
    """A cell that asks for more ends the run with the limit as the reason."""
    executed = _run(tmp_path, "x = bytearray(10 ** 10)", "1", limits=Limits(memory_bytes=2 << 30))
    assert executed.limit
    assert [cell.ended for cell in executed.cells] == ["error", "not run"]


def test_the_reader_s_settings_stay_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders of settings are fresh and empty, whatever the reader or the bundle says; the bundle's rest holds."""
    monkeypatch.setenv("PYTHONPATH", "/reader")
    source = (
        "import os\n"
        "names = ('IPYTHONDIR', 'JUPYTER_CONFIG_DIR', 'PYTHONNOUSERSITE', 'JUPYTER_REPRO_RUN', 'OURS', 'PYTHONPATH')\n"
        "import json\nprint(json.dumps({name: os.environ.get(name) for name in names}))"
    )
    executed = _run(
        tmp_path,
        source,
        environment={"OURS": "1", "PYTHONPATH": "/b", "IPYTHONDIR": "/b", "PYTHONNOUSERSITE": ""},
    )
    found = json.loads(_shown(executed)[0][0])
    assert (found["OURS"], found["PYTHONNOUSERSITE"], found["JUPYTER_REPRO_RUN"]) == ("1", "1", "1")
    assert found["PYTHONPATH"] is None
    assert found["IPYTHONDIR"] not in (None, "/b")
    assert "jr-kernel-" in found["JUPYTER_CONFIG_DIR"]


def test_a_kernel_that_does_not_start(tmp_path: Path) -> None:
    """The last line that the interpreter wrote is the reason."""
    with pytest.raises(RunFailed, match=r"the kernel did not start: .*Nonsense"):
        execute(_notebook("1"), kernel=KernelSpec(str(_broken(tmp_path)), tmp_path))


def _broken(folder: Path) -> Path:
    path = folder / "python"
    path.write_text("#!/bin/sh\necho 'No module named Nonsense' >&2\nexit 1\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_execute_main(tmp_path: Path) -> None:
    """The same run through the subprocess entry: events as JSON lines, the result as the last."""
    (tmp_path / "nb.json").write_text(json.dumps(_notebook("1 / 0", "1 + 1")), encoding="utf-8")
    request = {
        "notebook": str(tmp_path / "nb.json"),
        "cwd": str(tmp_path),
        "root": str(tmp_path),
        "packages": [],
        "arguments": [],
        "environment": {},
        "limits": {"cell_timeout_s": 60},
        "expected": ["c0"],
    }
    (tmp_path / "request.json").write_text(json.dumps(request), encoding="utf-8")
    command = [sys.executable, "-m", "jupyter_repro.verifier.execute_main", str(tmp_path / "request.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    result = rows.pop()["result"]
    assert [(row["kind"], row["ended"]) for row in rows if row["kind"] == "end"] == [
        ("end", "error"),
        ("end", "ok"),
    ]
    assert [cell["ended"] for cell in result["cells"]] == ["error", "ok"]
    assert result["notebook"]["cells"][1]["outputs"][0]["data"] == {"text/plain": "2"}
