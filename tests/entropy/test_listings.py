"""A listing is a leak only where its order reaches something."""

from __future__ import annotations

import linecache
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.entropy import PROCESS
from jupyter_repro.entropy.layer import Layer
from jupyter_repro.entropy.listings import ListingWatch
from jupyter_repro.inputs.audit import listen, unlisten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_repro.records import Leak

_NAME = "<ipython-input-1-listing>"


@pytest.fixture
def leaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], tuple[Leak, ...]]]:
    """Run a source in a folder with two files; return what leaked."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.csv", "b.csv"):
        Path(name).touch()
    layer, watch = Layer("report"), ListingWatch()
    PROCESS.push(layer)
    listen(watch)

    def run(source: str) -> tuple[Leak, ...]:
        linecache.cache[_NAME] = (len(source), None, [f"{line}\n" for line in source.split("\n")], _NAME)
        start = "import os, glob, pathlib\nfrom pathlib import Path"
        names: dict[str, object] = {"__name__": "__main__"}
        exec(start, names)
        exec(compile(source, _NAME, "exec"), names)
        return layer.take()

    yield run
    unlisten(watch)
    PROCESS.pop(layer)
    linecache.cache.pop(_NAME, None)


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("files = os.listdir('.')", "os.listdir('.')"),
        ("files = glob.glob('*.csv')", "glob.glob('*.csv')"),
        ("for path in Path('.').glob('*.csv'):\n    print(path)", "Path('.').glob('*.csv')"),
        ("names = [path.name for path in Path('.').iterdir()]", "Path('.').iterdir()"),
        ("for folder, _, files in os.walk('.'):\n    print(files)", "os.walk('.')"),
        ("def load():\n    return list(Path('.').rglob('*'))\nload()", "list(Path('.').rglob('*'))"),
    ],
)
def test_order_reaches_results(source: str, what: str, leaks: Callable[[str], tuple[Leak, ...]]) -> None:
    """A listing that is kept or gone through in its own order is told with its line."""
    if sys.version_info < (3, 11) and "Path(" in source:
        pytest.skip("Python 3.10 tells no columns, and the line holds several calls")
    found = leaks(source)
    assert [(leak.kind, leak.what) for leak in found] == [("unsorted listing", what)]


@pytest.mark.parametrize(
    "source",
    [
        "files = sorted(os.listdir('.'))",
        "files = glob.glob('*.csv')\nfiles.sort()",
        "files = os.listdir('.')\nfor name in sorted(files):\n    pass",
        "n = len(os.listdir('.'))",
        "there = 'a.csv' in os.listdir('.')",
        "for path in sorted(Path('.').iterdir()):\n    pass",
        "kinds = {path.suffix for path in Path('.').iterdir()}",
        "for folder, folders, files in os.walk('.'):\n    folders.sort()\n    print(sorted(files))",
        "import json.tool",
    ],
)
def test_order_is_lost(source: str, leaks: Callable[[str], tuple[Leak, ...]]) -> None:
    """Sorted, counted or asked: the file system's order has no effect."""
    assert leaks(source) == ()
