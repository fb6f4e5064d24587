"""The user's modules in a real kernel: written, imported, edited, reloaded by hand and by ``%autoreload``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbclient import NotebookClient

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

WATCH = """
import os as _os
from jupyter_repro.modules import Autoreload as _A, ModuleWatch as _M
from jupyter_repro.process import ProcessWatch as _P
_m = _M(home=_os.getcwd(), reloaded=_A(get_ipython()))
_p = _P(is_user_module=_m.is_user_module, user_imported=_m.imported)
_p.start(); _seen = []; _open = []
def _before(info):
    _open[:] = [_p.moment()]
def _after(result):
    if _open:
        moves = _p.since(_open[0], code=result.info.raw_cell)
        _seen.append([[u.edited, u.digest, u.fresh_digest, u.why_unknown] for u in _m.now().values()]
                     + [sorted(moves.written)])
get_ipython().events.register("pre_run_cell", _before)
get_ipython().events.register("post_run_cell", _after)
"""
CELLS = (
    "%%writefile tools.py\nimport os\nos.environ['BY_TOOLS'] = '1'\nseen = []\ndef f():\n    return 1\n",
    "import tools\ntools.f()",
    "tools.seen.append(1)",
    "%%writefile tools.py\nimport os\nos.environ['BY_TOOLS'] = '1'\nseen = []\ndef f():\n    return 2222\n",
    "import importlib; importlib.reload(tools); tools.f()",
    "import tools",
    "%load_ext autoreload\n%autoreload 2",
    "%%writefile tools.py\nimport os\nos.environ['BY_TOOLS'] = '1'\nseen = []\ndef f():\n    return 333333\n",
    "assert tools.f() == 333333",
)


def seen_by(tmp_path: Path) -> list[list[Any]]:
    """Run the cells in a kernel; return after each what is known of the module, and what was written."""
    told = "import json as _json; print(_json.dumps(_seen))"
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in (WATCH, *CELLS, told)]
    )
    NotebookClient(
        notebook, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}, timeout=120
    ).execute()
    found: list[list[Any]] = json.loads(
        "".join(each["text"] for each in notebook.cells[-1].outputs if each.get("name") == "stdout")
    )
    return found


def test_the_life_of_a_module(tmp_path: Path) -> None:
    """Edits show until a reload, state shows when it changes, and what it sets is the importing cell's."""
    written, imported, changed, edited, reloaded, again, on, rewritten, autoreloaded = seen_by(tmp_path)
    assert written == [[]]
    (is_edited, first, fresh, why), writes = imported
    assert (is_edited, why, writes) == (False, "", ["env:BY_TOOLS"])
    assert first == fresh, "right after the import the module is as a fresh kernel would have it"
    assert changed[0][1] != first == changed[0][2]
    assert edited[0][0]
    assert edited[0][1] == changed[0][1], "the kernel still has the old text"
    assert edited[0][2] is None
    assert not reloaded[0][0]
    assert reloaded[0][1] not in (first, changed[0][1])
    assert again[-1] == ["env:BY_TOOLS"], "importing again stands for what the import set"
    assert on[0][1] == reloaded[0][1]
    assert rewritten[0][0]
    assert not autoreloaded[0][0]
    assert autoreloaded[0][1] not in (None, first, reloaded[0][1])
