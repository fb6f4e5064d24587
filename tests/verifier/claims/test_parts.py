"""The part of a cell that a claim is about."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_repro.verifier.claims.claim import Claim, claims_from_json
from jupyter_repro.verifier.claims.parts import part_of

_PANDAS = """<div><style>.x { }</style><table border="1" class="dataframe">
<thead><tr style="text-align: right;"><th></th><th>accuracy</th><th>loss</th></tr>
<tr><th>model</th><th></th><th></th></tr></thead>
<tbody><tr><th>ResNet</th><td>0.913</td><td>0.2</td></tr><tr><th>VGG</th><td>0.871</td><td>0.3</td></tr>
</tbody></table></div>"""
_LEVELS = """<table><thead><tr><th></th><th></th><th colspan="2">test</th></tr><tr><th></th><th></th><th>f1</th>
<th>auc</th></tr></thead><tbody><tr><th>a</th><th>1</th><td>.1</td><td>.2</td></tr></tbody></table>"""
_BARE = (
    "<table><tr><td>x</td><td>1</td></tr><tr><td>y</td><td>2</td></tr><tr><td>y</td><td>3</td></tr></table>"
)


def _shown(**forms: str) -> dict[str, Any]:
    data = {name.replace("_", "/"): value for name, value in forms.items()}
    return {"outputs": [{"output_type": "execute_result", "data": data}]}


def _printed(text: str) -> dict[str, Any]:
    return {"outputs": [{"output_type": "stream", "name": "stdout", "text": text}]}


@pytest.mark.parametrize(
    ("cell", "place", "found"),
    [
        (_shown(text_html=_PANDAS), {"row": "ResNet"}, "ResNet | 0.913 | 0.2"),
        (_shown(text_html=_PANDAS), {"row": "ResNet", "column": "accuracy"}, "0.913"),
        (_shown(text_html=_PANDAS), {"column": "loss"}, "0.2\n0.3"),
        (_shown(text_html=_PANDAS), {"row": "AlexNet"}, None),
        (_shown(text_html=_LEVELS), {"row": "a 1", "column": "auc"}, ".2"),
        (_shown(text_html=_LEVELS), {"row": "a", "column": "f1"}, ".1"),
        (_shown(text_html=_LEVELS), {"row": "a", "column": "test"}, None),
        (_shown(text_html=_BARE), {"row": "x"}, "x | 1"),
        (_shown(text_html=_BARE), {"row": "y"}, None),
        (_shown(text_html="<table><tr><td>x<table><tr><td>inner</td></tr></table>"), {"row": "inner"}, None),
        (_shown(text_html="<![x"), {"row": "x"}, None),
        (_shown(text_plain="x"), {"row": "x"}, None),
        (_printed("epoch 1\naccuracy: 0.913 (best)\n"), {"after": "accuracy"}, "0.913"),
        (_printed("accuracy by class\naccuracy = 91.3%\n"), {"after": "accuracy"}, "91.3%"),
        (_printed("loss\r1\rloss 2e-3\n"), {"after": "loss"}, "2e-3"),
        (_printed("loss: nan"), {"after": "loss"}, "nan"),
        (_printed("no number after the label\n1"), {"after": "label"}, None),
        (_shown(text_plain="{'auc': 1,204}"), {"after": "auc"}, "1,204"),
    ],
    ids=range(18),
)
def test_part(cell: dict[str, Any], place: dict[str, str], found: str | None) -> None:
    """One row a kind of output and of place."""
    assert part_of(Claim("t", "c", **place), cell) == found


@pytest.mark.parametrize(
    "rows", [[3], [{"text": "x"}], [{"text": "x", "cell": 1}], [{"text": [], "cell": ""}]]
)
def test_what_is_no_claim(rows: list[Any]) -> None:
    """A bundle may hold anything in their place."""
    with pytest.raises(ValueError, match="no claim"):
        claims_from_json(rows)


def test_there_and_back() -> None:
    """A claim is the same after it was written."""
    claim = Claim("Table 2", "c", row="a", column="b")
    assert claims_from_json([claim.to_json()]) == (claim,)
    assert claim.part == "row `a`, column `b`"
