"""What is decided about rules here: by the project first, by the configuration of the kernel where that says nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.errors import BadSettings
from jupyter_repro.rules.configured import RuleSettings, settings_from, settings_near

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["decided"]


def decided(
    table: Mapping[str, object], folder: Path, path: str | None
) -> tuple[RuleSettings, Path | None, str]:
    """Return the settings of rules, the notebook they are asked for, and why the project's are not in force.

    Args:
        table: `c.ReproMagics.rules`.
        folder: Where the kernel works.
        path: The notebook file, as far as it is known.
    """
    notebook = Path(path) if path else None
    configured = settings_from(table, where="`c.ReproMagics.rules`") if table else RuleSettings()
    try:
        near = settings_near(notebook.parent if notebook is not None else folder)
    except BadSettings as error:
        return configured, notebook, str(error)
    except OSError as error:
        return configured, notebook, f"`pyproject.toml` cannot be looked for: {error.strerror}"
    return near.over(configured), notebook, ""
