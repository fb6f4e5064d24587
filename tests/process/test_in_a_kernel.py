"""Settings in a real kernel: straight notebooks write none, and each way to set one writes one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

WATCH = """
from jupyter_repro.process import ProcessWatch as _W
_w, _seen, _open = _W(), [], []
_w.start()
def _before(info):
    _open[:] = [(info.raw_cell, _w.moment())]
def _after(result):
    if _open:
        raw, moment = _open[0]
        _seen.append((raw, sorted(_w.since(moment, code=raw).written)))
get_ipython().events.register("pre_run_cell", _before)
get_ipython().events.register("post_run_cell", _after)
"""


def written_by(tmp_path: Path, *sources: str) -> list[tuple[str, list[str]]]:
    """Run the cells in a kernel and return what each wrote."""
    told = "import json as _json; print(_json.dumps(_seen))"
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in (WATCH, *sources, told)]
    )
    NotebookClient(
        notebook, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}, timeout=240
    ).execute()
    found = json.loads(
        "".join(each["text"] for each in notebook.cells[-1].outputs if each.get("name") == "stdout")
    )
    return [(raw, written) for raw, written in found]


STRAIGHT = (
    "%matplotlib inline\nimport warnings, os, sys, random",
    "import numpy as np\nimport pandas as pd",
    "import matplotlib.pyplot as plt",
    "plt.plot([1, 2]); plt.show()",
    "%matplotlib inline",
    "pd.DataFrame({'a': [1, 2]}).plot()",
    "with plt.style.context('ggplot'):\n    plt.plot([1])",
    "with np.printoptions(precision=2), np.errstate(all='ignore'):\n    print(np.ones(2) / 0)",
    "with warnings.catch_warnings():\n    warnings.simplefilter('ignore')\n    warnings.warn('x')",
    "from sklearn.linear_model import LinearRegression\nLinearRegression().fit([[1.0], [2.0]], [1.0, 2.0])",
    "from sklearn.ensemble import RandomForestClassifier\n"
    "RandomForestClassifier(3).fit([[1.0], [2.0]], [0, 1])",  # with n_jobs=2 its threads race for the warnings filters
    "import torch\nfrom torch import nn",
    "with torch.no_grad():\n    print(nn.Linear(2, 2)(torch.ones(2)))",
    "import decimal\nprint(decimal.Decimal(1) / 3)",
    "import IPython.display, json, sqlite3",
    "%time sum(range(10))",
    "!true",
    "%%bash\nexport X=1",
    "import asyncio\nawait asyncio.sleep(0)",
)


def test_a_straight_notebook_writes_no_setting(tmp_path: Path) -> None:
    """Imports, plots, fits, context managers and harmless magics write nothing."""
    assert [(raw, written) for raw, written in written_by(tmp_path, *STRAIGHT) if written] == []


SETS = (
    ("import numpy as np, pandas as pd, torch, os, sys, warnings\nimport matplotlib.pyplot as plt", []),
    ("np.set_printoptions(precision=3)", ["setting:numpy.printoptions"]),
    ("np.seterr(all='ignore')", ["setting:numpy.errstate"]),
    ("pd.set_option('display.max_rows', 7)", ["setting:pandas.options"]),
    ("pd.options.display.max_columns = 7", ["setting:pandas.options"]),
    ("torch.set_default_dtype(torch.float64)", ["setting:torch.default_dtype"]),
    ("torch.set_default_device('cpu')", ["setting:torch.default_device"]),
    ("torch.set_num_threads(torch.get_num_threads() + 1)", ["setting:torch.threads"]),
    ("torch.set_grad_enabled(False)", ["setting:torch.gradients"]),
    ("torch.set_printoptions(precision=2)", ["setting:torch.printoptions"]),
    ("warnings.simplefilter('ignore')", ["setting:warnings.filters"]),
    ("warnings.filterwarnings('ignore', message='x')", ["setting:warnings.filters"]),
    ("os.makedirs('a/b', exist_ok=True); os.chdir('a')", ["setting:cwd"]),
    ("%cd b", ["setting:cwd"]),
    ("os.environ['X'] = '1'", ["env:X"]),
    ("%env Y=1", ["env:Y"]),
    ("sys.path.append('/nowhere')", ["setting:sys.path"]),
    ("import decimal; decimal.getcontext().prec = 5", ["setting:decimal.context"]),
    ("import locale; locale.setlocale(locale.LC_ALL, 'C')", ["setting:locale"]),
    ("plt.rcParams['figure.dpi'] = 50", ["setting:matplotlib.rcParams"]),
    ("plt.rcParams['font.family'].insert(0, 'serif')", ["setting:matplotlib.rcParams"]),
    ("plt.style.use('ggplot')", ["setting:matplotlib.rcParams"]),
    ("sys.setrecursionlimit(4321)", ["setting:sys.recursionlimit"]),
    ("os.environ['TZ'] = 'Asia/Tokyo'; import time; time.tzset()", ["env:TZ", "setting:timezone"]),
    ("x = 1", []),
)


def test_each_way_to_set_a_setting_writes_just_that_one(tmp_path: Path) -> None:
    """One cell, one setting; numbers that persist from cell to cell are seen in the context cells run in."""
    assert written_by(tmp_path, *(source for source, _ in SETS)) == list(SETS)
