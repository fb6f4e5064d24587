"""Configurations that names hold are found, with what was given, and without what is secret."""

from __future__ import annotations

import argparse
import collections
import dataclasses
import enum
import json
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.inputs.configs import find_configs, read, read_config
from jupyter_repro.inputs.configs.plain import MOST, TooLarge, plain
from jupyter_repro.records.configs import Override

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records.configs import Config


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    read.READ.clear()


@pytest.fixture
def found(tmp_path: Path) -> Callable[..., tuple[Config, ...]]:
    """Return what finds the configurations of a notebook in the folder."""

    def find(files: dict[str, str | None] | None = None, sources: tuple[str, ...] = (), **names: Any) -> Any:
        return find_configs(names, files=files or {}, sources=sources, folder=tmp_path)

    return find


def test_arguments_against_the_defaults_of_their_parser(found: Callable[..., Any]) -> None:
    """Only what was given is an override; a default as text is read as the parser reads it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default="5")
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--name")
    (config,) = found(parser=parser, args=parser.parse_args(["--lr", "0.3"]))
    assert (config.kind, config.names) == ("argparse", ("args",))
    assert config.content == {"epochs": 5, "lr": 0.3, "name": None}
    assert config.overrides == (Override(key="lr", given=0.3, default=0.1, known=True),)


def test_arguments_without_their_parser(found: Callable[..., Any]) -> None:
    """Not known is not none."""
    (config,) = found(a=argparse.Namespace(x=1), other=argparse.ArgumentParser())
    assert config.overrides is None
    assert "no name holds its parser" in config.note


def test_a_dict_is_bound_to_the_file_that_it_came_from(found: Callable[..., Any], tmp_path: Path) -> None:
    """Whatever its name, and with what was changed since."""
    (tmp_path / "run.json").write_text('{"lr": 0.1, "opt": {"name": "adam"}, "drop": 1}', encoding="utf-8")
    held = json.loads((tmp_path / "run.json").read_text())
    held["opt"]["name"] = "sgd"
    held["seed"] = 3
    del held["drop"]
    (config,) = found({"run.json": "another digest"}, x=held, data={"a": 1}, _also=held)
    assert (config.kind, config.names, config.source) == ("json", ("_also", "x"), "run.json")
    assert config.overrides == (
        Override(key="drop", default=1, known=True, gone=True),
        Override(key="opt.name", given="sgd", default="adam", known=True),
        Override(key="seed", given=3),
    )
    assert config.note == "the file has changed since it was read"


def test_what_was_read_through_us_is_known_even_if_nobody_else_saw_it(
    found: Callable[..., Any], tmp_path: Path
) -> None:
    """With the overrides that were given and still hold."""
    (tmp_path / "c.yaml").write_text("lr: 0.1\nn: 3\nm: 4\nk: 5\n", encoding="utf-8")
    held = read_config(tmp_path / "c.yaml", ["lr=0.2", "n=3", "m=5"])
    held["m"] = 4
    (config,) = found(c=held)
    assert [(each.key, each.given, each.default) for each in config.overrides or ()] == [
        ("lr", 0.2, 0.1),
        ("n", 3, 3),
    ]
    (alone,) = found()
    assert (alone.kind, alone.names, alone.source) == ("yaml", (), "c.yaml")
    assert alone.content == {"lr": 0.1, "n": 3, "m": 4, "k": 5}


def test_a_number_that_became_a_text_is_said(found: Callable[..., Any], tmp_path: Path) -> None:
    """PyYAML reads `3e-4` as a text, which an optimizer then compares with numbers."""
    (tmp_path / "c.yaml").write_text("lr: 3e-4\nn: 3\n", encoding="utf-8")
    (config,) = found({"c.yaml": None}, config={"lr": "3e-4", "n": 3})
    assert config.overrides == ()
    assert config.note.startswith("lr: a text here")


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("config.json", True),
        ("conf/train.json", True),
        ("hparams.json", True),
        ("metrics.json", False),
        ("any.yaml", True),
        ("settings.toml", True),
        ("table.csv", False),
    ],
)
def test_which_files_alone_are_configurations(
    found: Callable[..., Any], tmp_path: Path, name: str, *, is_one: bool
) -> None:
    """Most JSON files are data."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("a = 1" if name.endswith("toml") else '{"a": 1}', encoding="utf-8")
    assert [each.source for each in found({name: None})] == ([name] if is_one else [])


@dataclasses.dataclass
class TrainConfig:
    """What users write."""

    lr: float = 0.1
    layers: int = 3
    tags: list[str] = dataclasses.field(default_factory=list)


