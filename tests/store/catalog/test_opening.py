"""Which catalog belongs to a folder, and what waits for one that cannot be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from making import parcel

from jupyter_repro.errors import BadSettings
from jupyter_repro.store.catalog.__main__ import main
from jupyter_repro.store.catalog.index import Wanted
from jupyter_repro.store.catalog.opening import deliver, place_near, publish, waiting

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("project", "named", "otherwise", "told", "beside"),
    [
        (None, "", "", "", "."),
        (None, "", "s3://b/r", "s3://b/r", "."),
        ('[tool.jupyter_repro]\nstore = "runs"', "", "s3://b/r", "runs", ".."),
        ('[tool.jupyter_repro]\nstore = "runs"', "there", "", "there", "."),
        ("[tool.jupyter_repro]\nselect = []", "", "s3://b/r", "s3://b/r", "."),
        ("[tool.other]", "", "x", "x", "."),
    ],
)
def test_the_project_comes_before_the_configuration(
    tmp_path: Path, project: str | None, named: str, otherwise: str, told: str, beside: str
) -> None:
    """And what is named on the command line before both; a relative folder is the project's."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    if project is not None:
        (tmp_path / "pyproject.toml").write_text(project, encoding="utf-8")
    found = place_near(folder, told=named, otherwise=otherwise)
    assert (found.told, found.beside) == (told, (folder / beside).resolve())
    assert found.remote == told.startswith("s3:")


@pytest.mark.parametrize("text", ["[tool.jupyter_repro]\nstore = 3", "[tool"])
def test_settings_that_cannot_be_understood(tmp_path: Path, text: str) -> None:
    """One clear error."""
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings):
        place_near(tmp_path)


@pytest.mark.parametrize(
    ("told", "said"),
    [("nosuch://x/y", "the store `nosuch://x/y`"), ("memory://x", "forgotten with the process")],
)
def test_a_store_that_cannot_be_one(tmp_path: Path, told: str, said: str) -> None:
    """The message says what to install, or why not."""
    with pytest.raises(BadSettings, match=said):
        place_near(tmp_path, told=told).open()


def test_the_folders_own_catalog_is_out_of_every_commit(tmp_path: Path) -> None:
    """It lies where the journal does."""
    publish(parcel(1), place_near(tmp_path), tell=print)
    assert (tmp_path / ".jupyter_repro" / ".gitignore").read_text() == "*\n"
    assert len(list((tmp_path / ".jupyter_repro" / "catalog" / "runs").iterdir())) == 1


def test_what_a_store_refuses_waits_and_is_brought_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also by a process of its own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    blocked = tmp_path / "shared"
    blocked.write_text("a file where the folder should be")
    (tmp_path / "pyproject.toml").write_text('[tool.jupyter_repro]\nstore = "shared"', encoding="utf-8")
    place = place_near(tmp_path)
    publish(parcel(1), place, tell=print)
    publish(parcel(2), place, tell=print)
    assert "the record waits on this machine" in capsys.readouterr().out
    assert waiting(tmp_path) == 2
    assert main([str(tmp_path), ""]) == 1
    assert waiting(tmp_path) == 2
    blocked.unlink()
    assert main([str(tmp_path), ""]) == 0
    assert waiting(tmp_path) == 0
    assert list((tmp_path / ".jupyter_repro" / "outbox" / "objects").iterdir()) == []
    with place.open() as catalog:
        catalog.update()
        found = catalog.find(Wanted())
        assert [run.kernel for run in found] == ["k2", "k1"]
        assert catalog.environment(found[0]).packages
        assert deliver(catalog, tmp_path) == 0
