"""Settings of real libraries, in processes of their own: the order of imports makes no difference."""

from __future__ import annotations

import importlib.util
import itertools
import json
import os
import subprocess
import sys

import pytest

HARNESS = """
import json, sys
from jupyter_repro.process import ProcessWatch
watch = ProcessWatch()
assert not {"numpy", "pandas", "torch", "matplotlib"} & sys.modules.keys(), "nothing is imported for the watch"
watch.start()
told, names = [], {"__name__": "__main__"}
for line in json.loads(sys.argv[1]):
    moment = watch.moment()
    exec(line, names)
    moves = watch.since(moment, code=line)
    told.append([sorted(moves.written), sorted(moves.arrived)])
for each in watch._watched:
    assert each.setting.same(each.setting.fingerprint()), f"{each.setting.name} looks changed when it is not"
print(json.dumps([told, dict(watch.now())]))
"""


def run(*lines: str, hash_seed: str = "0") -> tuple[list[list[list[str]]], dict[str, str]]:
    """Run lines in a new process; return what each wrote and what arrived, and all digests at the end."""
    done = subprocess.run(
        [sys.executable, "-c", HARNESS, json.dumps(lines)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "MPLBACKEND": "agg"},
    )
    told, now = json.loads(done.stdout.splitlines()[-1])
    return told, now


LIBRARIES = [
    name for name in ("numpy", "pandas", "matplotlib.pyplot", "sklearn.linear_model", "torch")
    if importlib.util.find_spec(name.partition(".")[0])
]  # fmt: skip
ORDERS = [LIBRARIES, [*LIBRARIES[:1:-1], *LIBRARIES[:2]]]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: ">".join(name[:2] for name in order))
def test_imports_alone_write_nothing(order: list[str]) -> None:
    """Every library brings its settings, changes filters and variables, and nothing is written."""
    told, now = run(*(f"import {name}" for name in order), "x = 1")
    assert [written for written, _ in told] == [[] for _ in told]
    arrived = {resource for _, come in told for resource in come}
    assert arrived == {name for name in now if name.count(".") and name.partition(":")[2].partition(".")[0] in
                       {library.partition(".")[0] for library in LIBRARIES}}  # fmt: skip


@pytest.mark.slow
def test_the_order_of_imports_makes_no_difference() -> None:
    """The same settings by the user have the same digests, under any order of imports and any hash seed."""
    settings = (
        "import warnings; warnings.simplefilter('ignore'); warnings.filterwarnings('error', 'x', UserWarning)",
        "import sys; sys.path.insert(0, '/nowhere'); sys.path.append('/nowhere/else')",
        "import numpy; numpy.set_printoptions(precision=3); numpy.seterr(over='raise')",
        "import pandas; pandas.set_option('display.max_rows', 7)",
    )
    imports = tuple(f"import {name}" for name in LIBRARIES)
    mixed = tuple(line for pair in itertools.zip_longest(settings, imports) for line in pair if line)
    results = [
        run(*imports, *settings),
        run(*settings, *imports[::-1], hash_seed="1"),
        run(*mixed, hash_seed="2"),
    ]
    assert results[0][1] == results[1][1] == results[2][1]


SETS = {
    "numpy": [
        ("numpy.set_printoptions(precision=3)", "setting:numpy.printoptions"),
        ("numpy.set_printoptions(formatter={'float': lambda x: 'f'})", "setting:numpy.printoptions"),
        ("numpy.seterr(all='raise')", "setting:numpy.errstate"),
        ("numpy.seterrcall(print)", "setting:numpy.errstate"),
        ("numpy.setbufsize(16384)", "setting:numpy.errstate"),
    ],
    "pandas": [
        ("pandas.set_option('display.precision', 3)", "setting:pandas.options"),
        ("pandas.options.display.float_format = '{:.2f}'.format", "setting:pandas.options"),
        ("pandas.reset_option('display.precision')", "setting:pandas.options"),
    ],
    "matplotlib": [
        ("matplotlib.rcParams['figure.dpi'] = 50", "setting:matplotlib.rcParams"),
        ("matplotlib.rcParams['font.family'].insert(0, 'serif')", "setting:matplotlib.rcParams"),
        ("matplotlib.rc('lines', linewidth=2)", "setting:matplotlib.rcParams"),
        ("import cycler; matplotlib.rcParams['axes.prop_cycle'] = cycler.cycler(color='rgb')",
         "setting:matplotlib.rcParams"),
        ("matplotlib.rcdefaults()", "setting:matplotlib.rcParams"),
    ],
    "sklearn": [("sklearn.set_config(transform_output='pandas')", "setting:sklearn.config")],
    "torch": [
        ("torch.set_default_dtype(torch.float64)", "setting:torch.default_dtype"),
        ("torch.set_default_device('meta')", "setting:torch.default_device"),
        ("torch.set_default_device(None)", "setting:torch.default_device"),
        ("torch.set_num_threads(torch.get_num_threads() + 1)", "setting:torch.threads"),
        ("torch.set_grad_enabled(False)", "setting:torch.gradients"),
        ("torch.set_printoptions(precision=2)", "setting:torch.printoptions"),
        ("torch.use_deterministic_algorithms(True)", "setting:torch.precision"),
        ("torch.backends.cudnn.benchmark = True", "setting:torch.precision"),
        ("torch.set_float32_matmul_precision('high')", "setting:torch.precision"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("library", SETS)
def test_each_call_writes_its_setting(library: str) -> None:
    """One call, one write; in the cell of the import as well, and again it writes nothing."""
    pytest.importorskip(library)
    lines = SETS[library]
    first, setting = lines[0]
    told, now = run(f"import {library}; {first}", *(line for line, _ in lines[1:]), lines[-1][0])
    assert [written for written, _ in told] == [[setting], *([name] for _, name in lines[1:]), []]
    assert not any(digest.startswith("unseen") for digest in now.values())


def test_a_setting_put_back_has_the_digest_that_it_had() -> None:
    """Digests tell contents: there and back is no write."""
    pytest.importorskip("pandas")
    told, _ = run(
        "import numpy, pandas",
        "old = numpy.seterr(all='raise'); numpy.seterr(**old)",
        "pandas.set_option('display.max_rows', 7); pandas.reset_option('display.max_rows')",
        "with numpy.printoptions(precision=2), pandas.option_context('display.precision', 2): pass",
    )
    assert [written for written, _ in told] == [[], [], [], []]
