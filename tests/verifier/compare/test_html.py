"""HTML: ids that a display makes up are renamed, results are not."""

from __future__ import annotations

import pytest

from jupyter_repro.verifier.compare.html import compare_html
from jupyter_repro.verifier.compare.tolerance import Tolerance

_A, _B = "a" * 32, "b" * 32
_UA, _UB = (f"{digit * 8}-{digit * 4}-{digit * 4}-{digit * 4}-{digit * 12}" for digit in "ab")


def _table(*cells: str) -> str:
    return "<table><tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr></table>"


@pytest.mark.parametrize(
    ("was", "now", "verdict"),
    [
        (_table("1"), _table("1"), "identical"),
        (_table("0.1"), _table("0.10000000000000001"), "within tolerance"),
        (_table("1"), _table("2"), "differs"),
        (_table("1", "2"), _table("1"), "differs"),
        (_table(_A), _table(_B), "differs"),
        (_table("T_aaaaa"), _table("T_bbbbb"), "differs"),
        (
            '<style>#T_aaaaa_row0 {}</style><td id="T_aaaaa_row0">1</td>',
            '<style>#T_bbbbb_row0 {}</style><td id="T_bbbbb_row0">1</td>',
            "equivalent",
        ),
        ('<div id="sk-container-id-1">m</div>', '<div id="sk-container-id-4">m</div>', "equivalent"),
        (
            f'<div id="altair-viz-{_A}"></div><script>f("altair-viz-{_A}")</script>',
            f'<div id="altair-viz-{_B}"></div><script>f("altair-viz-{_B}")</script>',
            "equivalent",
        ),
        (
            f'<div id="{_A}"></div><i>{_A}</i><i>{_B}</i>',
            f'<div id="{_B}"></div><i>{_B}</i><i>{_B}</i>',
            "differs",
        ),
        (
            f'<script>[{{"docid":"{_UA}"}}]; docs = {{"{_UA}": 1}}</script>',
            f'<script>[{{"docid":"{_UB}"}}]; docs = {{"{_UB}": 1}}</script>',
            "equivalent",
        ),
        ("<b>x</b><!-- 1 -->", "<b>x</b><!-- 2 -->", "equivalent"),
        ('<a href="x">1</a>', '<a href="y">1</a>', "differs"),
    ],
)
def test_pages(was: str, now: str, verdict: str) -> None:
    """One row a rule."""
    assert verdict == compare_html(was, now, Tolerance()).verdict


def test_the_place_in_a_table_is_told() -> None:
    """The reason names row and column."""
    assert (
        compare_html(_table("a", "b"), _table("a", "c"), Tolerance()).why == "row 1, column 2: `b` became `c`"
    )


def test_a_difference_in_a_long_script_is_shown() -> None:
    """The reason holds the place where the two part, not the beginning."""
    was, now = (f"<script>{'x = 1; ' * 50}value = {value};</script>" for value in ("4.5", "4.7"))
    assert (
        "`...1; x = 1; value = 4.5;` became `...1; x = 1; value = 4.7;`"
        in compare_html(was, now, Tolerance()).why
    )
