"""The canonical run: a real fresh kernel, in document order, under the plan."""

from __future__ import annotations

import hashlib
import json
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_repro.bundle.canonical import CanonicalRun, canonical_run
from jupyter_repro.bundle.dists import read_interpreter
from jupyter_repro.bundle.notebook import read_notebook
from jupyter_repro.errors import RunFailed
from jupyter_repro.records import SeedPlan

pytestmark = pytest.mark.slow

_ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}


def _cell(
    source: str, *, tags: tuple[str, ...] = (), outputs: tuple[dict[str, Any], ...] = ()
) -> dict[str, Any]:
    metadata = {"tags": list(tags), "execution": {"iopub.execute_input": "2026-01-01T00:00:00Z"}}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": list(outputs), "execution_count": None}  # fmt: skip


def _run(
    folder: Path, *cells: dict[str, Any], plan: SeedPlan | None = None, timeout: float | None = 120
) -> CanonicalRun:
    for number, cell in enumerate(cells):
        cell["id"] = f"c{number}"
    path = folder / "nb.ipynb"
    node = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}
    path.write_text(json.dumps(node), encoding="utf-8")
    return canonical_run(
        read_notebook(path),
        plan=plan or SeedPlan(),
        interpreter=read_interpreter(sys.executable),
        cell_timeout_s=timeout,
        progress=lambda _step: None,
    )


def _results(run: CanonicalRun) -> list[str]:
    outputs = [output for cell in run.node["cells"] for output in cell["outputs"]]
    return [output["data"]["text/plain"] for output in outputs if "data" in output]


def test_plan_hash_seed_and_folder_are_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first draw after seed 42 is the first draw; the folder is the notebook's; hashing is fixed."""
    monkeypatch.chdir("/")
    cells = [_cell("import random, os\nrandom.random()"), _cell("os.getcwd(), os.environ['PYTHONHASHSEED']")]
    run = _run(tmp_path, *cells, plan=SeedPlan(seed=42, strictness="strict"))
    # a long folder makes IPython break the line of a tuple
    shown = [result.replace("\n", "") for result in _results(run)]
    assert shown == ["0.6394267984578837", f"({str(tmp_path.resolve())!r}, '0')"]
    assert "jupyter_repro.kernel.recorder" not in " ".join(run.arguments)
    assert "JUPYTER_REPRO_INPUTS" not in run.environment


def test_notebook_that_governs_itself(tmp_path: Path) -> None:
    """Its own seed is in force, not the one of the plan."""
    load = _cell("%load_ext jupyter_repro\n%repro seed=7")
    run = _run(tmp_path, load, _cell("import random\nrandom.random()"), plan=SeedPlan(seed=42))
    assert _results(run)[-1] == "0.32383276483316237"
    assert run.arguments == ()


def test_files_are_traced(tmp_path: Path) -> None:
    """Read, written and imported files are told apart."""
    (tmp_path / "x.csv").write_text("1\n")
    (tmp_path / "helper.py").write_text("def f():\n    return 7\n")
    run = _run(
        tmp_path,
        _cell("open('x.csv').read()"),
        _cell("open('made.txt', 'w').write('1')\nopen('made.txt').read()"),
        _cell("import helper\nhelper.f()"),
    )
    assert str(tmp_path / "x.csv") in run.trace.read
    assert str(tmp_path / "made.txt") not in set(run.trace.read) - set(run.trace.products)
    assert str(tmp_path / "helper.py") in run.trace.modules


def test_reference_is_stable(tmp_path: Path) -> None:
    """Two runs give the same notebook; nothing in it names a moment."""
    first = _run(tmp_path, _cell("print({'a', 'b', 'c'})"), _cell("1/0", tags=("raises-exception",)))
    second = _run(tmp_path, _cell("print({'a', 'b', 'c'})"), _cell("1/0", tags=("raises-exception",)))
    assert first.node == second.node
    assert "iopub" not in json.dumps(first.node)
    assert first.errors == {"c1": "ZeroDivisionError"}


