"""Addresses that are true for everybody: no mirror, no local path, no credential."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

__all__ = ["label_index", "public_url"]

_PUBLIC_HOST = "files.pythonhosted.org"
_SHARED_HOSTS = frozenset({"download.pytorch.org", "pypi.nvidia.com"})
"""Public indexes that name files in their own way."""
_PYTORCH = frozenset({"torch", "torchaudio", "torchdata", "torchtext", "torchvision", "torchao", "xformers"})
_LABEL = re.compile(r"cpu|cu[0-9]{2,3}|rocm[0-9.]+|xpu")
_CONTENT_PATH = re.compile(r"/packages/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{60}/[^/]+$")


def label_index(name: str, version: str) -> str | None:
    """Return the index of a version with a local label: ``2.3.1+cu121`` of torch is on PyTorch's for CUDA 12.1.

    Args:
        name: The package's, normalised.
        version: Its version, label and all.
    """
    label = version.partition("+")[2]
    if name not in _PYTORCH or not _LABEL.fullmatch(label):
        return None
    return f"https://download.pytorch.org/whl/{label}"


def public_url(url: str) -> str | None:
    """Return where anybody finds the same file, or None if that is not known.

    The path ``/packages/xx/yy/...`` is made of the file's BLAKE2 digest, so a mirror that keeps it serves
    the bytes that the public index serves.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"}:
        return None
    content = _CONTENT_PATH.search(parts.path)
    if content:
        return f"https://{_PUBLIC_HOST}{content.group()}"
    if parts.hostname in _SHARED_HOSTS and parts.scheme == "https":
        return f"https://{parts.hostname}{parts.path}"
    return None
