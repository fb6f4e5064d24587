"""Mending: the lines that change are written anew, every other byte stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.rules.configured import RuleSettings
from jupyter_repro.rules.files import check_notebook
from jupyter_repro.rules.files.fix import mended
from jupyter_repro.rules.files.places import file_line, sources
from jupyter_repro.rules.files.protocol import Edit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOTHING = RuleSettings()


def fixed(path: Path) -> str:
    """Return the text of the file after `--fix`."""
    checked = check_notebook(path, NOTHING)
    return mended(checked.text, checked.edits)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import os\nfiles = os.listdir('ä')  # é", "import os\nfiles = sorted(os.listdir('ä'))  # é"),
        (
            "import glob\nx = [f for f in glob.iglob('*')]",
            "import glob\nx = [f for f in sorted(glob.iglob('*'))]",
        ),
        (
            "from pathlib import Path\nfor p in Path('a').glob(\n    '*.csv'\n):\n    print(p)",
            "from pathlib import Path\nfor p in sorted(Path('a').glob(\n    '*.csv'\n)):\n    print(p)",
        ),
        (
            "import os\nx = [*os.listdir('a'), *os.listdir('b')]",
            "import os\nx = [*sorted(os.listdir('a')), *sorted(os.listdir('b'))]",
        ),
        ("import os\nos.listdir()", "import os\nsorted(os.listdir())"),
        ("!pip install numpy==2.1.0", "%pip install numpy==2.1.0"),
        ("if True:\n    !pip3 install -q numpy==2.1.0", "if True:\n    %pip install -q numpy==2.1.0"),
    ],
)
def test_what_is_mended(before: str, after: str, write: Callable[..., Path]) -> None:
    """The source becomes what the remedy says, and what it was is found no more."""
    path = write("a = 1", before)
    text = fixed(path)
    assert "".join(json.loads(text)["cells"][1]["source"]) == after
    path.write_text(text, encoding="utf-8")
    assert not any(each.fixable for each in check_notebook(path, NOTHING).findings)


@pytest.mark.parametrize(
    "source",
    [
        "from pathlib import Path\nfirst = next(Path('a').glob('*'))",
        "import os\nfor place, _, _ in os.walk('a'):\n    pass",
        "import os\nwith os.scandir('a') as entries:\n    x = list(entries)",
        "!pip install numpy==2.1.0 | tail -1",
        "import os\nfiles = os.listdir('a')  # repro: allow RP206 because it is shown only",
    ],
)
def test_what_is_left(source: str, write: Callable[..., Path]) -> None:
    """Where a list is not what was there, where a shell is needed, and where the author allows it."""
    path = write(source)
    assert fixed(path) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("indent", [None, 1, 4, "\t"])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("end", ["", "\n", "\r\n\n"])
def test_every_other_byte_stays(indent: Any, ascii_only: bool, end: str, write: Callable[..., Path]) -> None:  # noqa: FBT001 - a row
    """Indentation, escapes, the end of the file, unknown keys and formats."""
    path = write("x = 'ü'", "import os\ny = os.listdir('ü')", nbformat_minor=2, odd={"kept": [1.50, 1e3]})
    text = (
        json.dumps(json.loads(path.read_text(encoding="utf-8")), indent=indent, ensure_ascii=ascii_only) + end
    )
    path.write_bytes(text.encode())
    after = fixed(path)
    letter = "\\u00fc" if ascii_only else "ü"
    assert after == text.replace(f"os.listdir('{letter}')", f"sorted(os.listdir('{letter}'))")


def test_a_source_that_is_one_text(write: Callable[..., Path]) -> None:
    """As other programs write it."""
    path = write("x")
    node = json.loads(path.read_text())
    node["cells"][0]["source"] = "import os\nx = os.listdir('a')\n"
    path.write_text(json.dumps(node))
    after = json.loads(fixed(path))
    assert after["cells"][0]["source"] == "import os\nx = sorted(os.listdir('a'))\n"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
SOURCE = st.text() | st.lists(st.text(), max_size=3)


@given(
    st.lists(st.dictionaries(st.sampled_from(["a", "metadata", "x"]), JSON, max_size=3), max_size=3),
    st.lists(SOURCE, min_size=3, max_size=3),
    st.sampled_from([None, 0, 2]),
)
def test_places_are_where_the_sources_are(
    cells: list[dict[str, Any]], texts: list[Any], indent: int | None
) -> None:
    """In any layout of any JSON, what stands at a place is the source of the cell."""
    for cell, text in zip(cells[1:], texts, strict=False):
        cell["source"] = text
    text = json.dumps({"x": {"cells": [{"source": "no"}]}, "cells": cells, "z": 1}, indent=indent)
    places = sources(text)
    assert len(places) == len(cells)
    for place, cell in zip(places, cells, strict=True):
        assert (None if place is None else json.loads(text[place.start : place.end])) == cell.get("source")
        assert 1 <= file_line(text, place, 2) <= text.count("\n") + 1


def test_of_two_that_overlap_one_is_made() -> None:
    """A source is never cut in pieces."""
    text = json.dumps({"cells": [{"source": "abcdef"}]})
    edits = [(0, Edit(1, 2, 5, "X")), (0, Edit(1, 1, 3, "Y"))]
    assert json.loads(mended(text, edits))["cells"][0]["source"] == "abXf"
