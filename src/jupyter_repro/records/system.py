"""What lies below Python: the machine's arithmetic, its place, and the programs beside it."""

from __future__ import annotations

import msgspec

from .absence import Missing  # noqa: TC001 - msgspec resolves the field types at run time
from .gpu import Compute  # noqa: TC001 - as above

__all__ = ["Container", "Figures", "Loaded", "Locality", "NumericLibrary", "Processor", "Program", "System"]


class Processor(msgspec.Struct, frozen=True, kw_only=True):
    """What of the CPU decides which instructions a library chooses."""

    features: tuple[str, ...] | Missing
    """Instruction sets that numerical libraries look for, such as ``avx2`` and ``fma``."""
    usable_cores: int | None
    """How many this process may use; None where the system does not say."""
    memory_limit_bytes: int | None
    """What a container or job may use at most; None: no limit is told."""


class Locality(msgspec.Struct, frozen=True, kw_only=True):
    """Where and in which language the process believes to be."""

    timezone: str
    """The IANA name where it is told, else what the C library calls it, with the offset from UTC."""
    locale: dict[str, str]
    """By category; libraries sort, parse and print by it."""
    encoding: str
    """Of files that are opened without naming one."""


class NumericLibrary(msgspec.Struct, frozen=True, kw_only=True):
    """A BLAS or OpenMP library that is loaded."""

    kind: str
    """``blas`` or ``openmp``."""
    name: str
    """``openblas``, ``mkl``, ``libgomp``, ..."""
    version: str
    """Empty where it does not say."""
    threads: int
    architecture: str = ""
    """The CPU family that it has chosen its routines for."""
    threading: str = ""
    brought_by: str = ""
    """The folder in site-packages that it lies in; empty: the system's."""


class Container(msgspec.Struct, frozen=True, kw_only=True, tag="container", tag_field="is"):
    """What surrounds the process."""

    kind: str
    """``docker``, ``podman``, ``apptainer``, ``kubernetes``, ``lxc``, ``wsl``, ..."""
    image: str
    """Name and tag; empty where the runtime does not tell it inside."""
    digest: str
    """``sha256:...`` of the image; empty where the runtime does not tell it inside."""
    note: str = ""


class Figures(msgspec.Struct, frozen=True, kw_only=True, tag="figures", tag_field="is"):
    """What matplotlib draws letters with."""

    backend: str
    freetype: str
    family: str
    """The first family asked for that is there."""
    font: str
    """The font's file name."""
    font_sha256: str
    """Of the font's bytes; empty where they cannot be read."""


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """A program that cells called."""

    name: str
    version: str | Missing
    """What it says of itself; only well-known programs are asked."""
    cells: tuple[int, ...] = ()
    """Orders of the cell runs that called it."""


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """What only the process that has imported the user's libraries can tell."""

    libraries: tuple[NumericLibrary, ...] | Missing
    figures: Figures | Missing
    compute: Compute


class System(msgspec.Struct, frozen=True, kw_only=True):
    """Everything below and beside Python, at one moment."""

    processor: Processor
    locality: Locality
    libraries: tuple[NumericLibrary, ...] | Missing
    container: Container | Missing
    figures: Figures | Missing
    programs: tuple[Program, ...] = ()
