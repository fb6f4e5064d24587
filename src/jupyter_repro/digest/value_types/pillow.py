"""Pillow's images, by mode, size, pixels, palette and notes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside
from jupyter_repro.digest.raw_types import itself_or_below, module_of

if TYPE_CHECKING:
    from jupyter_repro.digest.digester import Digester

__all__ = ["feed"]

_COPY_COST = 4


def feed(digester: Digester, value: Any) -> bool:
    """Feed an image; tell whether the value was one."""
    images: Any = sys.modules.get("PIL.Image")
    kind = type(value)
    if images is None or not itself_or_below(kind, images.Image) or not module_of(kind).startswith("PIL."):
        return False
    state = vars(value)
    if state.get("_im", state.get("im")) is None:
        raise NotLookedInside("an image that has not been read from its file yet")
    width, height = value.size
    digester.spend_buffer(_COPY_COST * 4 * width * height)
    palette = value.getpalette() if value.mode in ("P", "PA") else None
    digester.container(f"image {kind.__name__} {value.mode} {width} {height}", value, (palette, value.info))
    digester.buffer("pixels", value.tobytes())
    return True
