"""The configurations that a notebook works with."""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from jupyter_repro.records.configs import Config
from jupyter_repro.secrets import known_values, redact, redacted

from .kinds.argparse import is_namespace, read_namespace
from .kinds.hydra import read_job
from .kinds.omegaconf import is_container, read_container, root_of
from .kinds.own import is_named_so, is_own, read_own
from .kinds.sacred import is_experiment, read_experiment
from .overrides import clean
from .plain import TooLarge
from .read import READ
from .scene import Part, Scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["find_configs"]

_FOLDER = re.compile(r"(?:conf|config|configs|configuration|settings|params)", re.IGNORECASE)

_READERS: tuple[tuple[Callable[[Any], bool], Callable[[Any, tuple[str, ...], Scene], Part | None]], ...] = (
    (is_container, read_container),
    (is_namespace, read_namespace),
    (is_experiment, read_experiment),
    (is_own, read_own),
)


def find_configs(
    namespace: Mapping[str, Any],
    *,
    files: Mapping[str, str | None],
    sources: Iterable[str],
    folder: Path,
    jobs: Iterable[str] = (),
) -> tuple[Config, ...]:
    """Return every configuration that a name holds or a cell read, without credentials, in the order in which names were made.

    References are not resolved, since what they lead to may be a secret. Of other people's objects only what
    the library itself offers is asked; one that cannot be read is told with the reason.

    Args:
        namespace: The user's names.
        files: Paths that cells read, absolute or relative to the folder, each with its digest then, if it is known.
        sources: As Python runs them, in the order in which they ran.
        folder: The notebook's folder.
        jobs: The files of overrides that jobs of Hydra's app mode wrote.
    """
    scene = Scene(namespace, files=files, sources=sources, folder=folder)
    found = [_config(part, names) for names, part in _in_names(scene)]
    found += [
        _config(
            Part(each.config.kind, each.config.content, each.config.overrides, name, each.config.sha256), ()
        )
        for name, each in scene.written.items()
        if name not in scene.used and _is_config_file(name, folder)
    ]
    found += [_config(part, ()) for each in jobs if (part := read_job(each, folder)) is not None]
    return tuple(found)


def _in_names(scene: Scene) -> Iterator[tuple[tuple[str, ...], Part]]:
    """Yield each object once, under all its names."""
    by_object: dict[int, list[str]] = {}
    for name, value in list(scene.namespace.items()):
        by_object.setdefault(id(value), []).append(name)
    for each in by_object.values():
        names = tuple(sorted(each))
        value = scene.namespace[names[0]]
        for fits, read in _READERS:
            if not _is(fits, value):
                continue
            part = _asked(read, value, names, scene)
            if part is not None:
                yield names, part
            break


def _is(fits: Callable[[Any], bool], value: Any) -> bool:
    try:
        return fits(value)
    except Exception:  # noqa: BLE001 - the metaclass of somebody's class may raise anything
        return False


def _asked(
    read: Callable[[Any, tuple[str, ...], Scene], Part | None],
    value: Any,
    names: tuple[str, ...],
    scene: Scene,
) -> Part | None:
    try:
        if read is read_container and (root := root_of(value)) is not value and scene.holds(root):
            return None  # it is told as a part of that
        return read(value, names, scene)
    except TooLarge:
        return (
            Part("omegaconf", None, note="it is too large for a configuration")
            if is_container(value)
            else None
        )
    except Exception as error:  # noqa: BLE001 - other people's insides may raise anything
        return Part(
            _KIND[read],
            None,
            note=f"it could not be read: {type(error).__name__}: {redact(str(error))[:200]}",
        )


_KIND: Any = {
    read_container: "omegaconf",
    read_namespace: "argparse",
    read_experiment: "sacred",
    read_own: "dict",
}


def _config(part: Part, names: tuple[str, ...]) -> Config:
    return Config(
        kind=part.kind,
        names=names,
        source=redact(part.source),
        sha256=part.sha256,
        content=redacted(part.content, strict=True, known=known_values()),
        overrides=None if part.overrides is None else tuple(map(clean, part.overrides)),
        note=redact(part.note),
    )


def _is_config_file(name: str, folder: Path) -> bool:
    """Whether a file that no name holds is a configuration: most JSON files are data."""
    path = PurePath(name)
    if str(Path(folder / name).absolute()) in READ or path.suffix in (".yaml", ".yml", ".toml"):
        return True
    return bool(is_named_so(path.stem) or any(_FOLDER.fullmatch(part) for part in path.parts[:-1]))
