"""What a project has decided about rules: ``[tool.jupyter_repro]`` in ``pyproject.toml``."""

from __future__ import annotations

import fnmatch
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from jupyter_repro.errors import BadSettings
from jupyter_repro.records import Severity

from .codes import matches

__all__ = ["RuleSettings", "read_settings", "settings_from", "settings_near"]

_NAME = "pyproject.toml"


class RuleSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Which rules are asked, what they weigh, and which findings are allowed, each with its reason."""

    select: tuple[str, ...] | None = None
    """Codes or families (``RP2``); None: all that are on by default."""
    extend_select: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    """Codes or families that are not asked, whatever else is said: a command's own."""
    ignore: tuple[tuple[str, str], ...] = ()
    """Codes or families, each with the reason."""
    severity: tuple[tuple[str, Severity], ...] = ()
    per_file: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """Patterns of paths, each with what is ignored there."""
    builtins: tuple[str, ...] = ()
    """Names that are there without a cell that makes them, as a platform gives them."""
    folder: str = ""
    """Where the file lies, from which patterns of paths are taken."""

    def asks(self, code: str, *, on: bool = True) -> bool:
        """Tell whether a rule is asked; one that is off by default must be named by its whole code.

        Args:
            code: The rule's.
            on: Whether it is asked if nothing is said.
        """
        if any(matches(pattern, code) for pattern in self.leave_out):
            return False
        if any(matches(pattern, code) and (on or pattern.upper() == code) for pattern in self.extend_select):
            return True
        if self.select is None:
            return on
        return any(matches(pattern, code) and (on or pattern.upper() == code) for pattern in self.select)

    def reason(self, code: str, path: Path | None = None) -> str:
        """Return why findings of a code are allowed, in this file or everywhere; empty if they are not."""
        found = [why for pattern, why in self.ignore if matches(pattern, code)]
        if path is not None:
            relative = self._relative(path)
            found += [
                why
                for glob, ignored in self.per_file
                if fnmatch.fnmatch(relative, glob) or fnmatch.fnmatch(path.name, glob)
                for pattern, why in ignored
                if matches(pattern, code)
            ]
        return found[0] if found else ""

    def weighed(self, code: str, severity: Severity) -> Severity:
        """Return the severity that the project gives a code, else the rule's own; the longest pattern counts."""
        fitting = [(len(pattern), given) for pattern, given in self.severity if matches(pattern, code)]
        return max(fitting, key=lambda each: each[0])[1] if fitting else severity

    def over(self, other: RuleSettings) -> RuleSettings:
        """Return these settings, and those of another where these say nothing."""
        codes = {code for code, _ in self.ignore}
        weights = {code for code, _ in self.severity}
        extended = other.extend_select if self.select is None else ()
        return msgspec.structs.replace(
            self,
            select=other.select if self.select is None else self.select,
            extend_select=(*self.extend_select, *extended),
            ignore=(*self.ignore, *(each for each in other.ignore if each[0] not in codes)),
            severity=(*self.severity, *(each for each in other.severity if each[0] not in weights)),
            per_file=(*self.per_file, *other.per_file),
            builtins=(*self.builtins, *other.builtins),
            folder=self.folder or other.folder,
        )

    def patterns(self) -> tuple[str, ...]:
        """Return every code and family that is named."""
        return (
            *(self.select or ()),
            *self.extend_select,
            *self.leave_out,
            *(code for code, _ in self.ignore),
            *(code for code, _ in self.severity),
            *(code for _, ignored in self.per_file for code, _ in ignored),
        )

    def _relative(self, path: Path) -> str:
        try:
            return path.resolve().relative_to(Path(self.folder).resolve()).as_posix()
        except (ValueError, OSError):
            return path.as_posix()


def settings_near(folder: Path) -> RuleSettings:
    """Return the settings of the nearest ``pyproject.toml``, at or above a folder, that has any.

    Raises:
        BadSettings: It cannot be read, or says what is not understood.
    """
    folder = folder.resolve()
    for each in (folder, *folder.parents):
        found = read_settings(each / _NAME)
        if found is not None:
            return found
    return RuleSettings()


def read_settings(file: Path) -> RuleSettings | None:
    """Return what a ``pyproject.toml`` says, None if there is none or it has no table of ours.

    Raises:
        BadSettings: As above.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("jupyter_repro")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise BadSettings(f"`{_shown(file)}` cannot be read: {error}", remedy="mend the file") from None
    return None if table is None else settings_from(table, where=f"`{_shown(file)}`", folder=str(file.parent))


def _shown(file: Path) -> str:
    """Return a path as seen from here: a whole one would tell who the user is."""
    try:
        return os.path.relpath(file)
    except (ValueError, OSError):  # another drive, or no working directory
        return file.name


def settings_from(table: Any, *, where: str, folder: str = "") -> RuleSettings:
    """Check a table and return its settings.

    Raises:
        BadSettings: A key is not known, or a value is not what it should be.
    """
    known = ("builtins", "extend-select", "ignore", "per-file", "select", "severity", "store")
    for key in table if isinstance(table, dict) else ():
        if key not in known:
            raise BadSettings(f"unknown key `{key}` in {where}", remedy=f"known keys: {', '.join(known)}")
    try:
        per_file = msgspec.convert(table.get("per-file", {}), dict[str, dict[str, str]])
        found = RuleSettings(
            select=msgspec.convert(table.get("select"), tuple[str, ...] | None),
            extend_select=msgspec.convert(table.get("extend-select", ()), tuple[str, ...]),
            ignore=tuple(msgspec.convert(table.get("ignore", {}), dict[str, str]).items()),
            severity=tuple(msgspec.convert(table.get("severity", {}), dict[str, Severity]).items()),
            per_file=tuple((glob, tuple(ignored.items())) for glob, ignored in per_file.items()),
            builtins=msgspec.convert(table.get("builtins", ()), tuple[str, ...]),
            folder=folder,
        )
    except (msgspec.ValidationError, AttributeError) as error:
        raise BadSettings(
            f"the settings of rules in {where} are not understood: {error}",
            remedy='`select` is a list of codes, `ignore` a table: RP206 = "why"',
        ) from None
    for code, why in (*found.ignore, *(pair for _, ignored in found.per_file for pair in ignored)):
        if not why.strip():
            raise BadSettings(f"{where} ignores {code} without a reason", remedy=f'write {code} = "why"')
    return found
