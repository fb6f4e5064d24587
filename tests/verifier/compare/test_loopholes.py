"""Outputs that once passed, or once raised, and must differ."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from jupyter_repro.verifier.compare.bundle import compare_forms
from jupyter_repro.verifier.compare.numbers import compare_numbers
from jupyter_repro.verifier.compare.svg import compare_svg
from jupyter_repro.verifier.compare.tolerance import Tolerance

EXACT = Tolerance()
SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'


@pytest.mark.parametrize(
    ("reference", "fresh"),
    [
        ("<g><path/></g><rect/>", "<g><path/><rect/></g>"),
        ('<g id="id1"/><g id="id0"/><use href="#id1"/>', '<g id="id1"/><g id="id0"/><use href="#id0"/>'),
        ('<g id="id-1"/><use href="#id-1"/>', '<g id="id-1"/><use href="#id-0"/>'),
    ],
)
def test_a_drawing_of_another_tree_or_reference(reference: str, fresh: str) -> None:
    """The same tags in the same order are not the same drawing."""
    assert compare_svg(SVG.format(reference), SVG.format(fresh), EXACT).verdict == "differs"


@pytest.mark.parametrize(
    ("reference", "fresh"),
    [
        ("1" * 400 + ".5", "2" * 400 + ".5"),
        ("1e400", "9e999"),
        ("1e-400", "0.0"),
        ("0.00001", "1.0000000e-99999999999999999999"),
    ],
)
def test_numbers_beyond_a_float(reference: str, fresh: str) -> None:
    """Two infinities, or two zeros, that were written otherwise are not the same number."""
    assert compare_numbers(reference, fresh, EXACT).verdict == "differs"


def test_an_animation_is_not_judged_by_its_first_frame() -> None:
    """A different second frame is a difference."""

    def animated(second: str) -> str:
        frames = [Image.new("RGB", (4, 4), "white"), Image.new("RGB", (4, 4), second)]
        out = io.BytesIO()
        frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
        return base64.b64encode(out.getvalue()).decode()

    forms = [{"image/png": animated(colour)} for colour in ("red", "blue")]
    assert compare_forms(*forms, EXACT).verdict == "differs"


def test_the_value_that_a_widget_shows() -> None:
    """Its repr holds state, though its model does not."""
    view = "application/vnd.jupyter.widget-view+json"
    forms = [
        {view: {"model_id": name}, "text/plain": f"IntSlider(value={value})"}
        for name, value in (("a", 3), ("b", 7))
    ]
    assert compare_forms(*forms, EXACT).verdict == "differs"
    same = [{view: {"model_id": name}, "text/plain": "IntSlider(value=3)"} for name in "ab"]
    assert compare_forms(*same, EXACT).verdict == "equivalent"


def test_an_image_that_is_no_base64() -> None:
    """A reason, not an exception."""
    assert compare_forms({"image/png": "ä"}, {"image/png": "ö"}, EXACT).verdict == "differs"
