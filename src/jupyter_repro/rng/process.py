"""The RNG streams of the process, which several owners may have seeded one after the other."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.imports import ImportWatch

from .forks import Forks, seed_child
from .guarded import attempt, reason_of
from .libs import OnDemand
from .named import NAMED
from .registry import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from jupyter_repro.records import Setting

    from .protocol import RngState, Seeder

__all__ = ["FORKS", "PROCESS", "Layer", "ProcessStreams", "Seeded"]


class Seeded(msgspec.Struct):
    """How a library was seeded last."""

    seed: int
    settings: tuple[Setting, ...]
    base: dict[str, str]
    """Stream to the digest that it had right after."""


class Layer(msgspec.Struct, eq=False):
    """What one owner asked for, and what it found.

    A session shares the streams with the other sessions: the last one to end gives back what the first one
    found. A scope gives back what it found as soon as it ends.
    """

    seed: int
    scope: bool
    own: int | None = None
    """What the streams are seeded with in place of the seed: in a forked child, or for one cell."""
    found: dict[str, tuple[RngState, Seeded | None]] = msgspec.field(default_factory=dict)


class ProcessStreams:
    """Seeds libraries now or the moment they are imported, and gives their streams back."""

    def __init__(self, seeders: Iterable[Seeder] = BUILT_IN) -> None:
        self._lock = threading.RLock()
        self._seeders = {seeder.name: seeder for seeder in seeders}
        self._layers: list[Layer] = []
        self._seeded: dict[str, Seeded] = {}
        self._failures: dict[str, str] = {}
        self._present: tuple[tuple[int, int], tuple[Seeder, ...], tuple[str, ...]] | None = None
        self._watch: ImportWatch | None = None
        self._watched: tuple[str, ...] = ()
        self._observers: set[int] = set()
        self.arrived: dict[str, str] = {}
        """Stream to the digest that it had when its import ended, seeded or not."""

    @property
    def seeders(self) -> tuple[Seeder, ...]:
        """Every library that can be seeded."""
        return tuple(self._seeders.values())

    def present(self) -> tuple[tuple[Seeder, ...], tuple[str, ...]]:
        """Return the seeders whose libraries are loaded, and the names of the common ones that are not."""
        count = (len(sys.modules), len(self._seeders))
        if self._present is None or self._present[0] != count:
            there = tuple(each for each in self._seeders.values() if each.loaded())
            absent = [each for each in self._seeders.values() if each not in there]
            names = tuple(each.name for each in absent if not isinstance(each, OnDemand))
            found = (count, there, names)
            if any(module in sys.modules for each in absent for module in each.modules):
                return found[1:]  # one is on its way: look again next time
            self._present = found
        return self._present[1:]

    def all_seeded(self) -> list[tuple[Seeder, Seeded]]:
        """Return the seeders whose libraries were seeded, and how."""
        return [(self._seeders[name], seeded) for name, seeded in self._seeded.copy().items()]

    def seeded(self, name: str) -> Seeded | None:
        """Return how the library was seeded last, None if it was not."""
        return self._seeded.get(name)

    def failure(self, name: str) -> str:
        """Return why the library could not be seeded, or nothing."""
        return self._failures.get(name, "")

    def observe(self, owner: object, *, on: bool) -> None:
        """Note the state in which libraries arrive, for an owner that seeds nothing."""
        with self._lock:
            change = self._observers.add if on else self._observers.discard
            change(id(owner))
            self._watch_imports()

    def push(self, layer: Layer, seeders: Iterable[Seeder]) -> None:
        """Put the layer on top and seed what is loaded; a layer that is there already seeds again."""
        with self._lock:
            for seeder in seeders:
                self._seeders.setdefault(seeder.name, seeder)
            if layer in self._layers and layer is not self._layers[-1]:
                self._take_out(layer)
                layer.found = {}
            if layer not in self._layers:
                self._layers.append(layer)
            # Before seeding: a library that another thread imports meanwhile must not slip through.
            self._watch_imports()
            for seeder in self.seeders:
                if seeder.loaded():
                    self._put(seeder, layer)

    def reseed(self, value: int, *, only: Container[str] | None = None) -> None:
        """Put another number into the loaded libraries' streams, and into those that come, until the next seed.

        Streams by name stay as they are.

        Args:
            value: The number.
            only: The libraries to seed; None takes all.
        """
        with self._lock:
            for layer in self._layers[-1:]:
                layer.own = value
            for seeder in self.seeders:
                if seeder is not NAMED and (only is None or seeder.name in only) and seeder.loaded():
                    attempt(seeder.seed, value)

    @property
    def top(self) -> Layer | None:
        """The layer that decides."""
        return self._layers[-1] if self._layers else None

    def pop(self, layer: Layer) -> dict[str, str]:
        """Take the layer off; return why a library's streams could not be given back, by library."""
        with self._lock:
            if layer not in self._layers:
                return {}
            keep = self._take_out(layer)
            failed = {} if keep else self._give_back(layer)
            if not self._layers:
                self._failures.clear()
                self._watch_imports()
            return failed

    def _take_out(self, layer: Layer) -> bool:
        """Remove the layer; return whether what it found is now another layer's to give back."""
        index = self._layers.index(layer)
        del self._layers[index]
        if index < len(self._layers):
            self._layers[index].found.update(layer.found)
            return True
        sessions = [below for below in self._layers if not below.scope]
        if layer.scope or not sessions:
            return False
        for name, found in layer.found.items():
            sessions[-1].found.setdefault(name, found)
        return True

    def _give_back(self, layer: Layer) -> dict[str, str]:
        failed: dict[str, str] = {}
        for name, (state, former) in layer.found.items():
            seeder = self._seeders[name]
            _, reason = attempt(seeder.restore, state)
            if reason:
                failed[name] = reason
            if former is None:
                self._seeded.pop(name, None)
            else:
                self._seeded[name] = former
        return failed

    def _put(self, seeder: Seeder, layer: Layer) -> None:
        """Seed the library for the layer, after noting what the layer found."""
        _, reason = attempt(self._capture_and_seed, seeder, layer)
        if reason:
            self._failures[seeder.name] = reason
            self._seeded.pop(seeder.name, None)
        else:
            self._failures.pop(seeder.name, None)

    def _capture_and_seed(self, seeder: Seeder, layer: Layer) -> None:
        if seeder.name not in layer.found:
            layer.found[seeder.name] = (seeder.capture(), self._seeded.get(seeder.name))
        seeder.seed(layer.seed)
        self._seeded[seeder.name] = Seeded(layer.seed, seeder.settings(layer.seed), seeder.digests())
        if layer.own is not None and seeder is not NAMED:
            seeder.seed(layer.own)

    def _imported(self, module: str) -> None:
        with self._lock:
            for seeder in self.seeders:
                if module in seeder.modules and seeder.name not in self._seeded:
                    for layer in self._layers:
                        self._put(seeder, layer)
                if module in seeder.modules:
                    for stream, digest in (attempt(seeder.digests)[0] or {}).items():
                        self.arrived.setdefault(stream, digest)

    def _import_failed(self, module: str, error: Exception) -> None:
        for seeder in self.seeders:
            if module in seeder.modules:
                self._failures[seeder.name] = reason_of(error)

    def _watch_imports(self) -> None:
        """Watch the imports of every library that can be seeded, as long as anybody wants to know."""
        wanted = self._layers or self._observers
        modules = tuple(module for seeder in self.seeders for module in seeder.modules) if wanted else ()
        if modules == self._watched:
            return
        if self._watch is not None:
            self._watch.uninstall()
            self._watch = None
        self._watched = modules
        if modules:
            self._watch = ImportWatch(modules, self._imported, self._import_failed)
            self._watch.install()

    def renew_lock(self) -> None:
        """Begin with a free lock in a forked child, where its holder may not exist."""
        self._lock = threading.RLock()


PROCESS = ProcessStreams()
"""The streams of this process; sessions and scopes share it."""

FORKS = Forks()
"""The children that this process has forked."""


def _in_child() -> None:
    PROCESS.renew_lock()
    path, top = FORKS.child_begins(), PROCESS.top
    if top is not None:
        attempt(seed_child, PROCESS, top.seed, path)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=FORKS.parent_forks, after_in_child=_in_child)
