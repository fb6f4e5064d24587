"""``CITATION.cff``: a stub with what the export knows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .described import Description

__all__ = ["citation"]


def citation(facts: Description) -> str:
    """Return the file, in version 1.2.0 of the format; JSON's strings are YAML's."""
    authors = [f"  - name: {json.dumps(name)}" for name in facts.authors or ("Anonymous",)]
    lines = [
        "# A stub: add what your venue asks for, such as `doi`, `license` and `version`",
        "cff-version: 1.2.0",
        'message: "If you use this, please cite it as below."',
        "type: dataset",
        f"title: {json.dumps(facts.title)}",
        "authors:",
        *authors,
        *([f"commit: {json.dumps(facts.revision)}"] if facts.revision else []),
        *([f"repository-code: {json.dumps(facts.remote)}"] if facts.remote.startswith("http") else []),
    ]
    return "\n".join(lines) + "\n"
