"""Loading, words, configuration and leaving, in real shells."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import jupyter_repro
from jupyter_repro.kernel.extension import session_of

if TYPE_CHECKING:
    from collections.abc import Callable


def callbacks(shell: Any) -> dict[str, int]:
    """Count the callbacks of each event."""
    return {event: len(functions) for event, functions in shell.events.callbacks.items()}


def test_loading_reloading_unloading_leave_the_shell_as_it_was(new_shell: Callable[[], Any]) -> None:
    """Twice, again and again, and gone: one pair of hooks, then none; no name is left behind."""
    shell = new_shell()
    names, before = set(shell.user_ns), callbacks(shell)
    matchers = len(shell.Completer.custom_matchers)
    shell.run_line_magic("load_ext", "jupyter_repro")
    loaded = callbacks(shell)
    jupyter_repro.load_ipython_extension(shell)
    for _ in range(5):
        shell.run_line_magic("reload_ext", "jupyter_repro")
    assert callbacks(shell) == loaded
    assert loaded["pre_run_cell"] == before["pre_run_cell"] + 1
    shell.run_line_magic("unload_ext", "jupyter_repro")
    jupyter_repro.unload_ipython_extension(shell)
    assert callbacks(shell) == before
    assert len(shell.Completer.custom_matchers) == matchers
    assert set(shell.user_ns) == names
    assert "repro" not in shell.magics_manager.magics["line"]


def test_unloading_survives_another_tool_that_cleared_the_callbacks(new_shell: Callable[[], Any]) -> None:
    """`events.unregister` raises then; we do not."""
    shell = new_shell()
    shell.run_line_magic("load_ext", "jupyter_repro")
    shell.events.callbacks["pre_run_cell"].clear()
    shell.events.callbacks["post_run_cell"].clear()
    shell.run_line_magic("unload_ext", "jupyter_repro")
    assert session_of(shell) is None


def test_configuration_seeds_at_load(new_shell: Callable[[], Any]) -> None:
    """`c.ReproMagics.seed = 42` governs from before the first cell."""
    shell = new_shell()
    shell.config.ReproMagics.seed = 42
    shell.config.ReproMagics.strictness = "strict"
    shell.run_line_magic("load_ext", "jupyter_repro")
    assert random.random() == random.Random(42).random()
    plan = jupyter_repro.status(shell=shell).governed
    assert plan is not None
    assert (plan.seed, plan.strictness) == (42, "strict")


def test_configuration_takes_the_words_of_the_magic(new_shell: Callable[[], Any]) -> None:
    """`entropy`, `tf32` and `threads` are in force from the start; `derive` waits for a seed."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    pytest.importorskip("numpy.random", reason="its entropy is asked about")
    threads = torch.get_num_threads()
    shell = new_shell()
    shell.config.ReproMagics.entropy = "derive"
    shell.config.ReproMagics.threads = threads + 1
    shell.config.ReproMagics.tf32 = "off"
    shell.run_line_magic("load_ext", "jupyter_repro")
    assert torch.get_num_threads() == threads + 1
    rows = {row.name: row.effective for row in jupyter_repro.status(shell=shell).settings}
    assert "entropy.numpy" not in rows
    shell.run_line_magic("config", "ReproMagics.seed = 42")
    rows = {row.name: row.effective for row in jupyter_repro.status(shell=shell).settings}
    assert rows["entropy.numpy"] == "derive"
    shell.run_line_magic("config", "ReproMagics.threads = 'keep'")
    assert torch.get_num_threads() == threads
    shell.run_line_magic("repro", "off")
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize(("name", "value"), [("entropy", "reprot"), ("tf32", "on"), ("threads", 0)])
def test_a_wrong_word_in_the_configuration(new_shell: Callable[[], Any], name: str, value: object) -> None:
    """It is refused when the extension loads, by name."""
    from traitlets import TraitError

    shell = new_shell()
    shell.config.ReproMagics[name] = value
    with pytest.raises(TraitError, match=name):
        shell.run_line_magic("load_ext", "jupyter_repro")


def test_a_wrong_configuration_is_one_clear_error(new_shell: Callable[[], Any]) -> None:
    """A negative seed in the configuration is refused when the extension loads."""
    from traitlets import TraitError

    shell = new_shell()
    shell.config.ReproMagics.seed = -3
    with pytest.raises(TraitError, match="seed"):
        shell.run_line_magic("load_ext", "jupyter_repro")


