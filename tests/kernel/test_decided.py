"""What a project and a person decide about rules, in the kernel; `%repro explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from IPython.core.error import UsageError
from traitlets import TraitError

from jupyter_repro.inputs.audit import unwatched

if TYPE_CHECKING:
    from tests.conftest import Bench

CELLS = {"g": "%repro seed=1", "a": "x = 1", "b": "y = x + 1", "c": "x = 5"}
OUT_OF_ORDER = ("g", "a", "b", "c", "b")


def decide(bench: Bench, text: str) -> None:
    """Write the project's `pyproject.toml`, as an editor would."""
    with unwatched():
        bench.path.with_name("pyproject.toml").write_text(text, encoding="utf-8")


def seen(bench: Bench) -> dict[str, tuple[str, str]]:
    """Return severity and message by code."""
    return {each.code: (each.severity, each.message) for each in bench.status().findings}


def test_the_project_allows_and_weighs(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """What is ignored is an information with its reason, and no line is printed; the verdict stays."""
    decide(
        bench,
        "[tool.jupyter_repro.ignore]\nRP102 = 'the order is the lesson'\n[tool.jupyter_repro.severity]\nRP602 = 'warning'\n",
    )
    bench.write(**CELLS)
    bench.run(*OUT_OF_ORDER)
    assert capsys.readouterr().err == ""
    assert bench.verdicts()["b"] == "out of order"
    severity, message = seen(bench)["RP102"]
    assert severity == "info"
    assert message.endswith("(allowed here: the order is the lesson)")


def test_the_project_selects(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """What is not asked is neither a finding nor a line."""
    decide(bench, "[tool.jupyter_repro]\nselect = ['RP2']\n")
    bench.write(**CELLS)
    bench.run(*OUT_OF_ORDER)
    assert capsys.readouterr().err == ""
    assert "RP102" not in seen(bench)
    assert bench.verdicts()["b"] == "out of order"


def test_strict_does_not_foretell_what_is_allowed(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither before the cell nor after it."""
    decide(bench, "[tool.jupyter_repro.per-file.'*.ipynb']\nRP102 = 'a lesson'\n")
    bench.write(**{**CELLS, "g": "%repro seed=1 strict"})
    bench.run(*OUT_OF_ORDER)
    assert capsys.readouterr().err == ""


def test_the_project_goes_before_the_person(bench: Bench) -> None:
    """`c.ReproMagics.rules` has the same keys, and fills what the project leaves open."""
    decide(bench, "[tool.jupyter_repro.severity]\nRP102 = 'error'\n")
    bench.shell.run_line_magic(
        "config",
        "ReproMagics.rules = {'severity': {'RP102': 'info', 'RP101': 'info'}, 'ignore': {'RP104': 'mine'}}",
    )
    bench.write(**CELLS)
    bench.run(*OUT_OF_ORDER)
    bench.edit("a", "x = 1  # edited")
    found = seen(bench)
    assert found["RP102"][0] == "error"
    assert found["RP104"][1].endswith("(allowed here: mine)")


def test_a_table_that_is_not_understood(bench: Bench) -> None:
    """The person's is refused at once; the project's is a finding, and nothing of it is in force."""
    magics = bench.shell.magics_manager.registry["ReproMagics"]
    with pytest.raises(TraitError, match="unknown key `selct`"):
        magics.rules = {"selct": []}
    decide(bench, "[tool.jupyter_repro]\nselct = ['RP2']\n")
    bench.write(**CELLS)
    bench.run(*OUT_OF_ORDER)
    found = seen(bench)
    assert "unknown key `selct`" in found["RP612"][1]
    assert "RP102" in found


def test_explain(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """All that is said of a code; a slip is one line with a guess."""
    bench.shell.run_line_magic("repro", "explain rp203")
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "RP203 (warning, while cells run and in files): a generator is made without a seed."
    assert "  Example: `rng = np.random.default_rng()`." in told
    with pytest.raises(UsageError, match="did you mean RP203"):
        bench.shell.run_line_magic("repro", "explain RP2O3")
    with pytest.raises(UsageError, match="takes one code"):
        bench.shell.run_line_magic("repro", "explain")
