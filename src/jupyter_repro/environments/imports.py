"""Which packages were really imported: named by cells, needed by what cells name, or there before."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec

from .owners import Owners

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_repro.records import Package
    from jupyter_repro.records.packages import Imported

__all__ = ["OURS", "modules_now", "with_imports"]

OURS = frozenset(
    ("gitdb", "gitpython", "jupyter-repro", "msgspec", "nvidia-ml-py", "packaging", "smmap", "uv", "xxhash")
)
"""What we import ourselves while cells run."""


def modules_now() -> dict[str, str]:
    """Return the file of each imported module by its name; those without one are part of Python."""
    found = {}
    for name, module in list(sys.modules.items()):
        file = vars(module).get("__file__") if hasattr(module, "__dict__") else None
        if isinstance(file, str):
            found[name] = file
    return found


def with_imports(
    packages: Iterable[Package],
    modules: Mapping[str, str],
    *,
    named: Iterable[str],
    before: frozenset[str],
    owners: Owners | None = None,
) -> tuple[Package, ...]:
    """Return the packages with what is known of their imports.

    Args:
        packages: What is installed.
        modules: The files of the modules that are imported, by full name.
        named: The modules that cells name in their imports; their parent packages may be among them.
        before: The modules that were imported before the first cell.
        owners: Which file belongs to which distribution; None looks on ``sys.path``.
    """
    owners = Owners() if owners is None else owners
    named = tuple(named)
    direct = {owner for name in named for owner in owners.of_name(name.partition(".")[0])}
    # an editable install records no files of its own
    direct |= {owner for name in named if name in modules and (owner := owners.of_file(modules[name]))}
    there: dict[str, Imported] = {}
    seen: dict[str, str | None] = {}
    for name, file in modules.items():
        key = file.rpartition("/")[0] if name.count(".") else file
        if key not in seen:
            seen[key] = owners.of_file(file)
        owner = seen[key]
        if owner is None:
            continue
        late = name not in before and owner not in OURS
        if there.get(owner) != "libraries":
            there[owner] = "libraries" if late else "kernel"
    for owner in direct & set(there):
        there[owner] = "cells"
    return tuple(msgspec.structs.replace(each, imported=there.get(each.name, "")) for each in packages)
