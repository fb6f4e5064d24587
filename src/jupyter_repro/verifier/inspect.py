"""What a bundle holds, without running anything of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .archive import open_bundle
from .progress import shown
from .recipe import NAME, Recipe
from .signature import check_signer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .sigstore_check import Identity

__all__ = ["facts", "lines"]


def facts(path: Path, *, allowed: Path | None = None, identity: Identity | None = None) -> dict[str, Any]:
    """Return what is in a bundle, every byte of it checked.

    Args:
        path: The ``.zip`` file.
        allowed: A list of signers, as :func:`.signature.check_signer` takes it.
        identity: Who must have signed with sigstore.

    Raises:
        BundleRejected: It is damaged or was changed.
        SignerUnknown: It is not signed by whom the reader asks for.
    """
    bundle = open_bundle(path)
    signature = check_signer(bundle, allowed, identity).sentence()
    recipe = Recipe.from_json(bundle.read_json(NAME))
    return {
        "id": bundle.id,
        "signature": signature,
        "created_with": recipe.created_with,
        "notebook": recipe.notebook,
        "python": recipe.python,
        "platform": recipe.platform,
        "seed": recipe.seed,
        "cells": len(recipe.cells),
        "files": {name: bundle.sizes[name] for name in sorted(bundle.sizes)},
        "external_files": [file.path for file in recipe.external_files],
        "proof": list(recipe.proof),
    }


def lines(found: dict[str, Any]) -> Iterator[str]:
    """Yield the facts for a terminal."""
    seed = found["seed"] or {}
    yield f"notebook  {shown(found['notebook'])} ({found['cells']} code cells)"
    yield f"python    {shown(found['python'].get('version', '?'))} on {shown(' '.join(found['platform'].values()))}"
    yield f"seed      {seed.get('seed', 'none')}, {seed.get('strictness', 'off')}"
    yield f"bundle id {found['id']}"
    yield f"signature {found['signature']}"
    yield ""
    for name, size in found["files"].items():
        yield f"{size:>12,}  {shown(name)}"
    for name in found["external_files"]:
        yield f"  not packed  {shown(name)}"
