"""Where anybody gets a data file, by what lies beside it: DVC's pointers and remotes, a Hugging Face snapshot.

That the address gives the same bytes is not looked up here: a verification refuses whatever has another digest.
"""

from __future__ import annotations

import configparser
import re
from pathlib import Path
from typing import Any

__all__ = ["known_address"]

_SNAPSHOT = re.compile(
    r"/(?P<kind>datasets|models|spaces)--(?P<name>[^/]+)/snapshots/(?P<commit>[0-9a-f]{40})/(?P<path>.+)\Z"
)
_PUBLIC = re.compile(r"https?://[^/@\s]+/[^@\s]*\Z")
_HUB = "https://huggingface.co"
_DIRECTORY = ".dir"


def known_address(path: Path) -> str:
    """Return the address of a file, empty if none is known; one with a user or password in it is none."""
    return _hugging_face(path) or _imported(path) or _in_remote(path)


def _hugging_face(path: Path) -> str:
    found = _SNAPSHOT.search(path.as_posix())
    if found is None:
        return ""
    kind = "" if found["kind"] == "models" else f"{found['kind']}/"
    return f"{_HUB}/{kind}{found['name'].replace('--', '/')}/resolve/{found['commit']}/{found['path']}"


def _imported(path: Path) -> str:
    """Return what ``dvc import-url`` fetched a file from."""
    for dep in _pointer(path).get("deps") or ():
        url = str(dep.get("path", "")) if isinstance(dep, dict) else ""
        if _PUBLIC.match(url):
            return url
    return ""


def _in_remote(path: Path) -> str:
    """Return where the default remote keeps a file, if that is a web server."""
    outs = [out for out in _pointer(path).get("outs") or () if isinstance(out, dict)]
    md5 = str(outs[0].get("md5", "")) if outs else ""
    if not md5 or md5.endswith(_DIRECTORY):
        return ""
    top = next((each for each in path.parents if (each / ".dvc/config").is_file()), None)
    remote = "" if top is None else _remote(top / ".dvc/config", str(outs[0].get("remote", "")))
    return f"{remote.rstrip('/')}/files/md5/{md5[:2]}/{md5[2:]}" if remote else ""


def _pointer(path: Path) -> dict[str, Any]:
    """Return the pointer of one file, empty if there is none."""
    import yaml

    try:
        found = yaml.safe_load(Path(f"{path}.dvc").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    outs = found.get("outs") if isinstance(found, dict) else None
    named = isinstance(outs, list) and len(outs) == 1 and isinstance(outs[0], dict)
    same = named and Path(str(found["outs"][0].get("path"))).name == path.name
    return found if same else {}


def _remote(config: Path, name: str) -> str:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read(config, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return ""
    name = name or parser.get("core", "remote", fallback="")
    url = parser.get(f"'remote \"{name}\"'", "url", fallback="") or parser.get(
        f'remote "{name}"', "url", fallback=""
    )
    return url if _PUBLIC.match(f"{url}/") else ""
