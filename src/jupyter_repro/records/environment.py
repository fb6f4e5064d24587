"""What the run stood on."""

from __future__ import annotations

import msgspec

from .absence import Missing
from .code import Submodule, UntrackedSource  # noqa: TC001 - msgspec resolves the field types at run time
from .configs import Config  # noqa: TC001 - as above
from .gpu import Compute, Gpu
from .packages import CondaPackage, Package, PackageChange
from .system import System  # noqa: TC001 - as above

__all__ = ["Environment", "Git", "Gpu", "Hardware", "Missing", "Package", "Python"]


class Python(msgspec.Struct, frozen=True, kw_only=True):
    """The interpreter."""

    version: str
    implementation: str
    build: str
    compiler: str
    hash_seed: str
    """The value of PYTHONHASHSEED that is in force, ``random`` if none is."""


class Hardware(msgspec.Struct, frozen=True, kw_only=True):
    """The machine, without anything that names it or its owner."""

    os: str
    release: str
    machine: str
    libc: str
    cpu: str
    cores: int
    memory_bytes: int | None


class Git(msgspec.Struct, frozen=True, kw_only=True, tag="git", tag_field="is"):
    """The revision of the folder the notebook lies in."""

    commit: str
    branch: str | None
    dirty: bool
    diff: str
    """``git diff HEAD`` of tracked files, empty when clean."""
    untracked: tuple[str, ...]
    remote: str | None
    """URL of ``origin`` without credentials."""
    note: str = ""
    """What was cut, and why."""
    sources: tuple[UntrackedSource, ...] = ()
    """Source files among the untracked ones."""
    submodules: tuple[Submodule, ...] = ()


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """Everything captured at one moment."""

    python: Python
    hardware: Hardware
    packages: tuple[Package, ...]
    variables: dict[str, str]
    """Values of the allow-listed environment variables that are set."""
    other_variables: tuple[str, ...] = ()
    """Names of all others that are set; their values are never recorded."""
    git: Git | Missing
    gpus: tuple[Gpu, ...] | Missing
    conda: tuple[CondaPackage, ...] = ()
    """What conda has installed beside the distributions, Python's own libraries among it."""
    conflicts: tuple[str, ...] | None = None
    """Requirements of installed distributions that are not met, as ``pip check`` says; None: not looked."""
    indexes: tuple[str, ...] = ()
    """Addresses that pip and uv are told to ask here, without credentials; none: only the public index."""
    changes: tuple[PackageChange, ...] = ()
    """What was installed or removed since the session began."""
    system: System | None = None
    """None in records of before this was captured."""
    compute: Compute | None = None
    """CUDA and its like; None in records of before this was captured."""
    configs: tuple[Config, ...] | None = None
    """Configurations that cells work with; None: not looked."""
