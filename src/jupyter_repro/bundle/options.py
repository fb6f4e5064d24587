"""What an author asks of an export: one record for the magic, the command line and Python."""

from __future__ import annotations

import re
import sys
import threading  # noqa: TC003 - msgspec resolves the field types at run time
from pathlib import Path  # noqa: TC003 - as above
from typing import Any, Literal

import msgspec

from jupyter_repro.errors import BadWord
from jupyter_repro.records import SeedPlan, Setting

__all__ = [
    "MAX_DATA",
    "Address",
    "ExportOptions",
    "ExportWish",
    "Waiver",
    "address_from",
    "as_options",
    "image_from",
    "size_from",
    "waiver_from",
]

MAX_DATA = 10**9
"""Bytes of data that a bundle carries where the author names no other budget."""

_SIZE = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>[kmgt]?)i?b?", re.IGNORECASE)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_CODE = re.compile(r"RP[0-9]{3}", re.IGNORECASE)
_IMAGE = re.compile(r"[a-z0-9][a-z0-9._/:-]*@sha256:[0-9a-f]{64}")
_URL = re.compile(r"https?://[^\s/]+/\S*")


class Waiver(msgspec.Struct, frozen=True, kw_only=True):
    """A finding that would refuse the export, and why it does not."""

    code: str
    reason: str


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where readers get a file that is not packed."""

    path: str
    """As the bundle's recipe names it: relative to the project, or absolute."""
    url: str


class ExportWish(msgspec.Struct, frozen=True, kw_only=True):
    """What may be asked for at every door."""

    calibrate: int = 0
    """How many more canonical runs are made to learn what is volatile."""
    profile: Literal["cpu", "gpu"] = "cpu"
    """Which tolerance readers compare numbers with."""
    prove: bool = True
    """Whether the notebook is run; if not, the saved outputs are the reference, and the bundle says `not proven`."""
    offline: bool = False
    """Whether every wheel travels in the bundle."""
    anonymous: bool = False
    """For double-blind review: nothing tells who the author is."""
    max_data: int = MAX_DATA
    """Bytes of data that are packed; larger files go by address, digest and size."""
    addresses: tuple[Address, ...] = ()
    include: tuple[str, ...] = ()
    """Files to pack beside those that the run was seen to read, relative to the notebook's folder."""
    claims: tuple[str, ...] = ()
    """Claims beside those in the cells: ``cell 7: "Table 2, row 3" row="ResNet"``."""
    waivers: tuple[Waiver, ...] = ()
    allowed_secrets: tuple[str, ...] = ()
    """Places in packed files that look like a credential and are none: ``settings.py:12``."""
    image: str = ""
    """The base of the Dockerfile, ``python@sha256:...``; empty: that of the author's container, else a tag."""
    sign: str = ""
    """What signs the bundle: a private key of ssh, ``sigstore`` or ``sigstore:FILE``; empty: it is not signed."""
    cell_timeout_s: float | None = None
    """Longest time for one cell, in seconds; None sets no limit."""


class ExportOptions(ExportWish, frozen=True, kw_only=True):
    """How one export is made: the wish, and what only its door knows."""

    output: Path
    """The ``.zip`` to write; an older one is replaced when the new one is whole."""
    plan: SeedPlan = SeedPlan()
    """Put in force for a notebook that does not govern itself."""
    settings: tuple[Setting, ...] = ()
    """What was in force in the author's kernel, told to the reader."""
    python: str = sys.executable
    """The interpreter of the kernel; its environment is locked."""
    run: Any = None
    """The :class:`.records.catalog.Run` that made the saved outputs, for ``prove=False``; None: that of the catalog."""
    durations: dict[str, float] = {}
    """Seconds that cells are known to take, by id, for the estimate."""
    progress: Any = None
    """Called with an :class:`.progress.ExportEvent` at each step and cell."""
    stop: threading.Event | None = None
    """Set from another thread, it ends the export at the next step, cell or block of bytes."""


def as_options(wish: ExportWish, **more: Any) -> ExportOptions:
    """Return the options of a wish."""
    return ExportOptions(**{name: getattr(wish, name) for name in ExportWish.__struct_fields__}, **more)


def size_from(text: str) -> int:
    """Return bytes: ``500MB``, ``2 GB``, ``0``.

    Raises:
        BadWord: It is no size.
    """
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise BadWord(f"`{text}` is no size", remedy="write, for example, `500MB` or `2GB`")
    return int(float(found["number"]) * _UNITS[found["unit"].lower()])


def waiver_from(text: str) -> Waiver:
    """Return the waiver in ``RP801=why``.

    Raises:
        BadWord: There is no code, or no reason.
    """
    code, _, reason = text.partition("=")
    if not _CODE.fullmatch(code.strip()) or not reason.strip():
        raise BadWord(f"`{text}` waives nothing", remedy='name a code and a reason: `RP801="why"`')
    return Waiver(code=code.strip().upper(), reason=" ".join(reason.split()))


def address_from(text: str) -> Address:
    """Return the address in ``data/train.bin=https://...``.

    Raises:
        BadWord: It is not one.
    """
    path, _, url = text.partition("=")
    if not path.strip() or not _URL.fullmatch(url.strip()) or "@" in url.split("/")[2]:
        raise BadWord(
            f"`{text}` is no address of a file",
            remedy="write `data/train.bin=https://host/train.bin`, without a password",
        )
    return Address(path=path.strip(), url=url.strip())


def image_from(text: str) -> str:
    """Return an image with its digest.

    Raises:
        BadWord: There is none: a tag means another image tomorrow.
    """
    if not _IMAGE.fullmatch(text):
        raise BadWord(
            f"`{text}` names no image by its digest",
            remedy="write, for example, `python@sha256:...`, 64 hex digits",
        )
    return text
