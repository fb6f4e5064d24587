"""How far two numbers may be apart and still be the same result."""

from __future__ import annotations

import dataclasses

__all__ = ["Tolerance"]


@dataclasses.dataclass(frozen=True)
class Tolerance:
    """Relative and absolute tolerance of floating-point numbers: ``|a - b| <= atol + rtol * max(|a|, |b|)``."""

    rtol: float = 1e-9
    atol: float = 1e-12
