"""What a cell moves in its process besides names, so that a second run begins where the first one did."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from typing import Any

import msgspec

__all__ = ["ProcessState", "mute_log_files"]


class ProcessState(msgspec.Struct, frozen=True):
    """The parts of a process that grow when a cell runs again: paths, handlers, filters, figures.

    Options that are simply set are not among them: setting them again leaves them as they are.
    """

    folder: str
    environ: dict[str, str]
    path: list[str]
    filters: list[Any]
    registries: list[tuple[dict[Any, Any], dict[Any, Any]]]
    """Which warnings modules have shown already."""
    handlers: list[tuple[logging.Logger, list[Any], int]]
    figures: dict[Any, Any] | None
    to_draw: list[Any] | None

    @classmethod
    def now(cls) -> ProcessState:
        """Return how it is now."""
        figures, inline = _figures(), _inline()
        return cls(
            folder=os.getcwd(),  # noqa: PTH109 - a plain string
            environ=dict(os.environ),
            path=list(sys.path),
            filters=list(warnings.filters),
            registries=[(each, dict(each)) for each in _registries()],
            handlers=[(each, list(each.handlers), each.level) for each in _loggers()],
            figures=None if figures is None else dict(figures),
            to_draw=None if inline is None else list(inline._to_draw),  # noqa: SLF001 - the only place where it is kept
        )

    def put(self) -> None:
        """Make it so again."""
        if os.getcwd() != self.folder:  # noqa: PTH109 - as above
            os.chdir(self.folder)
        for name in os.environ.keys() - self.environ.keys():
            del os.environ[name]
        for name, value in self.environ.items():
            if os.environ.get(name) != value:
                os.environ[name] = value
        sys.path[:] = self.path
        self._put_warnings()
        for logger, handlers, level in self.handlers:
            logger.handlers[:] = handlers
            logger.setLevel(level)
        known = {id(logger) for logger, _, _ in self.handlers}
        for logger in _loggers():
            if id(logger) not in known:
                logger.handlers.clear()
        self._put_figures()

    def _put_warnings(self) -> None:
        if list(warnings.filters) != self.filters:
            filters: list[Any] = warnings.filters  # type: ignore[assignment]  # a list, typed as a sequence
            filters[:] = self.filters
            getattr(warnings, "_filters_mutated", int)()
        shown = {id(registry) for registry, _ in self.registries}
        for registry in _registries():
            if id(registry) not in shown:
                registry.clear()
        for registry, content in self.registries:
            if registry != content:
                registry.clear()
                registry.update(content)

    def _put_figures(self) -> None:
        figures, inline = _figures(), _inline()
        if figures is not None:
            for number in [each for each in figures if figures[each] not in (self.figures or {}).values()]:
                figures.pop(number)
            for number, manager in (self.figures or {}).items():
                figures[number] = manager
        if inline is not None:
            inline._to_draw = list(self.to_draw or ())  # noqa: SLF001 - as above


def mute_log_files() -> None:
    """Take off the handlers that log to files or elsewhere than the screen, until a state is put back."""
    for logger in _loggers():
        logger.handlers[:] = [each for each in logger.handlers if not _logs_elsewhere(each)]


def _logs_elsewhere(handler: logging.Handler) -> bool:
    return isinstance(handler, logging.FileHandler) or any(
        kind.__module__ == "logging.handlers" for kind in type(handler).__mro__
    )


def _registries() -> list[dict[Any, Any]]:
    found = (
        getattr(module, "__dict__", {}).get("__warningregistry__") for module in list(sys.modules.values())
    )
    return [each for each in found if isinstance(each, dict)]


def _loggers() -> list[logging.Logger]:
    named = list(logging.root.manager.loggerDict.values())
    return [logging.root, *(each for each in named if isinstance(each, logging.Logger))]


def _figures() -> Any:
    helpers = sys.modules.get("matplotlib._pylab_helpers")
    return None if helpers is None else helpers.Gcf.figs


def _inline() -> Any:
    backend = sys.modules.get("matplotlib_inline.backend_inline")
    show = getattr(backend, "show", None)
    return show if hasattr(show, "_to_draw") else None
