"""Takes credentials out of plain JSON data, by what texts look like and by the names they stand under."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from .scan import is_placeholder, looks_random, redact

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["is_secret_name", "redacted"]

_NAME = re.compile(
    r"(?i)(?:password|passwd|passphrase|passcode|secret|credentials?|(?:^|[_-])pwd|token|"
    r"(?:api|access|secret|private|account|auth|signing|encryption)[_-]?key)s?[_-]?[0-9]*$"
)
_WORDS = re.compile(r"(?i)(?:password|passwd|passphrase|passcode|secret|pwd)s?[_-]?[0-9]*$")
_TOKEN = re.compile(r"(?i)tokens?[_-]?[0-9]*$")
_SHORTEST = 6
_MARK = "[REDACTED:named]"
_REFERENCE = re.compile(r"\$\{[\w.:/-]*\}")
"""What stands elsewhere is not spelled; one with a comma may hold the secret as its default."""
_IMAGE = ("image/", "application/pdf", "video/", "audio/")


@functools.lru_cache(maxsize=1024)
def is_secret_name(name: str) -> bool:
    """Whether what stands under this name is a secret: ``WANDB_API_KEY``, ``db.password``."""
    return bool(_NAME.search(name))


def redacted(value: Any, *, strict: bool = False, known: Mapping[str, str] | None = None) -> Any:
    """Return plain JSON data with a mark in the place of each credential.

    What stands under the name of a secret is taken out even if it looks like nothing in particular. Bytes
    of images, as notebooks hold them, are left alone, and so are references to where a secret stands:
    ``${oc.env:DB_PASSWORD}``.

    Args:
        value: Plain dicts, lists and atoms.
        strict: As for configurations, where ``api_key: hunter2`` is a key though it looks like a word.
        known: Values that are secrets wherever they stand, each with the variable that holds it.
    """
    if known:
        value = _without(value, known)
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {_clean_key(str(key)): _under(str(key), each, strict=strict) for key, each in value.items()}
    if isinstance(value, list):
        return [redacted(each, strict=strict) for each in value]
    if isinstance(value, tuple):
        return tuple(redacted(each, strict=strict) for each in value)
    return value


@functools.lru_cache(maxsize=1024)
def _clean_key(key: str) -> str:
    return redact(key)


def _under(key: str, value: Any, *, strict: bool) -> Any:
    if isinstance(value, (list, tuple)) and is_secret_name(key):
        return [_under(key, each, strict=strict) for each in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool) and _WORDS.search(key):
        return _MARK
    if not isinstance(value, str):
        return redacted(value, strict=strict)
    if not value or key.startswith(_IMAGE) or (value[0] == "$" and _REFERENCE.fullmatch(value)):
        return value
    clean = redact(value)
    if clean != value or not is_secret_name(key):
        return clean
    return _MARK if _WORDS.search(key) or looks_random(value) or (strict and _is_key(key, value)) else value


def _without(value: Any, known: Mapping[str, str]) -> Any:
    """Return the data with the variable's name in the place of each known value."""
    if isinstance(value, str):
        for secret, name in known.items():
            if secret in value:
                value = value.replace(secret, f"[REDACTED:variable:{name}]")
        return value
    if isinstance(value, dict):
        return {_without(key, known): _without(each, known) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without(each, known) for each in value]
    return value


def _is_key(key: str, value: str) -> bool:
    """Whether it is more likely a credential than a word: tokens of a tokenizer have no digits."""
    if is_placeholder(value):
        return False
    return not _TOKEN.search(key) or (len(value) >= _SHORTEST and any(each.isdigit() for each in value))
