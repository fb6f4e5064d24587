"""Hydra in app mode, run by a cell: its configuration on record before references are resolved, its folder linked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import jupyter_repro
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.kernel.config_words import configs_of
from jupyter_repro.kernel.extension import session_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Bench  # pragma: no cover

pytest.importorskip("hydra", reason="not in the development set; `make trackers` has it")

APP = """
import hydra

@hydra.main(version_base=None, config_path="conf", config_name="config")
def main(cfg):
    assert cfg.token == "planted"

if __name__ == "__main__":
    main()
"""


@pytest.fixture
def project(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Return a notebook beside an application of Hydra."""
    monkeypatch.setenv("PLANTED", "planted")
    with unwatched():
        (tmp_path / "conf" / "db").mkdir(parents=True)
        (tmp_path / "conf" / "db" / "small.yaml").write_text("rows: 10\n")
        (tmp_path / "conf" / "db" / "large.yaml").write_text("rows: 1000\n")
        (tmp_path / "conf" / "config.yaml").write_text(
            "defaults:\n  - db: small\n  - _self_\nlr: 0.1\ntoken: ${oc.env:PLANTED}\n"
        )
        (tmp_path / "app.py").write_text(APP)
    return bench


def test_a_job_of_a_cell_is_on_record(project: Bench, tmp_path: Path) -> None:
    """With overrides and choices; what a reference leads to is not written down."""
    project.write(
        a="%run app.py lr=0.5 db=large hydra.run.dir=outputs/one", b='%repro note "why"', c="%repro config"
    )
    project.run("a", "b")
    (run,) = jupyter_repro.runs(tmp_path)
    (link,) = run.trackers
    assert (link.tracker, link.id, link.cell, link.named) == ("Hydra", "outputs/one", "a", False)
    assert run.configs is not None
    config = next(each for each in run.configs if each.kind == "hydra")
    assert config.content == {"db": {"rows": 1000}, "lr": 0.5, "token": "${oc.env:PLANTED}"}
    assert config.source == "outputs/one/.hydra/config.yaml"
    assert {each.key: each.given for each in config.overrides or ()} == {"lr": "0.5", "db": "large"}
    assert "db: large" in config.note


def test_the_callback_writes_our_name_beside_the_job(project: Bench, tmp_path: Path) -> None:
    """So that both sides name each other."""
    project.write(
        a="import jupyter_repro\nname = jupyter_repro.run_id(get_ipython())",
        b="%run app.py hydra.run.dir=outputs/two +hydra.callbacks.repro._target_=jupyter_repro.HydraCallback",
    )
    project.run("a", "b")
    session = session_of(project.shell)
    assert session is not None
    assert session.tracking is not None
    told = json.loads((tmp_path / "outputs" / "two" / ".hydra" / "jupyter_repro.json").read_text())
    assert told["run"] == session.tracking.run == project.shell.user_ns["name"]
    (link,) = session.tracking.runs()
    assert (link.id, link.named, link.note) == ("outputs/two", True, "")
    assert [each.kind for each in configs_of(session)].count("hydra") == 1
