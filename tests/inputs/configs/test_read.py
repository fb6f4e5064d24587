"""A configuration file is read as it is written, and kept on record."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import pytest

import jupyter_repro
from jupyter_repro.errors import BadConfig
from jupyter_repro.inputs.configs import read
from jupyter_repro.inputs.configs.formats import parsed
from jupyter_repro.records.configs import Override

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    read.READ.clear()


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("c.yaml", "lr: 3e-4\nsteps: 1_000\non: yes\n", {"lr": 3e-4, "steps": 1000, True: True}),
        ("c.yml", "day: 2024-05-01\n", {"day": dt.date(2024, 5, 1)}),
        ("c.yml", "a: &x {b: 1}\nc: {<<: *x, d: 2}\n", {"a": {"b": 1}, "c": {"b": 1, "d": 2}}),
        ("c.yaml", "version: 1.10\nname: 1e\n", {"version": 1.1, "name": "1e"}),
        ("c.yaml", "", None),
        ("c.json", '{"lr": 3e-4, "n": [1]}', {"lr": 3e-4, "n": [1]}),
        ("c.toml", "lr = 3e-4\n[opt]\nname = 'adam'\n", {"lr": 3e-4, "opt": {"name": "adam"}}),
        ("c.json", '{"cmd": "echo ${HOME}"}', {"cmd": "echo ${HOME}"}),
    ],
)
def test_each_format(tmp_path: Path, name: str, text: str, found: object) -> None:
    """As its library reads it; YAML with numbers as in YAML 1.2."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert jupyter_repro.config(tmp_path / name) == found


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("c.yaml", "a: 1\na: 2\n", "the key `a` stands twice"),
        ("c.json", '{"a": 1, "b": 2, "a": 3}', "the key `a` stands twice"),
        ("c.yaml", "a: [1,\n", "cannot be read"),
        ("c.yaml", "a: !!python/object:os.system {}\n", "cannot be read"),
        ("c.toml", "a =\n", "cannot be read"),
        ("c.ini", "a = 1\n", "known suffixes: .json, .toml, .yaml, .yml"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, text: str, why: str) -> None:
    """In one line."""
    with pytest.raises(BadConfig, match=why) as caught:
        parsed(text, name)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The system's reason is told."""
    with pytest.raises(BadConfig, match="No such file"):
        jupyter_repro.config(tmp_path / "gone.yaml")
    (tmp_path / "big.yaml").write_bytes(b"#" * (1 << 20) + b"\n")
    with pytest.raises(BadConfig, match="larger than a megabyte"):
        jupyter_repro.config(tmp_path / "big.yaml")


def test_overrides_are_put_in_and_kept(tmp_path: Path) -> None:
    """The record holds the file as it is and what was given beside it."""
    path = tmp_path / "c.yaml"
    path.write_text("opt: {name: adam, lr: 0.1}\nn: 3\n", encoding="utf-8")
    found = jupyter_repro.config(path, ["opt.lr=1e-3", "n=null", "+opt.betas=[0.9, 0.99]", "+tag=a=b"])
    assert found == {
        "opt": {"name": "adam", "lr": 1e-3, "betas": [0.9, 0.99]},
        "n": None,
        "tag": "a=b",
    }
    (record, held) = read.READ[str(path)]
    assert record.content == {"opt": {"name": "adam", "lr": 0.1}, "n": 3}
    assert held == found
    assert record.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert record.overrides == (
        Override(key="opt.lr", given=1e-3, default=0.1, known=True),
        Override(key="n", given=None, default=3, known=True),
        Override(key="opt.betas", given=[0.9, 0.99]),
        Override(key="tag", given="a=b"),
    )


@pytest.mark.parametrize(
    ("override", "told"),
    [
        ("opt.lrr=1", "did you mean `opt.lr`?"),
        ("zzz=1", "write `\\+zzz=...` for a new one"),
        ("opt.lr", "`opt.lr` is no override"),
        ("opt.lr.deep=1", "no key"),
    ],
)
def test_an_override_without_a_key_is_a_slip(tmp_path: Path, override: str, told: str) -> None:
    """With a guess."""
    path = tmp_path / "c.yaml"
    path.write_text("opt: {name: adam, lr: 0.1}\n", encoding="utf-8")
    with pytest.raises(BadConfig, match=told):
        jupyter_repro.config(path, [override])
    with pytest.raises(BadConfig, match="give a list"):
        jupyter_repro.config(path, override)
    assert read.READ == {}
