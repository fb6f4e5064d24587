"""Second ways to the environment: a Dockerfile, and the files that repo2docker and Binder read.

They are for the unpacked bundle, ``python paper.repro.zip extract here``. The first way is the bundle itself: a registry
may forget an image.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from jupyter_repro.records import Missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Environment

    from .described import Description

__all__ = ["container_files", "image_of"]

_LOCK = "env/requirements.lock.txt"


def container_files(facts: Description, requirements: str) -> Iterator[tuple[str, str]]:
    """Yield names and texts of the files.

    Args:
        facts: What the bundle is.
        requirements: The lock by name and hash.
    """
    yield "Dockerfile", _dockerfile(facts)
    links = "--find-links ./wheels\n" if facts.wheels else ""
    yield "binder/requirements.txt", links + requirements
    yield "binder/runtime.txt", f"python-{'.'.join(facts.python.split('.')[:2])}\n"
    yield "binder/postBuild", "\n".join(["#!/bin/bash", "set -eu", *_placing(facts, "."), ""])


def image_of(environment: Environment) -> str:
    """Return the image, with its digest, of the container that the author works in; empty where it tells none."""
    system = environment.system
    if system is None or isinstance(system.container, Missing):
        return ""
    found = system.container
    return f"{found.image.partition('@')[0]}@{found.digest}" if found.image and found.digest else ""


def _dockerfile(facts: Description) -> str:
    note, image = _image(facts)
    links = " --find-links wheels" if facts.wheels else ""
    variables = [f"ENV {name}={_quoted(value)}" for name, value in sorted(facts.environment.items())]
    return "\n".join(
        [
            "# For the unpacked bundle: `python paper.repro.zip extract here && docker build here`",
            *note,
            f"FROM {image}",
            "WORKDIR /bundle",
            "COPY . .",
            f"RUN python -m pip install --no-cache-dir --no-deps --require-hashes --only-binary :all:{links} -r {_LOCK}",
            *variables,
            f"RUN {' && '.join(_placing(facts, '.'))}",
            "RUN useradd --create-home reader && chown -R reader /bundle",
            "USER reader",
            'CMD ["python"]',
            "",
        ]
    )


def _image(facts: Description) -> tuple[list[str], str]:
    if "@sha256:" in facts.image:
        return ["# The very image that the author named or worked in"], facts.image
    return [
        "# No digest: the author worked in no container that tells its image, and named none (`export --image`)",
    ], f"python:{facts.python}-slim"


def _placing(facts: Description, root: str) -> Iterator[str]:
    """Yield the commands that put notebook and files at their places in the project."""
    folder = f"{root}/project"
    yield f"mkdir -p {shlex.quote(_parent(f'{folder}/{facts.notebook}'))}"
    for part in ("data", "src"):
        if any(name.startswith(f"{part}/") for name in facts.inputs):
            yield f"cp -R {root}/{part}/. {folder}/"
    yield f"cp notebook.ipynb {shlex.quote(f'{folder}/{facts.notebook}')}"


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return f'"{escaped}"'
