"""Which libraries can be seeded: ours and those of installed plug-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.records import Setting

from .guarded import attempt
from .libs import COMMON, RARE, PythonSeeder
from .named import NAMED
from .protocol import Seeder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.metadata import EntryPoint

__all__ = ["BUILT_IN", "GROUP", "find_seeders"]

GROUP = "jupyter_repro.seeders"
"""Entry point group; each entry is a seeder, or a class of seeders made without arguments."""

BUILT_IN: tuple[Seeder, ...] = (PythonSeeder(), *COMMON, NAMED, *RARE)


def find_seeders(
    points: Iterable[EntryPoint] | None = None,
) -> tuple[tuple[Seeder, ...], tuple[Setting, ...]]:
    """Return the seeders, ours first, and one setting for each plug-in that cannot be used.

    Args:
        points: The plug-ins' entry points; None looks at the installed packages.
    """
    found: dict[str, Seeder] = {seeder.name: seeder for seeder in BUILT_IN}
    broken: list[Setting] = []
    from importlib.metadata import entry_points  # it costs more than all else that loads with the extension

    if points is None:
        from .functions import FUNCTIONS

        found_points = entry_points()
        points = (*found_points.select(group=GROUP), *found_points.select(group=FUNCTIONS))
    # ours before those of pytest-randomly, which can only seed
    for point in sorted(points, key=lambda each: (each.group != GROUP, each.name)):
        made, reason = attempt(_make, point)
        if made is None:
            broken.append(_broken(point, reason))
        elif made.name in found and point.group != GROUP:
            continue  # the package offers a whole seeder too
        elif made.name in found:
            broken.append(_broken(point, f"another seeder has the name `{made.name}`"))
        else:
            found[made.name] = made
    return tuple(found.values()), tuple(broken)


def _make(point: EntryPoint) -> Seeder:
    if point.group != GROUP:
        from .functions import FunctionSeeder

        return FunctionSeeder(point)
    loaded: Any = point.load()
    seeder = loaded() if isinstance(loaded, type) else loaded
    if not isinstance(seeder, Seeder):
        raise TypeError(f"`{point.value}` is not a seeder")
    return seeder


def _broken(point: EntryPoint, reason: str) -> Setting:
    return Setting(
        name=f"seed.{point.name}",
        requested="",
        effective="",
        effect="not available",
        verified_by="not verified: the plug-in cannot be used",
        note=f"{reason}; update or remove the package that offers `{point.value}`",
    )
