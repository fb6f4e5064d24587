"""Which modules a source imports, by its text."""

from __future__ import annotations

import ast
import functools

__all__ = ["imported_by"]


@functools.lru_cache(maxsize=4096)
def imported_by(code: str) -> tuple[str, ...]:
    """Return the modules that the code imports, their packages as well; none if it does not compile."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    named: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            named.append(node.module)
            named.extend(f"{node.module}.{alias.name}" for alias in node.names)
    parts = [name.split(".") for name in named]
    return tuple(dict.fromkeys(".".join(each[: end + 1]) for each in parts for end in range(len(each))))