class Size(enum.Enum):
    """What configurations hold as well."""

    LARGE = 3


def test_plain_python_under_a_telling_name(found: Callable[..., Any]) -> None:
    """Data classes know their defaults; a dict in a cell knows nothing."""
    configs = found(
        cfg=TrainConfig(layers=5),
        point=TrainConfig(),
        hparams={"lr": 1, "size": Size.LARGE, "where": Path("data")},
        settings=types.SimpleNamespace(a=1),
        options=collections.OrderedDict(b=2),
        counts=collections.OrderedDict(b=2),
        params={"w": object()},
        config={},
        table={"a": 1},
        TrainConfig=TrainConfig,
    )
    told = {each.names[0]: each for each in configs}
    assert list(told) == ["cfg", "hparams", "settings", "options"]
    assert told["cfg"].content == {"lr": 0.1, "layers": 5, "tags": []}
    assert told["cfg"].overrides == (Override(key="layers", given=5, default=3, known=True),)
    assert told["hparams"].content == {"lr": 1, "size": "LARGE", "where": "data"}
    assert (told["hparams"].overrides, told["hparams"].note) == (None, "it stands in a cell only")


def test_no_line_of_the_user_is_run(found: Callable[..., Any]) -> None:
    """Neither to find a configuration nor to tell what it holds."""

    class Trap(dict[str, Any]):
        def __getattribute__(self, name: str) -> Any:
            raise AssertionError(name)

    class Odd:
        @property
        def __class__(self) -> Any:  # type: ignore[override]  # what proxies do
            raise AssertionError

        def __repr__(self) -> str:
            raise AssertionError

        __dataclass_fields__ = None
        __eq__ = __hash__ = __iter__ = __bool__ = __len__ = __repr__  # type: ignore[assignment]

    class Meta(type):
        def __getattr__(cls, name: str) -> Any:
            raise AssertionError(name)

    class Other(metaclass=Meta):
        pass

    odd = Odd()
    (config,) = found(args=argparse.Namespace(odd=odd, f=len, t=int), trap=Trap(), odd=odd, config=Other())
    assert config.content == {
        "odd": f"<{__name__}.{Odd.__qualname__}>",
        "f": "<builtins.len>",
        "t": "<builtins.int>",
    }


def test_what_is_no_configuration_by_its_size() -> None:
    """Neither long nor deep nor round."""
    ring: list[Any] = []
    ring.append(ring)
    for value in (list(range(MOST + 1)), ring):
        with pytest.raises(TooLarge):
            plain(value)


def test_secrets_go_and_references_stay(found: Callable[..., Any]) -> None:
    """By name, also where they look like words or numbers; what points to a secret is none."""
    (config,) = found(
        config={
            "db": {"password": "hunter2", "pin_pwd": 1234, "passwords": ["a", "b"], "user": "me"},
            "api_key": "secret-word",
            "api_key_env": "${oc.env:API_KEY}",
            "password": "${oc.env:PW}",
            "secret": "${oc.env:PW,hunter2}",
            "url": "postgresql://me:hunter2@host/db",
            "pad_token": "<pad>",
            "cls_token": "[CLS]",
            "hub_token": "abc12345",
            "key": "id",
        }
    )
    text = json.dumps(config.content)
    assert "hunter2" not in text
    assert "abc12345" not in text
    assert "1234" not in text
    assert config.content == {
        "db": {
            "password": "[REDACTED:named]",
            "pin_pwd": "[REDACTED:named]",
            "passwords": ["[REDACTED:named]"] * 2,
            "user": "me",
        },
        "api_key": "[REDACTED:named]",
        "api_key_env": "${oc.env:API_KEY}",
        "password": "${oc.env:PW}",
        "secret": "[REDACTED:named]",
        "url": "postgresql://[REDACTED:url-credentials]@host/db",
        "pad_token": "<pad>",
        "cls_token": "[CLS]",
        "hub_token": "[REDACTED:named]",
        "key": "id",
    }


def test_secrets_in_overrides_go_too(found: Callable[..., Any], tmp_path: Path) -> None:
    """By the key that they stand under."""
    (tmp_path / "c.yaml").write_text("db: {password: old, n: 1}\nhost: a\n", encoding="utf-8")
    held = read_config(tmp_path / "c.yaml", ["db.password=hunter2"])
    (config,) = found(c=held)
    assert config.overrides == (
        Override(key="db.password", given="[REDACTED:named]", default="[REDACTED:named]", known=True),
    )
