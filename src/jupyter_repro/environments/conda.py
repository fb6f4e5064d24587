"""What conda has installed for this Python."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from jupyter_repro.records.packages import CondaPackage
from jupyter_repro.secrets import redact

__all__ = ["conda_packages"]


def conda_packages(prefix: Path | None = None) -> tuple[CondaPackage, ...]:
    """Return the packages that ``conda-meta`` lists, by name; none where conda has not made the environment.

    Args:
        prefix: The environment's folder; None takes that of this Python.
    """
    folder = (Path(sys.prefix) if prefix is None else prefix) / "conda-meta"
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            facts = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(facts, dict) and facts.get("name"):
            found.append(
                CondaPackage(
                    name=str(facts["name"]),
                    version=str(facts.get("version", "unknown")),
                    build=str(facts.get("build", "")),
                    channel=redact(str(facts.get("channel", ""))),
                )
            )
    return tuple(found)