def test_off_gives_everything_back(shell: Any) -> None:
    """Generator states and torch's switches are bit for bit as before."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    random.seed(7)
    np.random.seed(7)
    torch.manual_seed(7)
    before = (
        random.getstate(),
        np.random.get_state(),
        torch.get_rng_state(),
        torch.are_deterministic_algorithms_enabled(),
    )
    shell.run_line_magic("repro", "seed=42 strict")
    assert torch.are_deterministic_algorithms_enabled()
    random.random()
    shell.run_line_magic("repro", "off")
    assert random.getstate() == before[0]
    assert all(np.array_equal(now, was) for now, was in zip(np.random.get_state(), before[1], strict=True))
    assert torch.equal(torch.get_rng_state(), before[2])
    assert torch.are_deterministic_algorithms_enabled() == before[3]


def test_words_print_one_line_each(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Govern, off and a slip answer in one line; a slip prints no traceback."""
    np.random.get_state()
    shell.run_cell("%repro seed=42 strict")
    out = capsys.readouterr().out
    assert out.startswith("repro: seed 42, strict; in force for python, numpy")
    assert out.count("\n") == 1
    shell.run_cell("%repro strct")
    said = capsys.readouterr()
    text = said.out + said.err
    assert text.strip() == "UsageError: unknown word `strct`; did you mean `strict`?"
    shell.run_cell("%repro off")
    assert capsys.readouterr().out.count("\n") == 1


def test_status_without_arguments(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """`%repro` and `%repro status` show the same."""
    shell.run_cell("x = 1", cell_id="a")
    capsys.readouterr()
    shell.run_line_magic("repro", "")
    first = capsys.readouterr().out
    shell.run_line_magic("repro", "status")
    assert capsys.readouterr().out == first
    assert first.startswith("Restart & Run All would give these results (1 cell)")


def test_help_shows_the_usage(shell: Any) -> None:
    """`%repro?` shows each word."""
    usage = shell.inspector.info(shell.find_line_magic("repro"))["docstring"]
    for word in ("seed=42", "strict", "status", "export paper.repro.zip", "off", "%%repro"):
        assert word in usage


def test_tab_completes_words(shell: Any) -> None:
    """The completer offers our words after `%repro`, and only there."""
    from IPython.core.completer import provisionalcompleter

    def completions(text: str) -> list[str]:
        with provisionalcompleter():
            return [c.text for c in shell.Completer.completions(text, len(text))]

    assert sorted(completions("%repro st")) == ["status", "strict", "strictness="]
    assert "seed=" in completions("%repro ")
    assert completions("%repro trace st") == ["start", "stop"]
    assert "start" not in completions("%repro trace start ")
    assert "seed=" not in completions("prin")


def test_two_shells_have_two_sessions(new_shell: Callable[[], Any]) -> None:
    """Records belong to a shell; what the first governs comes back only when the last lets go."""
    random.seed(5)
    state = random.getstate()
    one, two = new_shell(), new_shell()
    for shell in (one, two):
        shell.run_line_magic("load_ext", "jupyter_repro")
    one.run_line_magic("repro", "seed=1")
    two.run_line_magic("repro", "seed=2")
    one.run_cell("x = 1", cell_id="only-in-one")
    assert [cell.id for cell in jupyter_repro.status(shell=one).cells] == ["only-in-one"]
    assert jupyter_repro.status(shell=two).cells == ()
    one.run_line_magic("unload_ext", "jupyter_repro")
    two.run_line_magic("unload_ext", "jupyter_repro")
    assert random.getstate() == state


class TestScopedToACell:
    """`%%repro` governs one cell."""

    def test_the_same_numbers_each_time_and_nothing_left(self, shell: Any) -> None:
        """The body runs under the seed; the stream outside goes on as if it had not."""
        random.seed(9)
        state = random.getstate()
        for _ in range(2):
            result = shell.run_cell("%%repro seed=7\nimport random\nvalue = random.random()\nvalue")
            assert result.result == random.Random(7).random()
        assert random.getstate() == state

    def test_an_error_in_the_body_is_the_cell_s_own(self, shell: Any) -> None:
        """It ends the cell, and the settings are given back."""
        state = random.getstate()
        result = shell.run_cell("%%repro seed=7\n1 / 0")
        assert isinstance(result.error_in_exec, ZeroDivisionError)
        assert random.getstate() == state

    def test_it_takes_settings_only(self, shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """`%%repro status` is a slip."""
        shell.run_cell("%%repro status\n1")
        said = capsys.readouterr()
        assert "takes settings only" in said.out + said.err
        shell.run_cell("%%repro seed=7 per_cell\n1")
        said = capsys.readouterr()
        assert "govern the notebook, not one cell" in said.out + said.err
