"""The determinism switches of the process, which several owners may have asked for."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from jupyter_repro.imports import ImportWatch, complete
from jupyter_repro.records import Setting

from .switch import LEVELS, Switch
from .switches import BUILT_IN
from .wish import KEEP, NOTHING, Wish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_repro.records import Strictness

__all__ = ["PROCESS", "ProcessSwitches"]

_REFUSALS = (RuntimeError, AttributeError, KeyError, TypeError, ValueError, OSError)
"""What torch and the operating system raise when a value cannot be read or set."""


class ProcessSwitches:
    """Sets switches now or the moment their library is imported, and gives the former values back.

    While several owners are active the strictest one decides; after the last one everything is as the
    first one found it.
    """

    def __init__(self, switches: Iterable[Switch] = BUILT_IN) -> None:
        self._lock = threading.RLock()
        self._switches = tuple(switches)
        self._owners: dict[object, Wish] = {}
        self._found: dict[str, Any] = {}
        self._late: dict[str, str] = {}
        self._failures: dict[str, str] = {}
        self._watch: ImportWatch | None = None

    def begin(self, owner: object, wish: Wish) -> None:
        """Let the owner ask for something else than it asked for before."""
        with self._lock:
            self._owners.pop(owner, None)
            self._owners[owner] = wish
            self._settle()

    def end(self, owner: object) -> dict[str, str]:
        """Let the owner go; return why a switch could not be given back, by name."""
        with self._lock:
            if self._owners.pop(owner, None) is None:
                return {}
            return self._settle()

    def settings(self, owner: object) -> tuple[Setting, ...]:
        """Say for each switch whether it is what the owner asked for."""
        wish = self._owners.get(owner, NOTHING)
        asked = ((switch, wish.value_of(switch)) for switch in self._switches)
        return tuple(
            self._kept(switch) if value == KEEP else self._row(switch, value, wish.words_for(switch))
            for switch, value in asked
            if value
        )

    def renew_lock(self) -> None:
        """Begin with a free lock in a forked child, where its holder may not exist."""
        self._lock = threading.RLock()

    def _target(self, switch: Switch) -> str:
        """Return the value that decides: a choice by word, the last one first; else the strictest owner's."""
        wishes = list(self._owners.values())
        chosen = next(
            (wish.chosen[switch.chosen_by] for wish in reversed(wishes) if switch.chosen_by in wish.chosen),
            "",
        )
        if chosen:
            return "" if chosen == KEEP else chosen
        asked: set[Strictness] = {wish.strictness for wish in wishes}
        level: Strictness = next((level for level in reversed(LEVELS) if level in asked), "off")
        return switch.wanted.get(level, "")

    def _settle(self) -> dict[str, str]:
        targets = [(switch, self._target(switch)) for switch in self._switches]
        self._watch_imports(on=any(value for _, value in targets))
        failed: dict[str, str] = {}
        for switch, value in targets:
            if not value:
                failed.update(self._give_back(switch))
            elif not switch.module or complete(switch.module):
                self._put(switch, value)
        return failed

    def _put(self, switch: Switch, value: str) -> None:
        reason = _refusal(self._try_put, switch, value)
        if reason:
            self._failures[switch.name] = reason
        else:
            self._failures.pop(switch.name, None)

    def _try_put(self, switch: Switch, value: str) -> None:
        if switch.absent():
            return
        if switch.name not in self._found:
            late = switch.late()
            if late:
                self._late[switch.name] = late
                return
            self._late.pop(switch.name, None)
            self._found[switch.name] = switch.capture()
        switch.put(value)

    def _give_back(self, switch: Switch) -> dict[str, str]:
        self._late.pop(switch.name, None)
        self._failures.pop(switch.name, None)
        if switch.name not in self._found:
            return {}
        reason = _refusal(switch.restore, self._found.pop(switch.name))
        return {switch.name: reason} if reason else {}

    def _imported(self, module: str) -> None:
        with self._lock:
            for switch in self._switches:
                value = self._target(switch) if switch.module == module else ""
                if value:
                    self._put(switch, value)

    def _import_failed(self, module: str, error: Exception) -> None:
        for switch in self._switches:
            if switch.module == module:
                self._failures[switch.name] = f"{type(error).__name__}: {error}"

    def _watch_imports(self, *, on: bool) -> None:
        if on and self._watch is None:
            modules = [switch.module for switch in self._switches if switch.module]
            self._watch = ImportWatch(modules, self._imported, self._import_failed)
            self._watch.install()
        elif not on and self._watch is not None:
            self._watch.uninstall()
            self._watch = None

    @staticmethod
    def _kept(switch: Switch) -> Setting:
        """Say of a switch that is left alone what it is."""
        row: dict[str, Any] = {"name": switch.name, "requested": KEEP, "effective": "", "effect": "in force"}
        if switch.module and not complete(switch.module):
            return Setting(**row, verified_by=f"not verified: {switch.module} is not imported")
        try:
            row["effective"] = (switch.absent() and "") or switch.read()
        except _REFUSALS as error:
            return Setting(**row, verified_by=f"not verified: it cannot be read ({error})")
        return Setting(**row, verified_by=switch.verified_by)

    def _row(self, switch: Switch, wanted: str, words: str) -> Setting:
        row: dict[str, Any] = {
            "name": switch.name,
            "requested": wanted,
            "effective": "",
        }
        if switch.module and not complete(switch.module):
            why = f"{switch.module} is not imported"
            note = "it is set the moment it is imported"
            return Setting(**row, effect="waiting", verified_by=f"not verified: {why}", note=note)
        try:
            absent = switch.absent()
            if absent:
                return Setting(
                    **row, effect="not available", verified_by=f"not verified: {absent}", note=absent
                )
            row["effective"] = switch.read()
        except _REFUSALS as error:
            why = f"it cannot be read ({error})"
            return Setting(
                **row,
                effect="not in force",
                verified_by=f"not verified: {why}",
                note="restart the kernel and begin with `%repro`",
            )
        row["verified_by"] = switch.verified_by
        if switch.name in self._late:
            note = f"{self._late[switch.name]}; {switch.late_remedy}"
            return Setting(**row, effect="too late", note=note)
        if switch.serves(wanted, row["effective"]):
            return Setting(**row, effect="in force", note=switch.notes.get(wanted, ""))
        failure = self._failures.get(switch.name)
        why = f"setting it failed ({failure})" if failure else "it was changed since"
        return Setting(**row, effect="not in force", note=f"{why}; run `%repro {words}` again")


def _refusal(call: Callable[..., None], *args: Any) -> str:
    """Return why the call failed, or nothing."""
    try:
        call(*args)
    except _REFUSALS as error:
        return f"{type(error).__name__}: {error}"
    return ""


PROCESS = ProcessSwitches()
"""The switches of this process; sessions share it."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=PROCESS.renew_lock)
