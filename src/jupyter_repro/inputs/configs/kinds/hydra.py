"""Jobs of Hydra's app mode, by what Hydra writes into the folder of each before it begins."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from jupyter_repro.errors import BadConfig
from jupyter_repro.inputs.configs.formats import parsed
from jupyter_repro.inputs.configs.overrides import text_override
from jupyter_repro.inputs.configs.plain import TooLarge, plain
from jupyter_repro.inputs.configs.read import read_text
from jupyter_repro.inputs.configs.scene import Part

__all__ = ["read_job"]


def read_job(overrides: str, folder: Path) -> Part | None:
    """Return the configuration of a job with the overrides it was given; None: it is not there any more.

    Hydra writes it before references are resolved.

    Args:
        overrides: The file ``.hydra/overrides.yaml`` of the job.
        folder: The notebook's.
    """
    home = Path(overrides).parent
    try:
        text, sha256 = read_text(str(home / "config.yaml"))
        content = plain(parsed(text, "config.yaml"))
        given = _yaml(home / "overrides.yaml")
    except (BadConfig, TooLarge):
        return None
    own = _own(home / "hydra.yaml")
    name = str((own.get("job") or {}).get("config_name") or "")
    choices = (own.get("runtime") or {}).get("choices") or {}
    notes = [f"{key}: {value}" for key, value in sorted(choices.items()) if "hydra" not in key]
    told = [f"configuration `{name}`", *notes] if name else notes
    return Part(
        "hydra",
        content,
        overrides=tuple(text_override(str(each)) for each in given) if isinstance(given, list) else None,
        source=os.path.relpath(home / "config.yaml", folder).replace(os.sep, "/"),
        sha256=sha256,
        note="; ".join(told),
    )


def _own(path: Path) -> dict[str, Any]:
    """Return what Hydra says of itself; empty where it cannot be read, since the job's own part does not hang on it."""
    try:
        found = _yaml(path)
    except (BadConfig, TooLarge):
        return {}
    own = found.get("hydra") if isinstance(found, dict) else None
    return own if isinstance(own, dict) else {}


def _yaml(path: Path) -> Any:
    return plain(parsed(read_text(str(path))[0], path.name))
