"""Process settings and the user's own modules are resources like names: set, hung on, out of order."""

from __future__ import annotations

import decimal
import importlib
import os
import sys
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from jupyter_repro.kernel.extension import session_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Bench

pytestmark = pytest.mark.usefixtures("given_back", "capsys")


@pytest.fixture
def given_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Give back the settings that the cells of a test change in this process, and forget their module."""
    monkeypatch.syspath_prepend(tmp_path)
    for variable in ("JR_MODE", "JR_OTHER"):
        monkeypatch.delenv(variable, raising=False)
    precision = pd.get_option("display.precision")
    with np.printoptions(), decimal.localcontext():
        yield
    pd.set_option("display.precision", precision)
    for variable in ("JR_MODE", "JR_OTHER"):
        os.environ.pop(variable, None)
    sys.modules.pop("jr_helpers", None)


SESSIONS = {
    "set above, used below": (
        {"a": "import numpy as np", "b": "np.set_printoptions(precision=3)", "c": "print(np.arange(3) / 7)"},
        ["a", "b", "c"],
        {"a": "reproduced", "b": "reproduced", "c": "reproduced"},
    ),
    "set below, used again above": (
        {"a": "import numpy as np", "b": "print(np.arange(3) / 7)", "c": "np.set_printoptions(precision=4)"},
        ["a", "b", "c", "b"],
        {"b": "out of order", "c": "reproduced"},
    ),
    "used before it was set above": (
        {"a": "import numpy as np", "b": "np.set_printoptions(precision=5)", "c": "print(np.arange(3) / 7)"},
        ["a", "c", "b"],
        {"b": "reproduced", "c": "stale"},
    ),
    "set twice to the same": (
        {"a": "import numpy as np", "b": "np.set_printoptions(precision=6)", "c": "print(np.arange(3) / 7)"},
        ["a", "b", "c", "b"],
        {"b": "reproduced", "c": "reproduced"},
    ),
    "what does not hang on it": (
        {"a": "import numpy as np", "b": "x = 1", "c": "np.set_printoptions(precision=2)"},
        ["a", "b", "c", "b"],
        {"b": "reproduced"},
    ),
    "an import hangs on nothing": (
        {"a": "import decimal", "b": "decimal.getcontext().prec = 7", "c": "z = decimal.Decimal(1) / 3"},
        ["a", "b", "c", "a"],
        {"a": "reproduced", "b": "reproduced", "c": "reproduced"},
    ),
    "pandas' options": (
        {
            "a": "import pandas as pd",
            "b": "f = pd.DataFrame({'x': [1 / 7]})\nprint(f)",
            "c": "pd.set_option('display.precision', 3)",
        },
        ["a", "b", "c", "b"],
        {"b": "out of order"},
    ),
    "a variable of the environment": (
        {"a": "import os", "b": "m = os.environ.get('JR_MODE')", "c": "os.environ['JR_MODE'] = 'x'"},
        ["a", "b", "c", "b"],
        {"a": "reproduced", "b": "out of order", "c": "reproduced"},
    ),
    "a variable set by a magic": (
        {"a": "%env JR_OTHER=1", "b": "import os\nm = os.environ['JR_OTHER']"},
        ["a", "b"],
        {"a": "reproduced", "b": "reproduced"},
    ),
    "the working directory, relative": (
        {
            "a": "import os\nos.makedirs('s', exist_ok=True)",
            "b": "os.chdir('s')",
            "c": "h = os.getcwd()",
            "d": "os.chdir('..')",
        },
        ["a", "b", "c", "d"],
        {"b": "reproduced", "c": "reproduced", "d": "reproduced"},
    ),
    "an edited cell may set it": (
        {"a": "import numpy as np", "b": "np.set_printoptions(precision=7)", "c": "print(np.arange(3) / 7)"},
        ["a", "b", "c", "edit b"],
        {"b": "edited", "c": "unknown"},
    ),
    "a module of the user's": (
        {"a": "import jr_helpers", "b": "y = jr_helpers.bump()", "c": "z = jr_helpers.count"},
        ["a", "b", "c"],
        {"a": "reproduced", "b": "reproduced", "c": "reproduced"},
    ),
    "its state, changed twice": (
        {"a": "import jr_helpers", "b": "y = jr_helpers.bump()", "c": "z = jr_helpers.count"},
        ["a", "b", "c", "b"],
        {"a": "reproduced", "b": "not idempotent", "c": "reproduced"},
    ),
    "imported and used in one cell, twice": (
        {"a": "import jr_helpers\ny = jr_helpers.bump()"},
        ["a", "a"],
        {"a": "not idempotent"},
    ),
    "a name of it, taken after it was changed below": (
        {"a": "from jr_helpers import count", "b": "import jr_helpers\njr_helpers.count = 7"},
        ["b", "a"],
        {"a": "out of order"},
    ),
    "its file edited after the import": (
        {"a": "from jr_helpers import bump", "b": "y = bump()"},
        ["a", "b", "edit module"],
        {"a": "input changed", "b": "stale"},
    ),
}


@pytest.mark.parametrize("name", SESSIONS)
def test_each_departure_has_its_word(bench: Bench, tmp_path: Path, name: str) -> None:
    """Every case of the table, run for real."""
    cells, steps, expected = SESSIONS[name]
    module = tmp_path / "jr_helpers.py"
    module.write_text("count = 0\ndef bump():\n    global count\n    count += 1\n    return count\n")
    importlib.invalidate_caches()
    bench.write(**cells)
    for step in steps:
        if step == "edit module":
            module.write_text(module.read_text().replace("+= 1", "+= 1000"))
        elif step.startswith("edit "):
            bench.edit(step[5:], bench.sources[step[5:]] + "  # edited")
        else:
            bench.run(step)
    assert session_of(bench.shell).boundary.failures == []
    found = bench.verdicts()
    assert {cell: found[cell] for cell in expected} == expected


def test_the_reason_names_the_setting_and_the_cell(bench: Bench) -> None:
    """One sentence that a person understands."""
    cells, steps, _ = SESSIONS["set below, used again above"]
    bench.write(**cells)
    bench.run(*steps)
    assert bench.status().cells[1].why == (
        "the setting `numpy.printoptions` was as only the later cell 3 sets it",
    )
