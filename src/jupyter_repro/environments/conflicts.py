"""Requirements that the installed distributions have of each other and that are not met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from .packages import distributions, requirements_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["conflicts"]


def conflicts(path: Sequence[str] | None = None) -> tuple[str, ...]:
    """Return one sentence for each requirement that is not met, as ``pip check`` finds them.

    Extras do not count: nobody records which were asked for.

    Args:
        path: Folders to look in; None takes ``sys.path``.
    """
    found = distributions(path)
    versions = {name: version for name, (version, _) in found.items()}
    return tuple(
        sentence
        for name, (version, distribution) in sorted(found.items())
        for text in requirements_of(distribution)
        if not _only_with_extra(text)
        for sentence in _unmet(f"{name} {version}", text, versions)
    )


def _only_with_extra(text: str) -> bool:
    """Whether a requirement holds only with an extra: most do, and are not worth parsing."""
    return "extra ==" in text and " or " not in text


def _unmet(who: str, text: str, versions: dict[str, str]) -> Iterator[str]:
    try:
        wanted = Requirement(text)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            return
        version = versions.get(canonicalize_name(wanted.name))
        if version is None:
            yield f"{who} requires {wanted.name}, which is not installed"
        elif not wanted.specifier.contains(Version(version), prereleases=True):
            yield f"{who} requires {wanted.name}{wanted.specifier}, and {version} is installed"
    except (InvalidRequirement, InvalidVersion):
        yield f"{who} has a requirement that cannot be read: `{text}`"
