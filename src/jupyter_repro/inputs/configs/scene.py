"""Where configurations are looked for, and what is known of where they came from."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_repro.errors import BadConfig
from jupyter_repro.records.configs import Config, Override

from .formats import KINDS, parsed
from .overrides import alike, differences, leaves
from .plain import TooLarge, plain
from .read import READ, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Part", "Scene", "Written"]

_ALIKE = 0.5
"""The part of a file's keys and values that a configuration must still have to have come from there."""


class Part(NamedTuple):
    """What one reader found out about one object."""

    kind: Any
    content: Any
    overrides: tuple[Override, ...] | None = None
    source: str = ""
    sha256: str = ""
    note: str = ""


class Written(NamedTuple):
    """A configuration file as it was read."""

    config: Config
    held: Any
    """Its content with the overrides that were given at the time."""


class Scene:
    """The names of a notebook, the files that its cells read, and the sources that ran.

    Args:
        namespace: The user's names; objects in it are looked at, nothing of them is called.
        files: Paths that cells read, absolute or relative to the folder, each with its digest then, if it is known.
        sources: As Python runs them, in the order in which they ran.
        folder: The notebook's folder.
    """

    def __init__(
        self,
        namespace: Mapping[str, Any],
        *,
        files: Mapping[str, str | None],
        sources: Iterable[str],
        folder: Path,
    ) -> None:
        self.namespace = namespace
        self.sources = tuple(sources)
        self.used: set[str] = set()
        """Files that something in the namespace came from."""
        self._folder = os.path.abspath(folder)  # noqa: PTH100 - links stay as the user spells them
        self._files = {os.path.normpath(folder.absolute() / each): digest for each, digest in files.items()}
        self._written: dict[str, Written] | None = None

    @property
    def written(self) -> dict[str, Written]:
        """The configuration files, by their name as it is told."""
        if self._written is None:
            self._written = {
                self._name(path): found
                for path in sorted({*self._files, *READ})
                if (found := _written(path, self._files.get(path)))
            }
        return self._written

    def holds(self, value: Any) -> bool:
        """Whether a name holds this very object."""
        return any(each is value for each in list(self.namespace.values()))

    def origin(self, content: Any) -> tuple[str, Written] | None:
        """Return the file whose values a configuration has most of."""
        likely = [
            (alike(each.held, content), name, each)
            for name, each in self.written.items()
            if isinstance(content, dict) and isinstance(each.held, dict) and set(each.held) & set(content)
        ]
        best = max(likely, key=lambda each: each[:2], default=None)
        return None if best is None or best[0] < _ALIKE else best[1:]

    def from_file(self, kind: Any, content: Any, *, else_note: str) -> Part:
        """Return a configuration with the file it came from and what is otherwise there."""
        found = self.origin(content)
        if found is None:
            return Part(kind, content, note=else_note)
        name, file = found
        self.used.add(name)
        now = dict(leaves(content))
        # what was given and is not in force any more is no override; what was given and is the default is one
        overrides = {
            each.key: each for each in file.config.overrides or () if now.get(each.key) == each.given
        }
        changed = differences(file.config.content, content)
        texts = [each.key for each in changed if _is_number_as_text(each)]
        overrides.update((each.key, each) for each in changed if each.key not in texts)
        note = f"{', '.join(texts)}: a text here, since PyYAML takes `1e-3` for one" if texts else ""
        return Part(
            file.config.kind if kind == "dict" else kind,
            content,
            overrides=tuple(overrides[key] for key in sorted(overrides)),
            source=name,
            sha256=file.config.sha256,
            note="; ".join(filter(None, (file.config.note, note))),
        )

    def _name(self, path: str) -> str:
        with contextlib.suppress(ValueError):
            return Path(path).relative_to(self._folder).as_posix()
        return path


def _is_number_as_text(override: Override) -> bool:
    """Whether a number of the file became a text: YAML 1.1 wants a point in `1.0e-3`."""
    if not isinstance(override.given, str) or type(override.default) not in (int, float):
        return False
    try:
        return bool(float(override.given) == override.default)
    except ValueError:
        return False


def _written(path: str, digest: str | None) -> Written | None:
    """Return a file as it was read, or as it is now; None if it is no configuration that can be read."""
    if path in READ:
        return Written(*READ[path])
    kind = KINDS.get(Path(path).suffix.lower())
    if kind is None:
        return None
    try:
        text, sha256 = read_text(path)
        content = plain(parsed(text, path))
    except (BadConfig, TooLarge, ImportError):
        return None
    note = "the file has changed since it was read" if digest not in (None, sha256) else ""
    return Written(Config(kind=kind, sha256=sha256, content=content, overrides=(), note=note), content)
