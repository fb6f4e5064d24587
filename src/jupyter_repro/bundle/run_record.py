"""The record of the run that made a bundle, from the bundle itself."""

from __future__ import annotations

import hashlib
import posixpath
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.canonical import dumps
from jupyter_repro.errors import BadBundle
from jupyter_repro.records import Environment, Missing, SeedPlan, Setting
from jupyter_repro.records.catalog import Bundled, RanCell, RunInput, RunNote
from jupyter_repro.store.catalog.building import Told, beyond_us, parcel_of
from jupyter_repro.verifier.archive import open_bundle
from jupyter_repro.verifier.errors import BundleRejected

from . import layout

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_repro.records.trackers import TrackedRun
    from jupyter_repro.store.catalog.catalog import Parcel
    from jupyter_repro.verifier.archive import Bundle

__all__ = ["parcel_of_bundle"]

_SAVED = "saved:"
"""Before digests of outputs as a file holds them: those of a kernel are made as it shows them."""


def parcel_of_bundle(
    path: Path,
    *,
    kernel: str = "",
    notes: tuple[RunNote, ...] = (),
    durations: Mapping[str, float] | None = None,
    trackers: tuple[TrackedRun, ...] = (),
) -> Parcel:
    """Return the record of the run that made a bundle.

    Args:
        path: The bundle; every byte of it is checked.
        kernel: The kernel that exported; empty: a terminal.
        notes: The decision log of that kernel.
        durations: Seconds that the cells took, by id, which a bundle does not hold.
        trackers: The runs of trackers that kernel began.

    Raises:
        BadBundle: It is none of ours.
    """
    try:
        held = open_bundle(path)
        recipe = held.read_json(layout.RECIPE)
        seed = recipe.get("seed")
        proof = [each.get("verdict") for each in recipe.get("proof", ())]
        told = Told(
            kind="export",
            kernel=kernel,
            notebook=str(recipe["notebook"]),
            seed=None if seed is None else msgspec.convert(seed, SeedPlan),
            settings=tuple(msgspec.convert(each, Setting) for each in recipe.get("settings", ())),
            inputs=_inputs(recipe),
            cells=_cells(recipe, held.read_json(layout.REFERENCE), durations or {}),
            verdict=_verdict(recipe, proof),
            headline=_headline(proof) if recipe.get("proven", True) else "not proven: exported without a run",
            notes=notes,
            trackers=trackers,
            bundle=Bundled(id=held.id, name=path.name),
            absent=_absent(seed),
        )
        environment = _environment(held)
    except BundleRejected as error:
        raise BadBundle(error.message, remedy=error.remedy) from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadBundle(f"`{path.name}` gives no record: {error}", remedy="export it again") from error
    return parcel_of(told, environment)


def _verdict(recipe: Mapping[str, Any], proof: list[Any]) -> str:
    if not recipe.get("proven", True):
        return ""
    return "differs" if {"differs", "error"} & set(proof) else "reproduced"


def _absent(seed: object) -> dict[str, str]:
    found = {"started": "a bundle holds no times"}
    if seed is None:
        found["seed"] = "none was given to the export; the notebook's own cells may set one"
    return found


def _headline(proof: list[Any]) -> str:
    shown = [each for each in proof if each != "not run"]
    same = sum(each not in ("differs", "error") for each in shown)
    return f"{same} of {len(shown)} shown cells agreed with a fresh run" if shown else "no cell showed a run"


def _environment(held: Bundle) -> Environment:
    facts = held.read_json(layout.ENVIRONMENT)
    if layout.GIT in held.digests:
        patch = held.read(layout.DIRTY_PATCH) if layout.DIRTY_PATCH in held.digests else b""
        facts["git"] = {**held.read_json(layout.GIT), "diff": patch.decode("utf-8", "replace")}
    elif facts.get("git", {}).get("is") != "missing":
        facts["git"] = msgspec.to_builtins(Missing("the bundle holds no revision"))
    return msgspec.convert(facts, Environment)


def _inputs(recipe: Mapping[str, Any]) -> tuple[RunInput, ...]:
    home = posixpath.dirname(recipe["notebook"]) or "."
    found = []
    for each in (*recipe.get("files", ()), *recipe.get("external_files", ())):
        name = str(each["path"])
        near = name if name.startswith(("/", "~")) else posixpath.relpath(name, home)
        found.append(RunInput(resource=f"file:{near}", digest=str(each["sha256"])))
    return tuple(sorted(found, key=lambda each: each.resource))


def _cells(
    recipe: Mapping[str, Any], reference: Mapping[str, Any], durations: Mapping[str, float]
) -> tuple[RanCell, ...]:
    fresh = {str(cell.get("id")): cell for cell in reference["cells"]}
    return tuple(
        RanCell(
            id=str(cell["id"]),
            label=str(cell["label"]),
            source=str(cell["source_sha256"]),
            outputs=_outputs(fresh.get(str(cell["id"]))),
            ended="error" if cell.get("expects_error") else "ok",
            order=number,
            duration_s=durations.get(str(cell["id"]), 0.0),
        )
        for number, cell in enumerate(recipe["cells"], start=1)
    )


def _outputs(cell: Mapping[str, Any] | None) -> str | None:
    if cell is None:
        return None
    source = cell["source"]
    text = "".join(source) if isinstance(source, list) else str(source)
    return _SAVED + _digest(cell.get("outputs", [])) if beyond_us(text) else ""


def _digest(outputs: list[dict[str, Any]]) -> str:
    """Return the digest of saved outputs, the number of the run left out."""
    plain = [{key: value for key, value in each.items() if key != "execution_count"} for each in outputs]
    return hashlib.sha256(dumps(plain)).hexdigest()
