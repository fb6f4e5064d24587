"""Configurations of Hydra, OmegaConf and Sacred, against the libraries themselves (`make libraries`)."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("hydra", reason="needs hydra-core: `make libraries`")
omegaconf = pytest.importorskip("omegaconf", reason="needs omegaconf: `make libraries`")

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.records.configs import Config


@pytest.fixture
def told(shell: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return what runs cells and returns the configurations that they leave."""
    from jupyter_repro.inputs.configs import read
    from jupyter_repro.kernel.config_words import configs_of
    from jupyter_repro.kernel.extension import session_of

    read.READ.clear()
    (tmp_path / "conf" / "db").mkdir(parents=True)
    (tmp_path / "conf" / "config.yaml").write_text(
        "defaults:\n  - db: small\n  - _self_\nlr: 0.1\nurl: ${db.name}\npassword: ${oc.env:PLANTED}\n",
        encoding="utf-8",
    )
    for name in ("small", "large"):
        (tmp_path / "conf" / "db" / f"{name}.yaml").write_text(f"name: {name}\n", encoding="utf-8")
    (tmp_path / "run.yaml").write_text(
        "lr: 3e-4\nopt: {name: adam}\nwhere: ${oc.env:PLANTED}\n", encoding="utf-8"
    )

    def run(*cells: str) -> dict[str, Config]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the libraries
            for cell in cells:
                shell.run_cell(cell, store_history=True).raise_error()
        capsys.readouterr()
        found = configs_of(session_of(shell))
        return {(each.names or (each.source,))[0]: each for each in found}

    return run


COMPOSE = """
from hydra import compose, initialize_config_dir
import os
with initialize_config_dir(version_base=None, config_dir=os.path.abspath("conf")):
    cfg = compose({})
"""


@pytest.mark.parametrize(
    ("call", "overrides", "note"),
    [
        ('config_name="config"', [], ""),
        (
            'config_name="config", overrides=["lr=0.5", "db=large", "+new=1", "~url"]',
            [("lr", "0.5"), ("db", "large"), ("new", "+new=1"), ("url", "~url")],
            "",
        ),
        ('"config", given', [("lr", "0.7")], "the overrides are `given` as it is now"),
        ('"config", [f"lr={0.5}"]', None, "its overrides are computed (`[f'lr={0.5}']`); ask Hydra"),
        (
            '"config", ["db=large", f"lr={rate}"]',
            [("db", "large"), ("lr", "0.7")],
            "the overrides name rate, as they",
        ),
        (
            '"config", overrides=[f"lr={0.5}"], return_hydra_config=True',
            [("lr", "0.5")],
            "db: small",
        ),
    ],
)
def test_what_hydra_composed(
    told: Any, monkeypatch: pytest.MonkeyPatch, call: str, overrides: Any, note: str
) -> None:
    """With every override as it was given; references are not followed."""
    monkeypatch.setenv("PLANTED", "hunter2")
    found = told('given = ["lr=0.7"]; rate = 0.7', COMPOSE.format(call))
    config = found["cfg"]
    assert (config.kind, config.source) == ("hydra", "config")
    assert config.content["password"] == "${oc.env:PLANTED}"
    assert "hydra" not in config.content
    given = None if config.overrides is None else [(each.key, each.given) for each in config.overrides]
    assert given == overrides
    assert config.note.startswith(note)
    assert "hunter2" not in repr(found)
    assert found["conf/config.yaml"].content["defaults"] == [{"db": "small"}, "_self_"]


@pytest.mark.parametrize(
    ("cell", "overrides", "note"),
    [
        ('c = OmegaConf.load("run.yaml")', [], ""),
        ('c = OmegaConf.load("run.yaml")\nc.lr = 1', [("lr", 1, 3e-4)], ""),
        (
            'b = OmegaConf.load("run.yaml")\nc = OmegaConf.merge(b, OmegaConf.from_dotlist(["lr=1", "new=2"]))',
            [("lr", 1, 3e-4), ("new", 2, None)],
            "what was merged over `b`",
        ),
        (
            'c = OmegaConf.merge(OmegaConf.load("run.yaml"), {"opt": {"name": "sgd"}})',
            [("opt.name", "sgd", "adam")],
            "what was merged over `OmegaConf.load('run.yaml')`",
        ),
        ('c = OmegaConf.create({"a": {"b": "???"}})', None, "from which defaults it was made"),
        ('import jupyter_repro\nc = jupyter_repro.config("run.yaml", ["lr=1"])', [("lr", 1, 3e-4)], ""),
    ],
)
def test_what_omegaconf_holds(
    told: Any, monkeypatch: pytest.MonkeyPatch, cell: str, overrides: Any, note: str
) -> None:
    """Against the file or the configuration it was merged over, unresolved."""
    monkeypatch.setenv("PLANTED", "hunter2")
    found = told("from omegaconf import OmegaConf", f"{cell}\npart = c.get('opt')\nstr(c.get('where'))")
    config = found["c"]
    given = (
        None
        if config.overrides is None
        else [(each.key, each.given, each.default) for each in config.overrides]
    )
    assert given == overrides
    assert config.note.startswith(note)
    assert "part" not in found, "a part of a configuration is told with it"
    assert "hunter2" not in repr(found)
    if "run.yaml" in cell:
        assert config.content["where"] == "${oc.env:PLANTED}"


def test_what_sacred_ran_with(told: Any) -> None:
    """What was told before the first run; then what it ran with and what was given."""
    pytest.importorskip("pkg_resources", reason="sacred needs it")
    before = told(
        "from sacred import Experiment\n"
        'ex = Experiment("e", interactive=True, save_git_info=False)\n'
        'ex.add_config({"b": 2, "password": "hunter2"})\n'
        "@ex.config\ndef c():\n    lr = 0.1\n"
        "@ex.named_config\ndef big():\n    b = 20\n"
        "@ex.main\ndef m(lr, b): return lr"
    )["ex"]
    assert (before.kind, before.note) == ("sacred", "it has not run; 1 of its configurations are functions")
    assert before.content == {"b": 2, "password": "[REDACTED:named]"}
    after = told(
        "r = ex.run(config_updates={'lr': 0.3}, named_configs=['big'], options={'--loglevel': 'ERROR'})"
    )["ex"]
    content = dict(after.content)
    assert isinstance(content.pop("seed"), int)
    assert content == {"b": 20, "lr": 0.3, "password": "[REDACTED:named]"}
    assert [(each.key, each.given) for each in after.overrides or ()] == [("lr", 0.3)]
    assert after.note.endswith("named configurations: big")


def test_the_environment_and_the_words_tell_them(told: Any, shell: Any, tmp_path: Path) -> None:
    """The same facts in the notebook, in Python and in a file."""
    import jupyter_repro

    told(COMPOSE.format('config_name="config", overrides=["lr=0.5"]'))
    (config, *_) = jupyter_repro.environment(shell).configs or ()
    assert config.names == ("cfg",)
    shell.run_cell("%repro config json all.json").raise_error()
    (first, *_) = json.loads((tmp_path / "all.json").read_text())
    assert first["names"] == ["cfg"]
    assert first["content"]["url"] == "${db.name}"
