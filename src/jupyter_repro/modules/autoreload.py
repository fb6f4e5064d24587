"""What ``%autoreload`` has put in force: newer ones patch a module in place and leave no trace in it."""

from __future__ import annotations

from typing import Any

__all__ = ["Autoreload"]


class Autoreload:
    """The reloader of one shell, if its extension is loaded.

    Args:
        shell: The shell, as IPython made it.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell

    def __call__(self, name: str) -> float | None:
        """Return the time of the file whose text is in force in a module, as far as the reloader knows.

        None where it has not looked at the module, or could not reload it.
        """
        registry = getattr(getattr(self._shell, "magics_manager", None), "registry", {})
        reloader = getattr(registry.get("AutoreloadMagics"), "_reloader", None)
        times, failed = getattr(reloader, "modules_mtimes", None), getattr(reloader, "failed", None)
        if type(times) is not dict or type(failed) is not dict:
            return None
        time = times.get(name)
        return time if type(time) is float and time not in failed.values() else None
