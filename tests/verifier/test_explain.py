"""Both sides of a cell that differs: the form that tells most."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_repro.verifier.explain import first_difference


def _shown(**forms: str) -> dict[str, Any]:
    data = {name.replace("_", "/", 1): value for name, value in forms.items()}
    return {"outputs": [{"output_type": "display_data", "data": data}]}


@pytest.mark.parametrize(
    ("was", "now", "pair"),
    [
        (_shown(text_plain="1"), _shown(text_plain="2"), ("text", "1", "2")),
        (
            _shown(text_plain="T(1)", text_html="<1>"),
            _shown(text_plain="T(2)", text_html="<2>"),
            ("text", "T(1)", "T(2)"),
        ),
        (
            _shown(text_plain="same", text_html="<1>"),
            _shown(text_plain="same", text_html="<2>"),
            ("text", "<1>", "<2>"),
        ),
        (
            _shown(text_plain="<A at 0x7f00aa11>", text_html="<1>"),
            _shown(text_plain="<A at 0x7f99bb22>", text_html="<2>"),
            ("text", "<1>", "<2>"),
        ),
        (
            _shown(text_plain="F", image_png="A"),
            _shown(text_plain="F", image_png="B"),
            ("image", "A", "B"),
        ),
        (_shown(image_png="A"), {"outputs": []}, ("image", "A", None)),
        (_shown(image_jpeg="A"), _shown(image_jpeg="B"), ("image", "A", "B")),
        (_shown(**{"image_svg+xml": "A"}), _shown(**{"image_svg+xml": "B"}), ("image", "A", "B")),
        (_shown(image_png="A"), _shown(text_plain="x"), ("text", "(a figure)", "x")),
        (_shown(text_plain="x"), {"outputs": []}, ("text", "x", None)),
        (
            {"outputs": [{"output_type": "stream", "name": "stdout", "text": ["a", "b"]}]},
            {"outputs": [{"output_type": "stream", "name": "stdout", "text": "ac"}]},
            ("text", "ab", "ac"),
        ),
        (
            {"outputs": [{"output_type": "error", "ename": "E", "evalue": "1"}]},
            {"outputs": [{"output_type": "error", "ename": "E", "evalue": "2"}]},
            ("text", "E: 1", "E: 2"),
        ),
    ],
)
def test_pairs(was: dict[str, Any], now: dict[str, Any], pair: tuple[str, str | None, str | None]) -> None:
    """One row a kind of difference."""
    (found,) = first_difference(was, now)
    assert pair == (found["kind"], found["reference"], found["fresh"])


def test_equal_outputs_are_left_out() -> None:
    """There is nothing to look at."""
    assert first_difference(_shown(text_plain="1"), _shown(text_plain="1")) == []
