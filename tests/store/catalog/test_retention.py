"""What may go, and what never does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from making import DAY_NS, START_NS, environment, made, parcel

from jupyter_repro.errors import StorageFailed
from jupyter_repro.records import Package
from jupyter_repro.records.catalog import Bundled, RunNote
from jupyter_repro.store.catalog.check import check_store
from jupyter_repro.store.catalog.index import Wanted
from jupyter_repro.store.catalog.pins import pin, pinned, unpin
from jupyter_repro.store.catalog.retention import Policy, collect, what_goes

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.store.catalog.catalog import Catalog

NOW = START_NS / 1e9 + 10 * 86_400
BUNDLE = Bundled(id="b" * 64, name="paper.repro.zip")


def days(*kernels: int, **facts: object) -> list[object]:
    return [parcel(number, at_ns=START_NS + number * DAY_NS, **facts) for number in kernels]


def going(catalog: Catalog, policy: Policy) -> list[str]:
    return sorted(run.kernel for run in what_goes(catalog, policy, now=NOW).runs)


@pytest.mark.parametrize(
    ("policy", "gone"),
    [
        (Policy(keep=3), ["k0", "k1", "k2"]),
        (Policy(keep=99), []),
        (Policy(keep=0), ["k0", "k1", "k2", "k3", "k4", "k5"]),
        (Policy(keep_days=7.5), ["k0", "k1", "k2"]),
        (Policy(keep=1, keep_days=7.5), ["k0", "k1", "k2"]),
        (Policy(keep=5, keep_days=5.5), ["k0"]),
        (Policy(keep=0, notebook="other.ipynb"), []),
        (Policy(keep=0, notebook="analysis.ipynb"), ["k0", "k1", "k2", "k3", "k4", "k5"]),
    ],
)
def test_a_run_stays_if_any_rule_keeps_it(catalog: Catalog, policy: Policy, gone: list[str]) -> None:
    """By number and by age."""
    made(catalog, *days(*range(6)))  # type: ignore[arg-type]  # parcels
    assert going(catalog, policy) == gone


def test_each_notebook_counts_for_itself(catalog: Catalog) -> None:
    """The newest of each stays."""
    made(catalog, *days(0, 1), *days(2, 3, notebook="other.ipynb"))  # type: ignore[arg-type]  # as above
    assert going(catalog, Policy(keep=1)) == ["k0", "k2"]


def test_what_others_need_never_goes(catalog: Catalog) -> None:
    """What made a bundle, the session behind it, what is pinned, and decisions."""
    bundle = parcel(1, kind="export", kernel="k0", bundle=BUNDLE)
    note = parcel(3, kind="note", notes=(RunNote(text="why", at=0.0),))
    ids = made(catalog, parcel(0), bundle, parcel(2), note, parcel(4))
    pin(catalog.store, ids[2], "golden run of the paper")
    assert going(catalog, Policy(keep=0)) == ["k4"]
    assert what_goes(catalog, Policy(keep=0), now=NOW).kept == {
        "behind a bundle": 2,
        "pinned": 1,
        "a decision": 1,
    }
    assert pinned(catalog.store) == {ids[2]: "golden run of the paper"}
    assert not pin(catalog.store, ids[2], "again")
    unpin(catalog.store, ids[2])
    assert going(catalog, Policy(keep=0)) == ["k2", "k4"]


def test_what_goes_goes_with_what_nobody_else_needs(catalog: Catalog, tmp_path: Path) -> None:
    """Nothing before it is asked for; young objects stay, since a record that needs them may be on its way."""
    other = environment(packages=(Package(name="numpy", version="2"),))
    made(catalog, parcel(0, stood_on=other), parcel(1))
    found = what_goes(catalog, Policy(keep=1), now=NOW)
    assert found.bytes > 0
    assert len(catalog.find(Wanted())) == 2
    for path in (tmp_path / "store" / "objects").iterdir():
        os.utime(path, (0, 0))
    found = what_goes(catalog, Policy(keep=1), now=NOW)
    assert len(found.objects) == 1
    collect(catalog, found)
    assert [run.kernel for run in catalog.find(Wanted())] == ["k1"]
    checked = check_store(catalog)
    assert (checked.whole, checked.runs, checked.objects, checked.unused) == (True, 1, 1, ())


def test_an_object_that_is_needed_anew_stays(catalog: Catalog, tmp_path: Path) -> None:
    """Somebody publishes a run between the look and the removal."""
    other = environment(packages=(Package(name="numpy", version="2"),))
    made(catalog, parcel(0, stood_on=other), parcel(1))
    for path in (tmp_path / "store" / "objects").iterdir():
        os.utime(path, (0, 0))
    found = what_goes(catalog, Policy(keep=1), now=NOW)
    catalog.publish(parcel(2, stood_on=other))
    collect(catalog, found)
    assert check_store(catalog).whole


def test_nothing_goes_while_a_record_cannot_be_read(catalog: Catalog, tmp_path: Path) -> None:
    """Nobody knows what it refers to."""
    ids = made(catalog, parcel(0), parcel(1))
    (tmp_path / "store" / "runs" / f"{ids[0]}.json").write_bytes(b"{")
    catalog.reindex()
    with pytest.raises(StorageFailed, match="nothing is removed while a record cannot be read"):
        what_goes(catalog, Policy(keep=0), now=NOW)
