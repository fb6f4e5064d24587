"""``ro-crate-metadata.json``: a Process Run Crate 0.5 on RO-Crate 1.1, written without a library."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any

from jupyter_repro.canonical import dumps

if TYPE_CHECKING:
    from .described import DescribedMember, Description

__all__ = ["crate"]

_CONTEXT = ["https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context"]
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_NOTEBOOK = "notebook.ipynb"
_REFERENCE = "reference.ipynb"
_TYPES = {
    ".ipynb": "application/x-ipynb+json",
    ".md": "text/markdown",
    ".whl": "application/zip",
    ".toml": "application/toml",
    ".cff": "application/yaml",
}


def crate(facts: Description) -> bytes:
    """Return the metadata file.

    Times are left out, and dates are facts of the revision: two exports of the same facts are the same bytes.
    """
    people = [
        {"@id": f"#author-{number}", "@type": "Person", "name": name}
        for number, name in enumerate(facts.authors, 1)
    ]
    files = [_file(member, facts) for member in facts.members]
    away = [
        {"@id": url, "@type": "File", "name": path, "contentSize": str(size), "sha256": sha256}
        for path, url, sha256, size in facts.fetched
        if url
    ]
    variables = [
        {"@id": f"#variable-{name}", "@type": "PropertyValue", "name": name, "value": value}
        for name, value in sorted(facts.environment.items())
    ]
    graph = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        {
            "@id": "ro-crate-preview.html",
            "@type": "CreativeWork",
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "conformsTo": {"@id": _PROFILE},
            "name": facts.title,
            "description": f"The notebook {facts.notebook} with its environment, its data and the results of a fresh run; "
            "`uv run` of this file verifies them.",
            "datePublished": facts.date,
            "license": "Not stated: ask the author.",
            "hasPart": _ids([*files, *away]),
            "mentions": {"@id": "#canonical-run"},
            **({"author": _ids(people)} if people else {}),
        },
        {
            "@id": _PROFILE,
            "@type": "CreativeWork",
            "name": "Process Run Crate",
            "version": "0.5",
        },
        {
            "@id": "#canonical-run",
            "@type": "CreateAction",
            "name": "Canonical run" if facts.proven else "The author's own runs: not proven by a fresh one",
            "description": "The notebook, top to bottom in a fresh kernel"
            if facts.proven
            else "What the saved notebook showed",
            "instrument": {"@id": _NOTEBOOK},
            "object": [*({"@id": _quoted(name)} for name in facts.inputs), *_ids(away)],
            "result": {"@id": _REFERENCE},
            "actionStatus": "http://schema.org/CompletedActionStatus",
            "environment": _ids(variables),
            **({"agent": {"@id": people[0]["@id"]}} if people else {}),
        },
        {
            "@id": "#python",
            "@type": "SoftwareApplication",
            "name": "Python",
            "version": facts.python,
            "operatingSystem": facts.platform,
        },
        {
            "@id": "#jupyter-repro",
            "@type": "SoftwareApplication",
            "name": "jupyter_repro",
            "version": facts.made_with,
        },
        *variables,
        *people,
        *files,
        *away,
    ]
    return dumps({"@context": _CONTEXT, "@graph": graph}, indent=2)


def _ids(entities: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{"@id": entity["@id"]} for entity in entities]


def _file(member: DescribedMember, facts: Description) -> dict[str, Any]:
    entity: dict[str, Any] = {
        "@id": _quoted(member.name),
        "@type": "File",
        "name": member.name.rpartition("/")[2],
        "contentSize": str(member.size),
        "sha256": member.sha256,
        "encodingFormat": _kind(member.name),
    }
    if member.name == _NOTEBOOK:
        entity["@type"] = ["File", "SoftwareSourceCode", "SoftwareApplication"]
        entity["name"] = facts.notebook
        entity["softwareRequirements"] = [{"@id": "#python"}, {"@id": "#jupyter-repro"}]
    return entity


def _quoted(name: str) -> str:
    """Return a path as an identifier: a relative reference of a URI."""
    from urllib.parse import quote

    return quote(name)


def _kind(name: str) -> str:
    suffix = name[name.rfind(".") :] if "." in name.rpartition("/")[2] else ""
    return _TYPES.get(suffix) or mimetypes.types_map.get(suffix) or "application/octet-stream"
