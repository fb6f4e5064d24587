"""Nothing secret is written: credentials are found in texts and taken out of records."""

from __future__ import annotations

from .known import known_values
from .records import is_secret_name, redacted
from .scan import Found, find, is_clean, may_hold_secrets, redact

__all__ = [
    "Found",
    "find",
    "is_clean",
    "is_secret_name",
    "known_values",
    "may_hold_secrets",
    "redact",
    "redacted",
]
