"""Publish and find runs; the store is the truth, the index can always be made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from making import environment, made, opened, parcel

from jupyter_repro.errors import BadRecord, BadWord, StorageFailed
from jupyter_repro.records import Git, Missing
from jupyter_repro.records.catalog import RunNote
from jupyter_repro.store.catalog.index import Wanted

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.store.catalog.catalog import Catalog

GIT = Git(commit="a" * 40, branch="main", dirty=True, diff="diff --git a b\n", untracked=(), remote=None)


def test_a_run_comes_back_with_what_it_stood_on(catalog: Catalog) -> None:
    """Environment and code, the patch among it; the newest first."""
    stood_on = environment(git=GIT)
    first, second = made(catalog, parcel(1), parcel(2, stood_on=stood_on))
    assert [run.id for run in catalog.find(Wanted())] == [second, first]
    assert catalog.environment(catalog.named(second)).git == GIT
    assert catalog.environment(catalog.named(first)).git == Missing("none")
    assert catalog.environment(catalog.named(first)).packages == stood_on.packages


def test_a_record_is_never_changed(catalog: Catalog) -> None:
    """A second of its name is refused."""
    catalog.publish(parcel(1))
    with pytest.raises(StorageFailed, match="records are never changed"):
        catalog.publish(parcel(1, verdict="differs"))
    assert catalog.named("last").verdict == "reproduced"


def test_the_index_is_made_anew_from_the_records(catalog: Catalog, tmp_path: Path) -> None:
    """Records that others wrote come in, those that have gone go."""
    ids = made(catalog, *(parcel(number) for number in range(3)))
    catalog.index.close()
    (tmp_path / "index.sqlite").unlink()
    with opened(tmp_path) as again:
        assert again.find(Wanted()) == ()
        again.update()
        assert {run.id for run in again.find(Wanted())} == set(ids)
        again.store.remove(f"runs/{ids[0]}.json")
        again.update()
        assert again.reindex() == 2


def test_no_secret_is_in_the_index(catalog: Catalog, tmp_path: Path) -> None:
    """It holds what the store holds."""
    secret = "ghp_" + "a1B2c3D4e5" * 4
    catalog.publish(parcel(1, notes=(RunNote(text=secret, at=0.0),)))
    catalog.index.close()
    assert secret.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("index.sqlite*"))


def test_damage_is_told_and_hides_nothing_else(catalog: Catalog, tmp_path: Path) -> None:
    """The whole records are there."""
    ids = made(catalog, parcel(1), parcel(2))
    (tmp_path / "store" / "runs" / f"{ids[0]}.json").write_bytes(b"{")
    catalog.reindex()
    assert [run.id for run in catalog.find(Wanted())] == [ids[1]]
    assert catalog.damaged == (f"the record of run {ids[0]} cannot be used: it is not whole",)


@pytest.mark.parametrize("word", ["last", "@1", "@3", "{2}", "{2:.15}"])
def test_a_run_has_several_names(catalog: Catalog, word: str) -> None:
    """Its own or the beginning of it, and its place from the end."""
    ids = made(catalog, *(parcel(number) for number in range(3)))
    found = catalog.named(word.format(*ids))
    assert found.id == (ids[0] if word == "@3" else ids[2])


@pytest.mark.parametrize(
    ("word", "said"),
    [("", "no run"), ("nosuch", "no run"), ("@4", "no run"), ("01", "several"), ("%", "no run")],
)
def test_a_name_that_names_none_or_several(catalog: Catalog, word: str, said: str) -> None:
    """The message says which."""
    made(catalog, *(parcel(number) for number in range(3)))
    with pytest.raises(BadWord, match=said):
        catalog.named(word)


@pytest.mark.parametrize("damage", [None, b"{}"])
def test_an_object_that_is_gone_or_changed_is_told(
    catalog: Catalog, tmp_path: Path, damage: bytes | None
) -> None:
    """Nothing else is taken for it."""
    catalog.publish(parcel(1))
    run = catalog.named("last")
    path = tmp_path / "store" / "objects" / f"{run.environment}.json"
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    with pytest.raises(BadRecord, match=r"is not in|was changed"):
        catalog.environment(run)
