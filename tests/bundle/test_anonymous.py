"""A bundle for double-blind review tells nobody who its author is, and the finished file is looked through."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.bundle.anonymous import (
    Left,
    anonymous_notebook,
    anonymous_run,
    identities_left,
    refuse_identities,
)
from jupyter_repro.bundle.anonymous_wheel import without_people
from jupyter_repro.bundle.canonical import CanonicalRun, Trace
from jupyter_repro.bundle.identity import identities
from jupyter_repro.bundle.notebook import read_notebook
from jupyter_repro.bundle.wheels import WheelFile, read_record, write_wheel
from jupyter_repro.errors import ExportRefused

if TYPE_CHECKING:
    from pathlib import Path

_NAMED = {"Ada Lovelace": "your name in git", "ada@engine.org": "your address in git", "engine7": "the name of your machine"}  # fmt: skip


def _zip(path: Path, **members: bytes | str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return path


def _left(path: Path, **more: Any) -> tuple[Left, ...]:
    return identities_left(path, _NAMED, **{"others": (), "allowed": (), **more})


@pytest.mark.parametrize(
    ("member", "content", "kinds"),
    [
        ("README_dot_md", "by ADA lovelace", ["your name in git"]),
        ("data__x_dot_csv", "a,b\nada@engine.org,1", ["your address in git"]),
        ("data__x_dot_csv", "engine70, xengine7", []),
        ("repro_dot_json", json.dumps({"a": "on engine7"}), ["the name of your machine"]),
        (
            "notebook_dot_ipynb",
            json.dumps({"data": {"image/png": "Ada Lovelace engine7", "text/plain": "Ada Lovelace"}}),
            ["your name in git"],
        ),
        ("verifier__x_dot_py", "engine7", []),
        ("data__b_dot_bin", b"\xff\xfe" * (1 << 19) + b" engine7 ", ["the name of your machine"]),
    ],
    ids=["text", "data", "other words", "json", "outputs, not images", "program", "bytes"],
)
def test_where_names_are_found(tmp_path: Path, member: str, content: bytes | str, kinds: list[str]) -> None:
    """Whole words in every member but the program, whatever their case; images are no text."""
    assert [each.kind for each in _left(_zip(tmp_path / "x.zip", **{member: content}))] == kinds


def test_inside_wheels_and_names_of_members(tmp_path: Path) -> None:
    """The author's own wheels are opened, an index's are not; a name of a file is looked at too."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as wheel:
        wheel.writestr("p-1.dist-info/METADATA", "Author: Ada Lovelace\n")
    path = _zip(tmp_path / "x.zip", wheels__p_dot_whl=inner.getvalue(), data__engine7_dot_csv="1")
    assert set(_left(path)) == {
        Left("wheels/p.whl: p-1.dist-info/METADATA", "your name in git"),
        Left("the name of data/engine7.csv", "the name of your machine"),
    }
    assert _left(path, others=("p.whl",), allowed=("engine7.csv",)) == ()


def test_what_is_left_refuses() -> None:
    """Each place is named."""
    refuse_identities(())
    with pytest.raises(ExportRefused, match=r"your name in git in README\.md"):
        refuse_identities((Left("README.md", "your name in git"),))


def test_who_the_author_is(tmp_path: Path) -> None:
    """Git, its commits and its remote, the project's authors, those in the notebook; names of nobody are left out."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\nauthors = [{name = "Grace H", email = "g@navy.org"}]\n')  # fmt: skip
    node = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"authors": [{"name": "Alan T"}]}, "cells": []}
    (tmp_path / "nb.ipynb").write_text(json.dumps(node))
    git = ["git", "-C", str(tmp_path), "-c", "user.name=Old Name", "-c", "user.email=old@x.org"]
    for words in (
        ["init", "-q"],
        ["config", "user.name", "Ada L"],
        ["config", "user.email", "ada@engine.org"],
        ["remote", "add", "origin", "git@forge.org:adal/secret-paper.git"],
        ["commit", "-q", "--allow-empty", "-m", "x", "--author", "Mary S <m@s.org>"],
    ):
        subprocess.run([*git, *words], check=True)
    found = identities(read_notebook(tmp_path / "nb.ipynb"))
    assert {"Grace H", "g@navy.org", "Alan T", "Ada L", "ada@engine.org", "Mary S", "m@s.org", "adal/secret-paper", "adal", str(tmp_path)} <= set(found)  # fmt: skip
    assert not {"root", "localhost", ""} & set(found)
    assert list(found) == sorted(found, key=lambda text: (-len(text), text))


def test_the_notebook_keeps_what_a_run_needs(tmp_path: Path) -> None:
    """Language, tags and claims stay; authors, kernel and times go."""
    cell = {"cell_type": "code", "id": "a", "source": "1", "outputs": [], "execution_count": 1,
            "metadata": {"tags": ["x"], "execution": {"t": 1}, "owner": "me"}}  # fmt: skip
    node = {"nbformat": 4, "nbformat_minor": 5, "cells": [cell], "metadata": {
        "authors": [{"name": "Ada"}], "kernelspec": {"name": "ada-env", "display_name": "Ada", "language": "python"},
        "language_info": {"name": "python"}}}  # fmt: skip
    (tmp_path / "nb.ipynb").write_text(json.dumps(node))
    made = anonymous_notebook(read_notebook(tmp_path / "nb.ipynb"))
    assert b"Ada" not in made.bytes
    assert b"ada-env" not in made.bytes
    assert json.loads(made.bytes)["cells"][0]["metadata"] == {"tags": ["x"]}


def test_a_wheel_without_people(tmp_path: Path) -> None:
    """Fields that name people go, with what continues them; the RECORD is that of the new files."""
    metadata = "Name: p\nAuthor: Ada\nSummary: s\nAuthor-email: Ada\n <a@x.org>\nProject-URL: Home, https://x\n\nBy no one\n"
    path = tmp_path / "p-1-py3-none-any.whl"
    write_wheel(
        path,
        "p-1.dist-info",
        [
            WheelFile(member="p.py", source=b"1"),
            WheelFile(member="p-1.dist-info/METADATA", source=metadata.encode()),
        ],
    )
    record = without_people(path, read_record(path))
    with zipfile.ZipFile(path) as archive:
        assert archive.read("p-1.dist-info/METADATA").decode() == "Name: p\nSummary: s\n\nBy no one\n"
    assert sorted(record.splitlines()) == sorted(read_record(path).splitlines())


def test_the_run_names_no_place() -> None:
    """What the kernel told of the machine stays, but for the time zone; the run itself is not changed."""
    machine = {"cores": "2", "time zone": "ACST/ACDT"}
    node = {"metadata": {"jupyter_repro": {"record": {"schema": 1, "machine": machine}}}, "cells": []}
    run = CanonicalRun(node=node, errors={}, trace=Trace(), arguments=(), environment={}, seconds=0.0)
    told = anonymous_run(run).node["metadata"]["jupyter_repro"]["record"]
    assert told == {"schema": 1, "machine": {"cores": "2"}}
    assert machine["time zone"] == "ACST/ACDT"
    bare = CanonicalRun(
        node={"metadata": {}, "cells": []},
        errors={},
        trace=Trace(),
        arguments=(),
        environment={},
        seconds=0.0,
    )
    assert anonymous_run(bare).node == bare.node
