"""What a cell can change besides names, as text: generators, files, variables, settings, modules."""

from __future__ import annotations

import hashlib
import os
import random
import sys
import types
import warnings
from pathlib import Path
from typing import Any

from truth.values import hash_of, spelled

__all__ = ["FOLDER_FILES", "fill", "snapshot", "without_addresses"]

_OWN = frozenset(("In", "Out", "get_ipython", "exit", "quit", "open"))
_MOST = 1 << 20

_before: set[str] = set()
"""Modules that are not the user's."""

FOLDER_FILES = {
    "data.csv": "p,q\n1,2\n3,4\n5,6\n",
    "helper.py": "SCALE = 2\nSEEN = []\n\n\ndef scaled(z):\n    return z * SCALE\n\n\ndef counted():\n    SEEN.append(1)\n    return len(SEEN)\n",
    "script.py": "from_script = 1\n",
    "settings.json": '{"k": 1}',
}
"""What lies beside every notebook before anything runs."""


def fill(folder: str) -> None:
    """Put the first files into an empty folder."""
    for name, text in FOLDER_FILES.items():
        Path(folder, name).write_text(text, encoding="utf-8")


def snapshot(namespace: dict[str, Any], folder: str) -> dict[str, str]:
    """Return the text of everything that a cell can leave behind."""
    found = {
        f"name:{name}": without_addresses(spelled(value))
        for name, value in list(namespace.items())
        if not name.startswith("_") and name not in _OWN
    }
    found.update(_streams())
    found.update((f"env:{name}", value) for name, value in os.environ.items() if name != "_")
    found.update(_settings())
    found.update(_files(folder))
    found.update(_modules(folder))
    return found


def without_addresses(text: str) -> str:
    """Return the text without the addresses that ``repr`` puts in."""
    import re

    return re.sub(r"\b0x[0-9a-fA-F]{6,}", "0x", text)


def _streams() -> dict[str, str]:
    found = {"rng:python": hash_of(random.getstate())}
    generators = sys.modules.get("numpy.random")
    if generators is not None:
        state = generators.get_state(legacy=False)
        inner = state["state"]
        rest = [inner["pos"], state["has_gauss"], float(state["gauss"])]
        found["rng:numpy"] = hash_of((inner["key"].tobytes(), rest))
    return found


def _settings() -> dict[str, str]:
    import decimal

    try:
        here = str(Path.cwd())
    except FileNotFoundError:
        here = "gone"
    found = {
        "setting:cwd": here,
        "setting:sys.path": str(sys.path),
        "setting:recursion": str(sys.getrecursionlimit()),
        "setting:decimal": str(decimal.getcontext().prec),
        "setting:warnings": str([(f[0], str(f[1]), f[2].__name__, str(f[3])) for f in warnings.filters]),
    }
    np, pd = sys.modules.get("numpy"), sys.modules.get("pandas")
    if np is not None and hasattr(np, "get_printoptions"):
        # one by one: a cell that sets the one leaves the other as it found it
        found["setting:numpy.printoptions"] = str(np.get_printoptions())
        found["setting:numpy.errstate"] = str(np.geterr())
    if pd is not None and hasattr(pd, "get_option"):
        for name in ("max_rows", "precision"):
            found[f"setting:pandas.{name}"] = str(pd.get_option(f"display.{name}"))
    return found


def _files(folder: str) -> dict[str, str]:
    found = {}
    for where, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__" and not name.startswith(".")]
        for name in files:
            path = Path(where, name)
            with path.open("rb") as source:
                digest = hashlib.blake2b(source.read(_MOST), digest_size=8).hexdigest()
            found[f"file:{os.path.relpath(path, folder)}"] = digest
    return found


def _modules(folder: str) -> dict[str, str]:
    found = {}
    for name in sys.modules.keys() - _before:
        module = sys.modules[name]
        file = vars(module).get("__file__") if isinstance(module, types.ModuleType) else None
        if not isinstance(file, str) or not str(Path(file).absolute()).startswith(folder):
            _before.add(name)
            continue
        state = {key: value for key, value in vars(module).items() if not key.startswith("__")}
        found[f"module:{name}"] = without_addresses(spelled(state))
    return found
