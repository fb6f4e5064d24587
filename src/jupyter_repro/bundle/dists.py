"""What is installed for an interpreter, read from its own metadata."""

from __future__ import annotations

import json
import subprocess
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec
from packaging.tags import Tag, parse_tag
from packaging.utils import canonicalize_name

from jupyter_repro.errors import LockFailed

from . import probe
from .record import RecordRow, parse_record

__all__ = ["Distribution", "Interpreter", "read_interpreter"]

Origin = Literal["index", "editable", "directory", "archive", "vcs"]

_TIMEOUT_S = 120.0


class Distribution(msgspec.Struct, frozen=True, dict=True):
    """One installed distribution."""

    name: str
    """As its METADATA spells it."""
    version: str
    info: Path
    """Its dist-info folder."""

    @property
    def key(self) -> str:
        """The name as PEP 503 normalises it."""
        return canonicalize_name(self.name)

    @property
    def site(self) -> Path:
        """The folder that RECORD's paths are relative to."""
        return self.info.parent

    @cached_property
    def wheel_fields(self) -> dict[str, list[str]]:
        """The fields of WHEEL, each with its values in order."""
        fields: dict[str, list[str]] = {}
        for line in self._text("WHEEL").splitlines():
            key, colon, value = line.partition(":")
            if colon:
                fields.setdefault(key.strip().lower(), []).append(value.strip())
        return fields

    @cached_property
    def tags(self) -> frozenset[Tag]:
        """The wheel tags it was installed with; empty if its metadata do not say."""
        tags: set[Tag] = set()
        for line in self.wheel_fields.get("tag", ()):
            tags |= parse_tag(line)
        return frozenset(tags)

    @property
    def build(self) -> str:
        """The wheel's build number, empty for most."""
        return "".join(self.wheel_fields.get("build", [])[:1])

    @cached_property
    def record_text(self) -> str:
        """RECORD as the installer wrote it; empty if there is none."""
        return self._text("RECORD")

    @cached_property
    def rows(self) -> tuple[RecordRow, ...]:
        """The lines of RECORD."""
        return parse_record(self.record_text)

    @cached_property
    def direct_url(self) -> dict[str, object]:
        """What PEP 610 says of its origin; empty for what came from an index."""
        text = self._text("direct_url.json")
        try:
            found = json.loads(text) if text else {}
        except ValueError as error:
            raise LockFailed(
                f"`{self.name}` has a damaged direct_url.json ({error})", remedy=_reinstall(self)
            ) from error
        return found if isinstance(found, dict) else {}

    @property
    def origin(self) -> Origin:
        """Where it came from."""
        origin = self.direct_url
        if "vcs_info" in origin:
            return "vcs"
        if "dir_info" in origin:
            folder = origin["dir_info"]
            return "editable" if isinstance(folder, dict) and folder.get("editable") else "directory"
        return "archive" if origin else "index"

    @property
    def installer(self) -> str:
        """The tool that installed it, in its own word."""
        return self._text("INSTALLER").strip()

    def require_record(self) -> None:
        """Refuse a distribution that does not say which files are its own.

        Raises:
            LockFailed: There is no RECORD or no ``Tag:`` line.
        """
        if not self.rows or not self.tags:
            what = "RECORD" if not self.rows else "WHEEL tags"
            raise LockFailed(
                f"`{self.name} {self.version}` was installed without {what}, so its files cannot be locked",
                remedy=_reinstall(self),
            )

    def _text(self, name: str) -> str:
        try:
            return (self.info / name).read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise LockFailed(
                f"cannot read {name} of `{self.name}` ({error})", remedy=_reinstall(self)
            ) from error


def _reinstall(dist: Distribution) -> str:
    return f"reinstall it with `uv pip install --reinstall --no-deps {dist.name}=={dist.version}`"


class Interpreter(msgspec.Struct, frozen=True, kw_only=True):
    """A Python and everything installed for it."""

    python: str
    """Path of the executable."""
    version: str
    implementation: str
    system: str
    machine: str
    libc: str
    prefix: Path
    """Where wheels put their data files."""
    scripts: Path
    """Where wheels put their scripts."""
    libraries: tuple[Path, ...]
    """Where Python's own library and installed packages lie."""
    distributions: tuple[Distribution, ...]
    """One a name, sorted."""

    def find(self, name: str) -> Distribution | None:
        """Return the distribution of that name, or None."""
        key = canonicalize_name(name)
        return next((dist for dist in self.distributions if dist.key == key), None)


def read_interpreter(python: str) -> Interpreter:
    """Return what is installed for ``python``, asking that interpreter itself.

    Raises:
        LockFailed: It does not start or does not answer.
    """
    remedy = "name a Python that runs, such as the one of your kernel (`import sys; sys.executable`)"
    try:
        done = subprocess.run(
            [python, "-I", probe.__file__], capture_output=True, check=True, timeout=_TIMEOUT_S
        )
        facts = msgspec.json.decode(done.stdout, type=dict)
        dists = [Distribution(d["name"], d["version"], Path(d["info"])) for d in facts.pop("distributions")]
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
        raise LockFailed(f"`{python}` could not list its packages: {last[0]}", remedy=remedy) from error
    except (OSError, subprocess.TimeoutExpired, msgspec.DecodeError) as error:
        raise LockFailed(f"`{python}` could not list its packages: {error}", remedy=remedy) from error
    facts["prefix"], facts["scripts"] = Path(facts["prefix"]), Path(facts["scripts"])
    facts["libraries"] = tuple(map(Path, facts["libraries"]))
    return Interpreter(python=python, distributions=tuple(dists), **facts)
