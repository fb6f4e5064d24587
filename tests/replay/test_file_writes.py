"""A source that has not run is taken to write a file only if it names it and says a word of writing."""

from __future__ import annotations

import pytest

from jupyter_repro.replay.file_writes import may_write

FILES = ("file:data/out.csv", "file:other.csv", "module:out.csv")


@pytest.mark.parametrize(
    "source",
    [
        "open('data/out.csv', 'w').write('1')",
        "with open(path / 'out.csv', mode='ab') as f: pass",
        "df.to_csv('out.csv')",
        "plt.imsave('out.csv', x)",
        "json.dump(x, target)  # out.csv",
        "%%writefile out.csv\n1",
        "!wget -O out.csv",
        "found = !touch out.csv",
    ],
)
def test_it_may_be_written(source: str) -> None:
    """The one that is named, and no other."""
    assert may_write(source, FILES) == ["file:data/out.csv"]


@pytest.mark.parametrize(
    "source", ["open('out.csv').read()", "pd.read_csv('out.csv')", "df.to_csv('new.csv')", "x = 1"]
)
def test_it_is_only_read_or_not_named(source: str) -> None:
    """Cells below that read it are none the worse for it."""
    assert may_write(source, FILES) == []
