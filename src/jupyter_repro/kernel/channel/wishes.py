"""From a front end's words to the options of an export: read as the magic and the command line read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_repro.bundle.options import ExportWish

    from .requests import Wishing

__all__ = ["wish_of"]


def wish_of(request: Wishing) -> ExportWish:
    """Return what is asked for.

    Raises:
        BadWord: A text is not understood.
    """
    from jupyter_repro.bundle.options import (
        MAX_DATA,
        ExportWish,
        address_from,
        image_from,
        size_from,
        waiver_from,
    )

    return ExportWish(
        calibrate=request.calibrate if request.prove else 0,
        profile=request.profile,
        prove=request.prove,
        offline=request.offline,
        anonymous=request.anonymous,
        max_data=size_from(request.max_data) if request.max_data.strip() else MAX_DATA,
        addresses=tuple(map(address_from, request.addresses)),
        include=request.include,
        claims=request.claims,
        waivers=tuple(map(waiver_from, request.waivers)),
        allowed_secrets=request.allowed_secrets,
        image=image_from(request.image.strip()) if request.image.strip() else "",
        sign=request.sign.strip(),
        cell_timeout_s=request.cell_timeout_s,
    )
