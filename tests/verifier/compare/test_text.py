"""Text and numbers: what is the same result, and what never is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.verifier.compare.text import compare_text
from jupyter_repro.verifier.compare.tolerance import Tolerance


@pytest.mark.parametrize(
    ("was", "now", "verdict"),
    [
        ("a", "a", "identical"),
        ("10%\r20%\r100%", "50%\r100%", "equivalent"),
        ("ab\bc", "ac", "equivalent"),
        ("\x1b[31mred\x1b[0m", "red", "equivalent"),
        ("<Axes at 0x7f00aa11>", "<Axes at 0x7f99bb22>", "equivalent"),
        ("/tmp/ipykernel_12/345.py:2: W", "/tmp/ipykernel_99/678.py:2: W", "equivalent"),
        ("<ipython-input-7-ab12>", "<ipython-input-9-cd34>", "equivalent"),
        ("0.1", "0.10000000000000001", "within tolerance"),
        ("697.697699", "697.697701", "differs"),
        ("0.123456789012", "0.123456789013", "within tolerance"),
        ("[1.0e-13]", "[5.0e-13]", "differs"),
        ("[1.0 1.0e-13]", "[1.0 5.0e-13]", "within tolerance"),
        ("[1.0 1.0e-13]\n[5e-13]", "[1.0 1.0e-13]\n[6e-13]", "differs"),
        ("1e-300", "0.0", "differs"),
        ("6.6e-34", "9.9e-34", "differs"),
        ("1.0 2e-17", "1.0 -3e-17", "within tolerance"),
        ("1.10", "1.1", "differs"),
        ("[0.5 0.1]", "[0.50 0.10000000000000001]", "within tolerance"),
        ("[1. -0.]", "[1. 0.]", "within tolerance"),
        ("5e12345", "7e99999", "differs"),
        ("0e12345", "0e54321", "differs"),
        ("a1b2c3d4-123e-4567-89ab-000000000001", "a1b2c3d4-456e-7890-89ab-000000000001", "differs"),
        ("10:30:15.1234567", "10:30:15.1234568", "differs"),
        ("2026-11-21T10:30:15.1234567", "2026-11-21T10:30:15.1234568", "differs"),
        ("10.0.0.1", "10.0.0.2", "differs"),
        ("x1.00000000000001", "x1.00000000000002", "differs"),
        ("1,234,567", "1,234,568", "differs"),
        ("1,234.5000000000001", "1,234.5000000000002", "within tolerance"),
        ("1,234.5000000000001", "1,235.5000000000001", "differs"),
        ("(1+0.30000000000000004j)", "(1+0.3j)", "within tolerance"),
        ("(1+0.3j)", "(1-0.3j)", "differs"),
        ("(1+2j)", "(1+3j)", "differs"),
        ("0.9333", "0.9334", "differs"),
        ("1.0001", "1.0002", "differs"),
        ("0.4976976990000001", "0.4976977010000001", "differs"),
        ("0.1234567890697699", "0.1234567890697701", "within tolerance"),
        ("a" * 64, "b" * 64, "differs"),
        ("140001234567", "140009876543", "differs"),
        ("jump at 0x401000", "jump at 0x402000", "differs"),
        ("a < b at 0x401000 > c", "a < b at 0x402000 > c", "differs"),
        ("0x7f00aa11", "0x7f99bb22", "differs"),
        ("{'f': <function f at 0x7f00aa11>}", "{'f': <function f at 0x7f99bb22>}", "equivalent"),
        ("<function <lambda> at 0x7f00aa11>", "<function <lambda> at 0x7f99bb22>", "equivalent"),
        ("<function f at 0x7f00aa11>", "<function g at 0x7f00aa11>", "differs"),
        (
            "<bound method A.f of <A object at 0x7f00aa11>>",
            "<bound method A.f of <A object at 0x7f00aa12>>",
            "equivalent",
        ),
        ("0  <A object at 0x7f00aa11...", "0  <A object at 0x7f00aa12...", "equivalent"),
        ("<A at 0x7f00aa11 size=1>", "<A at 0x7f00aa12 size=2>", "differs"),
        ("file:///tmp/ipykernel_12/345.py", "file:///tmp/ipykernel_99/678.py", "equivalent"),
        ("C:\\Temp\\ipykernel_1\\2.py:3", "C:\\Temp\\ipykernel_4\\5.py:3", "equivalent"),
        ("/tmp/ipykernel_12/345.py:2", "/tmp/ipykernel_12/345.py:3", "differs"),
        ("40/40 [00:00<00:00, 285.12it/s]", "40/40 [00:41<00:00,  1.02s/it]", "equivalent"),
        ("1/2 [1:00:41<?, ?it/s]", "1/2 [00:00<02:10, 12.3kB/s]", "equivalent"),
        ("40/40 [00:00<00:00, 285.12it/s, loss=0.5]", "40/40 [00:00<00:00, 99it/s, loss=0.6]", "differs"),
        ("40/40 [00:00<00:00, 285.12it/s]", "39/40 [00:00<00:00, 285.12it/s]", "differs"),
        ("[10:30, 38.2]", "[10:31, 38.2]", "differs"),
        ("50%\x1b[K\r100%\x1b[K", "100%", "equivalent"),
        ("long text\r\x1b[2Kok", "ok", "equivalent"),
        ("long text\rok", "ok", "differs"),
        ("a\x1b[2Kb", "ab", "differs"),
        ("a\x1b[1Ab", "ab", "differs"),
        ("3", "4", "differs"),
        ("3", "3.0", "differs"),
        ("12345678", "12345679", "differs"),
        ("1234567.", "1234568.", "differs"),
        ("0.93", "0.94", "differs"),
        ("1.23456e-05", "1.33456e-05", "differs"),
        ("nan 1.0", "nan 1.0", "identical"),
        ("nan", "1.0", "differs"),
        ("inf", "-inf", "differs"),
        ("1.5", "-1.5", "differs"),
        ("1.2.3", "1.2.4", "differs"),
        ("2024-01-02", "2024-01-03", "differs"),
        ("a\nb", "a b", "differs"),
        ("if x:\n  y", "if x:\ny", "differs"),
        ("a  b", "a b", "differs"),
        ("a\n1.00000000000001\nb", "a 1.00000000000002 b", "differs"),
        ("line\nline", "line", "differs"),
    ],
)
def test_texts(was: str, now: str, verdict: str) -> None:
    """One row a rule."""
    assert verdict == compare_text(was, now, Tolerance()).verdict


def test_columns_follow_the_digits() -> None:
    """Blanks may shift only where a number is printed with another width."""
    was, now = "x   0.1\ny   1.0", "x   0.10000000000000001\ny                   1.0"
    assert compare_text(was, now, Tolerance()).verdict == "within tolerance"


def test_the_first_different_line_is_told() -> None:
    """The reason has both sides."""
    outcome = compare_text("same\nold word", "same\nnew word", Tolerance())
    assert outcome.why == "line 2: `old word` became `new word`"


def test_missing_lines_are_told() -> None:
    """A line that is not there any more is named."""
    assert compare_text("a\nb", "a", Tolerance()).why == "1 line missing, first `b`"


@given(st.text())
def test_every_text_is_itself(text: str) -> None:
    """Nothing differs from itself."""
    assert compare_text(text, text, Tolerance()).verdict == "identical"


@given(st.integers(), st.integers())
def test_whole_numbers_are_exact(was: int, now: int) -> None:
    """No tolerance ever reaches an integer."""
    same = compare_text(f"n = {was}", f"n = {now}", Tolerance()).verdict != "differs"
    assert same == (was == now)


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(min_value=1e-4, max_value=0.5))
def test_a_visible_change_differs(value: float, share: float) -> None:
    """A relative change of 1e-4 or more is another result, whatever the number's size."""
    changed = value * (1 + share)
    if abs(value) > 1e-6 and abs(changed) < 1e300:
        assert compare_text(repr(value), repr(changed), Tolerance()).verdict == "differs"
