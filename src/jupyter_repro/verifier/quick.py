"""The quick variant of a verification, and what a bundle's author leaves open: both weaken the verdict, and are said."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from .errors import UsageFault
from .shape import checked_notebook

if TYPE_CHECKING:
    from .archive import Bundle
    from .compare.notebook import CellComparison
    from .recipe import Recipe, RecipeQuick

__all__ = ["caveats", "only_quick", "quick_recipe", "reference_of"]

_WHOLE = "reference.ipynb"
_QUICK = "reference-quick.ipynb"


def reference_of(bundle: Bundle, recipe: Recipe, *, quick: bool) -> dict[str, Any]:
    """Return the outputs to compare with.

    Raises:
        BundleRejected: They are no notebook.
        UsageFault: The quick variant is asked for, and there is none.
    """
    if quick:
        _needed(recipe)
    name = _QUICK if quick else _WHOLE
    return checked_notebook(bundle.read_json(name), name)


def quick_recipe(recipe: Recipe) -> Recipe:
    """Return the recipe of the quick variant: its environment, and the errors that it ends cells with."""
    quick = _needed(recipe)
    cells = (
        dataclasses.replace(cell, expects_error="any" if cell.id in quick.expected else None)
        for cell in recipe.cells
    )
    return dataclasses.replace(
        recipe, kernel_environment={**recipe.kernel_environment, **quick.environment}, cells=tuple(cells)
    )


def only_quick(compared: tuple[CellComparison, ...], recipe: Recipe) -> tuple[CellComparison, ...]:
    """Return the cells of the quick variant."""
    chosen = frozenset(_needed(recipe).cells)
    return tuple(cell for cell in compared if cell.id in chosen)


def caveats(recipe: Recipe, *, quick: bool) -> str:
    """Return what the verdict does not say, as the end of the headline."""
    told = []
    if quick:
        told.append(
            f"only the quick variant was run ({len(_needed(recipe).cells)} of {len(recipe.cells)} cells)"
        )
    elif not recipe.proven:
        told.append("not proven by its author, whose reference is what the saved notebook showed")
    if recipe.waivers:
        codes = ", ".join(dict.fromkeys(each.get("code", "?") for each in recipe.waivers))
        told.append(f"its author exported in spite of {codes}")
    return "".join(f"; {each}" for each in told)


def _needed(recipe: Recipe) -> RecipeQuick:
    if recipe.quick is None:
        raise UsageFault(
            "this bundle has no quick variant",
            remedy="leave --quick out: its author tagged no cell `repro-smoke`",
        )
    return recipe.quick
