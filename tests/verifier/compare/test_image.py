"""Images by pixels: what nobody can see is excused on edges, and nowhere else."""

from __future__ import annotations

import base64
import io
import sys

import pytest
from PIL import Image

from jupyter_repro.verifier.compare.bundle import compare_forms
from jupyter_repro.verifier.compare.tolerance import Tolerance


def _encoded(image: Image.Image, kind: str = "PNG", **options: int) -> dict[str, str]:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return {f"image/{kind.lower()}": base64.b64encode(out.getvalue()).decode()}


def _figure() -> Image.Image:
    image = Image.new("RGB", (40, 40), "white")
    image.paste((10, 10, 10), (10, 10, 30, 30))
    return image


@pytest.mark.parametrize(
    ("place", "colour", "verdict", "why"),
    [
        ((10, 15), (12, 10, 10), "within tolerance", "1 pixel differs, of 1600 (0.062 %), by up to 2 of 255"),
        ((10, 15), (90, 10, 10), "differs", "by up to 80 of 255, in x 10 to 10, y 15 to 15"),
        ((20, 20), (12, 10, 10), "differs", "by up to 2 of 255, in x 20 to 20, y 20 to 20"),
        ((0, 0), (254, 255, 255), "differs", "by up to 1 of 255, in x 0 to 0, y 0 to 0"),
    ],
)
def test_one_pixel(place: tuple[int, int], colour: tuple[int, int, int], verdict: str, why: str) -> None:
    """The colour of an area is a result; a shade of its edge is not."""
    changed = _figure()
    changed.putpixel(place, colour)
    outcome = compare_forms(_encoded(_figure()), _encoded(changed), Tolerance())
    assert verdict == outcome.verdict
    assert why in outcome.why


def test_jpeg_by_pixels() -> None:
    """Other bytes of the same pixels are the same picture, and the decoder is named."""
    was, now = _encoded(_figure(), "JPEG"), _encoded(_figure(), "JPEG", optimize=1)
    assert was != now
    outcome = compare_forms(was, now, Tolerance())
    assert outcome.verdict == "equivalent"
    assert outcome.why.startswith("the same pixels (decoded by Pillow ")
    other = _encoded(Image.new("RGB", (40, 40), "red"), "JPEG")
    assert compare_forms(was, other, Tolerance()).verdict == "differs"


def test_jpeg_without_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other bytes differ, and the reason is told."""
    was, now = _encoded(_figure(), "JPEG"), _encoded(_figure(), "JPEG", optimize=1)
    monkeypatch.setitem(sys.modules, "PIL", None)
    outcome = compare_forms(was, now, Tolerance())
    assert outcome.verdict == "differs"
    assert "Pillow, which is not installed here" in outcome.why
