"""``%repro config`` shows the configurations that cells work with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import jupyter_repro
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.inputs.configs import read
from jupyter_repro.kernel.options import parse_options
from jupyter_repro.kernel.requests import ShowConfig

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Bench  # pragma: no cover


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    read.READ.clear()


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("config", ShowConfig()),
        ("config verbose", ShowConfig(verbose=True)),
        ("config json", ShowConfig(json=True)),
        ("config json out.json", ShowConfig(json=True, path="out.json")),
    ],
)
def test_the_words(line: str, request_: ShowConfig) -> None:
    """As data."""
    assert parse_options(line) == request_


def test_a_dict_stands_in_its_cell(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing says what it would be otherwise."""
    bench.write(a="hparams = {'depth': 3}", b="%repro config")
    bench.run("a", "b")
    assert capsys.readouterr().out == "`hparams`: dict, in a cell only\n  depth  3\n"


def test_none_is_said(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """With what would be found."""
    bench.write(a="x = {'a': 1}", b="%repro config")
    bench.run("a", "b")
    assert "No configuration is found" in capsys.readouterr().out


def test_what_is_read_is_an_input_and_shown(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file is a resource of the cell; a change of it makes the cell differ."""
    with unwatched():  # by somebody else, not by the first cell
        (tmp_path / "run.yaml").write_text("lr: 1e-3\nlayers: [1, 2]\nname: x\n", encoding="utf-8")
    bench.write(
        a="import jupyter_repro\nc = jupyter_repro.config('run.yaml', ['lr=0.5'])\nc['name'] = 'y'",
        b="%repro config",
    )
    bench.run("a", "b")
    sha = jupyter_repro.environment(bench.shell).configs[0].sha256
    assert capsys.readouterr().out == (
        f"`c`: YAML, from run.yaml ({sha[:12]}), 2 overrides\n"
        "  lr      0.5  <- given, default 0.001\n"
        "  name    y  <- given, default x\n"
        "  layers  [1, 2]\n"
    )
    (tmp_path / "run.yaml").write_text("lr: 1e-2\n", encoding="utf-8")
    assert bench.verdicts()["a"] == "input changed"


def test_what_a_cell_read_itself_is_found_by_its_content(bench: Bench, tmp_path: Path) -> None:
    """Whatever the name it is under."""
    with unwatched():
        (tmp_path / "run.json").write_text('{"lr": 0.1, "n": 3}', encoding="utf-8")
    bench.write(
        a="import json\nfrom pathlib import Path\nx = json.loads(Path('run.json').read_text())\nx['n'] = 4"
    )
    bench.run("a")
    (config,) = jupyter_repro.environment(bench.shell).configs or ()
    assert (config.names, config.source, config.note) == (("x",), "run.json", "")
    assert [(each.key, each.given) for each in config.overrides or ()] == [("n", 4)]


def test_it_is_written_to_a_file_and_long_ones_are_cut(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON with sorted keys; on the screen twenty values."""
    bench.write(
        a="config = {f'k{i:02}': i for i in range(30)}; config['password'] = 'hunter2'",
        b="%repro config",
        c="%repro config json out.json",
        d="%repro config verbose",
    )
    bench.run("a", "b", "c")
    out = capsys.readouterr().out
    assert "... and 11 more: `%repro config verbose`" in out
    assert "repro: wrote out.json" in out
    (told,) = json.loads((tmp_path / "out.json").read_text())
    assert told["content"]["k29"] == 29
    assert told["content"]["password"] == "[REDACTED:named]"
    bench.run("d")
    assert "k29" in capsys.readouterr().out


def test_a_cell_that_is_not_asked_pays_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Configurations are looked for when they are asked for, never at a cell."""
    from jupyter_repro.kernel import config_words

    asked: list[object] = []
    monkeypatch.setattr(config_words, "configs_of", lambda session: asked.append(session) or ())
    bench.write(a="config = {'lr': 1}", b="x = config['lr']")
    bench.run("a", "b")
    assert asked == []
    assert jupyter_repro.environment(bench.shell).configs == ()
    assert len(asked) == 1