@pytest.mark.parametrize(
    ("source", "timeout", "reason"),
    [
        ("raise ValueError('no\\nway')", None, "cell 1 fails in a fresh kernel: ValueError: no way"),
        ("from nowhere import x", None, "cell 1 fails in a fresh kernel: ModuleNotFoundError"),
        ("if", None, "cell 1 fails in a fresh kernel: SyntaxError"),
        ("import time\ntime.sleep(60)", 1.0, "the canonical run ended in cell 1"),
        ("import os\nos._exit(3)", None, "the canonical run ended in cell 1: the kernel died"),
    ],
)
def test_unexpected_end_names_the_cell(
    tmp_path: Path, source: str, timeout: float | None, reason: str
) -> None:
    """One line: the cell, the error, what to do."""
    with pytest.raises(RunFailed, match=reason) as caught:
        _run(tmp_path, _cell(source), timeout=timeout)
    assert "\n" not in str(caught.value)


def test_error_that_the_author_shows_is_expected(tmp_path: Path) -> None:
    """The run goes on after it; another error in its place is not expected."""
    shown = (_ERROR,)
    run = _run(tmp_path, _cell("raise ValueError('no')", outputs=shown), _cell("1 + 1"))
    assert run.errors == {"c0": "ValueError"}
    assert _results(run) == ["2"]
    with pytest.raises(RunFailed, match="cell 1 fails in a fresh kernel: KeyError"):
        _run(tmp_path, _cell("raise KeyError('no')", outputs=shown), _cell("1 + 1"))


def test_environment_without_our_package(tmp_path: Path, small_venv: str) -> None:
    """A Python that cannot run and watch the notebook is refused before anything runs."""
    path = tmp_path / "nb.ipynb"
    path.write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}')
    with pytest.raises(RunFailed, match="has no ipykernel"):
        canonical_run(
            read_notebook(path),
            plan=SeedPlan(),
            interpreter=read_interpreter(small_venv),
            cell_timeout_s=None,
            progress=lambda _step: None,
        )


def test_a_slip_in_a_magic_is_a_failure(tmp_path: Path) -> None:
    """IPython tells it on stderr and by no error output."""
    with pytest.raises(RunFailed, match=r"cell 1 fails in a fresh kernel: UsageError: .*nonsense"):
        _run(tmp_path, _cell("%nonsense"))


def test_hosts_are_told(tmp_path: Path) -> None:
    """The effect names who was talked to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        run = _run(tmp_path, _cell(f"import socket\nsocket.create_connection(('127.0.0.1', {port})).close()"))
    assert run.trace.effects == (f"network (127.0.0.1:{port})",)


def test_a_manifest_of_data_is_needed_and_no_product(tmp_path: Path) -> None:
    """What `jupyter_repro.data` asks for is read, and so is what it is compared with."""
    digest = hashlib.sha256(b"1").hexdigest()
    (tmp_path / "t.csv").write_bytes(b"1")
    (tmp_path / "data.repro.jsonl").write_text(
        '{"format":"jupyter_repro.data","schema":1}\n' + f'{{"path":"t.csv","sha256":"{digest}","size":1}}\n',
        encoding="utf-8",
    )
    run = _run(tmp_path, _cell("import jupyter_repro\nstr(jupyter_repro.data('t.csv'))"))
    assert _results(run) == ["'t.csv'"]
    assert {"data.repro.jsonl", "t.csv"} == {Path(path).name for path in run.trace.read}
    assert run.trace.products == ()


def test_ids_in_figures_are_no_chance(tmp_path: Path) -> None:
    """Two runs write the same SVG, and a style of the author's own home is not in it."""
    pytest.importorskip("matplotlib", reason="of the extra `demo`")
    draw = "import io, matplotlib.pyplot as plt\nfile = io.StringIO()\nplt.plot([1, 2])\nplt.savefig(file, format='svg')\nplt.close()\nhash(file.getvalue())"
    first, second = (_results(_run(tmp_path, _cell(draw))) for _ in range(2))
    assert first == second
    assert first[0]
