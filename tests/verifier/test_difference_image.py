"""The picture of what differs is red where pixels differ, and nowhere else."""

from __future__ import annotations

import base64
import io

from PIL import Image

from jupyter_repro.verifier.difference_image import difference_image

_RED = (207, 34, 46)


def _encoded(image: Image.Image) -> str:
    out = io.BytesIO()
    image.save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def test_red_where_it_differs() -> None:
    """A real decoder shows the picture, and it has the size of the figures."""
    was = Image.new("RGB", (7, 5), "white")
    now = was.copy()
    now.putpixel((3, 2), (0, 0, 255))
    found = difference_image(_encoded(was), _encoded(now))
    assert found is not None
    shown = Image.open(io.BytesIO(base64.b64decode(found))).convert("RGB")
    assert shown.size == (7, 5)
    red = [(x, y) for y in range(5) for x in range(7) if shown.getpixel((x, y)) == _RED]
    assert red == [(3, 2)]


def test_what_cannot_be_laid_over() -> None:
    """Another size, or no image, has no such picture."""
    was = _encoded(Image.new("RGB", (7, 5)))
    assert difference_image(was, _encoded(Image.new("RGB", (8, 5)))) is None
    assert difference_image(was, "no image") is None
