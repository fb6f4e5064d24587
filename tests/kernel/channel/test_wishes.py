"""The options of an export as a front end sends them."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_repro.bundle.options import MAX_DATA, Address, ExportWish, Waiver
from jupyter_repro.errors import BadWord
from jupyter_repro.kernel.channel.requests import Weigh
from jupyter_repro.kernel.channel.wishes import wish_of

IMAGE = "python@sha256:" + "0f" * 32


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param({}, {"max_data": MAX_DATA}, id="nothing"),
        pytest.param({"max_data": "2.5 GB"}, {"max_data": 2_500_000_000}, id="size"),
        pytest.param(
            {"addresses": ("a/b.bin=https://host/b",)},
            {"addresses": (Address(path="a/b.bin", url="https://host/b"),)},
            id="address",
        ),
        pytest.param(
            {"waivers": ("rp801=it  varies",)},
            {"waivers": (Waiver(code="RP801", reason="it varies"),)},
            id="waiver",
        ),
        pytest.param({"image": f" {IMAGE} "}, {"image": IMAGE}, id="image"),
        pytest.param({"prove": False, "calibrate": 3}, {"prove": False, "calibrate": 0}, id="no run"),
        pytest.param({"sign": " ~/.ssh/id "}, {"sign": "~/.ssh/id"}, id="key"),
    ],
)
def test_texts_are_read_as_the_command_line_reads_them(
    asked: dict[str, Any], expected: dict[str, Any]
) -> None:
    """One grammar at every door."""
    assert wish_of(Weigh(id="1", path="", **asked)) == ExportWish(**expected)


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"max_data": "much"}, id="size"),
        pytest.param({"addresses": ("https://host/b",)}, id="address"),
        pytest.param({"waivers": ("RP801=",)}, id="no reason"),
        pytest.param({"image": "python:3.11"}, id="tag"),
    ],
)
def test_a_slip_says_what_to_write(asked: dict[str, Any]) -> None:
    """Nothing is exported by a guess."""
    with pytest.raises(BadWord) as caught:
        wish_of(Weigh(id="1", path="", **asked))

    assert caught.value.remedy


def test_every_option_of_an_export_can_be_asked_for() -> None:
    """An option that the command line has and the panel has not would be found by nobody who looks at the panel."""
    assert set(ExportWish.__struct_fields__) <= set(Weigh.__struct_fields__)
