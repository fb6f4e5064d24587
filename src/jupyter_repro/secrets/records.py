"""Takes credentials out of plain JSON data, by what texts look like and by the names they stand under."""

from __future__ import annotations

import re
from typing import Any

from .scan import looks_random, redact

__all__ = ["is_secret_name", "redacted"]

_NAME = re.compile(
    r"(?i)(?:password|passwd|passphrase|passcode|secret|credentials?|(?:^|[_-])pwd|token|"
    r"(?:api|access|secret|private|account|auth|signing|encryption)[_-]?key)s?$"
)
_WORDS = re.compile(r"(?i)(?:password|passwd|passphrase|passcode|secret|pwd)s?$")
_IMAGE = ("image/", "application/pdf", "video/", "audio/")


def is_secret_name(name: str) -> bool:
    """Whether what stands under this name is a secret: ``WANDB_API_KEY``, ``db.password``."""
    return bool(_NAME.search(name))


def redacted(value: Any) -> Any:
    """Return plain JSON data with a mark in the place of each credential.

    What stands under the name of a secret is taken out even if it looks like nothing in particular. Bytes
    of images, as notebooks hold them, are left alone.
    """
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {redact(key): _under(key, each) for key, each in value.items()}
    if isinstance(value, list):
        return [redacted(each) for each in value]
    if isinstance(value, tuple):
        return tuple(redacted(each) for each in value)
    return value


def _under(key: str, value: Any) -> Any:
    if not isinstance(value, str):
        return redacted(value)
    if key.startswith(_IMAGE):
        return value
    clean = redact(value)
    if clean != value or not value or not is_secret_name(key):
        return clean
    return "[REDACTED:named]" if _WORDS.search(key) or looks_random(value) else value
