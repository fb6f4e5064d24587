"""Where packages come from that no public index has under their version, and which indexes installers here ask."""

from __future__ import annotations

import configparser
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .git_remote import public_remote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["index_of", "package_indexes"]

_TORCH = "https://download.pytorch.org/whl"
_TORCH_LABEL = re.compile(r"cpu|cu\d{2,3}|rocm\d[\d.]*|xpu")
_OF_TORCH = frozenset(
    ("functorch", "torch", "torchao", "torchaudio", "torchdata", "torchtext", "torchvision", "xformers")
)
_PYG = frozenset(("pyg-lib", "torch-cluster", "torch-scatter", "torch-sparse", "torch-spline-conv"))
_PYG_LABEL = re.compile(r"pt(\d)(\d+)(cpu|cu\d+)")
_VARIABLES = (
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "UV_DEFAULT_INDEX",
    "UV_INDEX",
    "UV_INDEX_URL",
    "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS",
)
_KEYS = ("index-url", "extra-index-url", "find-links")
_FILE_BYTES = 1 << 16


def index_of(name: str, version: str) -> str:
    """Return the index that publishes a local version such as ``2.13.0+cpu``, by its label; empty if none is known.

    Installers do not write down which index a package came from, so this is where one finds it again.
    """
    label = version.partition("+")[2]
    if name in _OF_TORCH and _TORCH_LABEL.fullmatch(label):
        return f"{_TORCH}/{label}"
    found = _PYG_LABEL.fullmatch(label) if name in _PYG else None
    if found is not None:
        return f"https://data.pyg.org/whl/torch-{found[1]}.{found[2]}.0+{found[3]}.html"
    if name.startswith("jax-cuda") or (name == "jaxlib" and label.startswith("cuda")):
        return "https://storage.googleapis.com/jax-releases/jax_cuda_releases.html"
    return ""


def package_indexes(environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the addresses that pip and uv are told to ask here, without credentials; none: only the public one.

    Args:
        environ: None takes that of the process.
    """
    told = os.environ if environ is None else environ
    addresses = [each for name in _VARIABLES for each in told.get(name, "").replace(",", " ").split()]
    addresses += [each for path in _files(told) for each in _in_file(path)]
    public = (_public(each) for each in addresses)
    return tuple(dict.fromkeys(each for each in public if each))


def _public(address: str) -> str:
    """Return an address that others may read; uv lets a name stand before it. A folder is nobody else's."""
    name, equals, rest = address.partition("=")
    return public_remote(rest if equals and "/" not in name else address) or ""


def _files(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield where pip looks for its configuration."""
    own = environ.get("PIP_CONFIG_FILE", "")
    if own == os.devnull:
        return
    name = "pip.ini" if sys.platform == "win32" else "pip.conf"
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home raises where there is none
    yield from (
        Path(own or os.devnull),
        Path(sys.prefix) / name,
        Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / name,
        home / ".pip" / name,
        home / "Library" / "Application Support" / "pip" / name,
        Path(environ.get("APPDATA") or os.devnull) / "pip" / name,
        Path("/etc") / name,
    )


def _in_file(path: Path) -> Iterable[str]:
    try:
        if not path.is_file() or path.stat().st_size > _FILE_BYTES:
            return ()
        parser = configparser.RawConfigParser()
        parser.read_string(path.read_text("utf-8"))
    except (OSError, ValueError, configparser.Error):
        return ()
    return [
        each
        for section in parser.sections()
        for key in _KEYS
        for each in parser.get(section, key, fallback="").split()
    ]
