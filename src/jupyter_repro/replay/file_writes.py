"""Files that a source which has not run may write, by its text: it names them, and says a word of writing."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["may_write"]

_WRITING = re.compile(
    r"""["'](?:[wax]b?t?\+?|[wax]\+?b?t?|rb?\+b?)["']        # a mode of open
    |\bto_\w+\s*\(                                            # DataFrame.to_csv
    |(?:writ|sav|dump|touch|unlink|remov|renam|replac|delet|cop[yi]|mov|link|extract|download|retriev|mkd|rmtree)\w*\s*\(
    |^\s*(?:!|%)                                              # a command of the system, %%writefile
    |=\s*!
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)


def may_write(source: str, resources: Iterable[str]) -> list[str]:
    """Return which of these ``file:`` resources the source may write."""
    if not _says_so(source):
        return []
    return [each for each in resources if each.startswith("file:") and _name(each) in source]


@functools.lru_cache(maxsize=4096)
def _says_so(source: str) -> bool:
    return _WRITING.search(source) is not None


def _name(resource: str) -> str:
    return resource.rpartition("/")[2].removeprefix("file:")
