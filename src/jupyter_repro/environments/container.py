"""The container that the process runs in, as far as one can tell from inside."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from jupyter_repro.records import Missing
from jupyter_repro.records.system import Container
from jupyter_repro.secrets import redact

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["container"]

_IMAGE_VARIABLES = ("JUPYTER_IMAGE_SPEC", "JUPYTER_IMAGE", "CONTAINER_IMAGE", "KAGGLE_DOCKER_IMAGE")
"""Set by JupyterHub, Binder and Kaggle, which know what they started."""
_DIGEST = re.compile(r"(?:@|^)(sha256:[0-9a-f]{64})$")
_NOT_TOLD = "the runtime does not tell the image's digest inside; note it where you start the container"
_GROUPS = {"kubepods": "kubernetes", "docker": "docker", "libpod": "podman", "lxc": "lxc"}


def container(environ: Mapping[str, str] = os.environ, *, root: Path = Path("/")) -> Container | Missing:
    """Return what surrounds this process, or that nothing is seen.

    Neither the container's name nor its id is kept, which tell one machine from another and nothing else.
    """
    kind = _kind(environ, root)
    if not kind:
        return Missing("no container is seen from inside")
    image, digest = _image(environ, root)
    return Container(kind=kind, image=redact(image), digest=digest, note="" if digest else _NOT_TOLD)


def _kind(environ: Mapping[str, str], root: Path) -> str:
    if "APPTAINER_CONTAINER" in environ or "SINGULARITY_CONTAINER" in environ:
        return "apptainer"
    if (root / "run/.containerenv").exists():
        return "podman"
    if "KUBERNETES_SERVICE_HOST" in environ:
        return "kubernetes"
    if (root / ".dockerenv").exists():
        return "docker"
    told = environ.get("container") or _text(root / "run/systemd/container").strip()
    if told:
        return told
    groups = _text(root / "proc/1/cgroup")
    found = next((kind for word, kind in _GROUPS.items() if word in groups), "")
    return found or ("wsl" if "microsoft" in _text(root / "proc/version").lower() else "")


def _image(environ: Mapping[str, str], root: Path) -> tuple[str, str]:
    told = next((environ[name] for name in _IMAGE_VARIABLES if environ.get(name)), "")
    path = environ.get("APPTAINER_CONTAINER") or environ.get("SINGULARITY_CONTAINER", "")
    facts = {
        key: value.strip().strip('"')
        for key, equals, value in (
            line.partition("=") for line in _text(root / "run/.containerenv").splitlines()
        )
        if equals
    }
    image = told or facts.get("image", "") or PurePath(path).name
    digest = _DIGEST.search(image)
    if digest:
        return image, digest[1]
    bare = facts.get("imageid", "").removeprefix("sha256:")
    return image, f"sha256:{bare}" if re.fullmatch(r"[0-9a-f]{64}", bare) else ""


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
