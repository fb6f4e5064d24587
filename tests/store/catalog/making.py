"""Runs that tests make."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.environments import capture_environment
from jupyter_repro.records import Missing, Package, SeedPlan
from jupyter_repro.records.catalog import RanCell, RunInput
from jupyter_repro.store.catalog.building import Told, parcel_of
from jupyter_repro.store.catalog.catalog import Catalog, Parcel
from jupyter_repro.store.catalog.folder import FolderStore
from jupyter_repro.store.catalog.ids import new_run_id

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.records import Environment

__all__ = ["DAY_NS", "START_NS", "environment", "made", "opened", "parcel"]

START_NS = 1_800_000_000_000_000_000
DAY_NS = 86_400_000_000_000


@functools.cache
def _captured() -> Environment:
    return capture_environment(None)


def environment(**changes: Any) -> Environment:
    """Return a real environment with few packages."""
    given = {
        "packages": (Package(name="numpy", version="1.26.4", imported="cells"),),
        "git": Missing("none"),
        **changes,
    }
    return msgspec.structs.replace(_captured(), **given)


def parcel(
    number: int = 0, *, at_ns: int | None = None, stood_on: Environment | None = None, **facts: Any
) -> Parcel:
    """Return a run that can be published; the number makes its name."""
    told = {
        "kind": "session",
        "kernel": f"k{number}",
        "notebook": "analysis.ipynb",
        "seed": SeedPlan(seed=42),
        "inputs": (RunInput(resource="file:data.csv", digest="d1"),),
        "cells": (
            RanCell(id="a", label="cell 1", source="s1", outputs="o1", verdict="reproduced"),
            RanCell(id="b", label="cell 2", source="s2", outputs="o2", verdict="reproduced"),
        ),
        "verdict": "reproduced",
        **facts,
    }
    run_id = new_run_id(START_NS + number * 1_000_000 if at_ns is None else at_ns, number.to_bytes(8, "big"))
    return parcel_of(Told(**told), environment() if stood_on is None else stood_on, run_id=run_id)


def opened(folder: Path) -> Catalog:
    """Return a catalog in a folder."""
    return Catalog(FolderStore(folder / "store"), folder / "index.sqlite")


def made(catalog: Catalog, *parcels: Parcel) -> list[str]:
    """Publish runs; return their names."""
    return [catalog.publish(each) for each in parcels]
