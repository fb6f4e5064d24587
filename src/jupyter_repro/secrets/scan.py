"""Finds credentials in a text, and takes them out."""

from __future__ import annotations

import functools
import hashlib
import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from .patterns import PATTERNS, Pattern, compiled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Found", "find", "is_clean", "is_placeholder", "looks_random", "may_hold_secrets", "redact"]

_PLACEHOLDERS = (
    "your",
    "xxxx",
    "example",
    "changeme",
    "redacted",
    "...",
    "***",
    "placeholder",
    "dummy",
    "insert",
    "todo",
)
_SETTLED = "[REDACTED:"
_FEW_DIGITS = 2
_SHORTEST = 6
"""Characters of the shortest text that holds one, an address with a password of one letter."""
_VARIED_BITS = 3.0
"""Bits a character; English words joined by dashes stay below only if they are short, so digits count too."""
_HINTS = tuple(dict.fromkeys(hint for pattern in PATTERNS for hint in pattern.hints))
_SIGNS = (
    "://", "key", "token", "pass", "secret", "pwd", "sk-", "sk_", "rk_", "akia", "asia", "aiza", "gho_", "ghp_",
    "ghr_", "ghs_", "ghu_", "github_pat_", "glpat-", "hf_", "xox", "ya29.", "gocspx-", "pypi-", "npm_", "eyj", "sg.",
    "_v1_", "dapi", "dckr_", ":aa", "r8_", "hvs.", "ntn_", "lin_api_", "pmak-", "shp", "private-", "-----begin ",
    "hook", "/t/", "sig", "credential", "bearer", "authorization", "machine ", "username",
)  # fmt: skip
"""Each hint holds one of these, which are fewer: most texts hold none."""


class Found(NamedTuple):
    """One credential in a text."""

    kind: str
    start: int
    end: int
    digest: str
    """The first 8 hex digits of its SHA-256, by which two finds can be told to be one secret; empty where the
    secret may be a word that others could try."""

    @property
    def mark(self) -> str:
        """What is written in its place."""
        return f"[REDACTED:{self.kind}:{self.digest}]" if self.digest else f"[REDACTED:{self.kind}]"


def may_hold_secrets(text: str) -> bool:
    """Whether a text is worth looking through: a few microseconds, never a false no."""
    if len(text) < _SHORTEST:
        return False
    lower = text.lower()
    for sign in _SIGNS:  # noqa: SIM110 - a generator takes twice as long, at each cell
        if sign in lower:
            return True
    return False


def find(text: str) -> tuple[Found, ...]:
    """Return the credentials in a text in their order; where two overlap, the one that begins first."""
    lower = text.lower()
    if len(lower) != len(text):  # a few letters have a longer lower case, which would shift every place
        lower = "".join(each.lower() if each.isascii() else each for each in text)
    places = {hint: tuple(_places(lower, hint)) for hint in _HINTS if hint in lower}
    found = [each for pattern in PATTERNS for each in _matches(pattern, text, places)]
    kept: list[Found] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return tuple(kept)


def _places(lower: str, hint: str) -> Iterator[int]:
    at = lower.find(hint)
    while at >= 0:
        yield at
        at = lower.find(hint, at + 1)


def is_clean(text: str) -> bool:
    """Whether no credential is found in a text."""
    return not find(text)


def redact(text: str) -> str:
    """Return the text with a mark in the place of each credential; what has none is returned as it is."""
    return _redacted(text) if may_hold_secrets(text) else text


@functools.lru_cache(maxsize=256)
def _redacted(text: str) -> str:
    found = find(text) if may_hold_secrets(text) else ()
    if not found:
        return text
    parts, end = [], 0
    for each in found:
        parts += [text[end : each.start], each.mark]
        end = each.end
    return "".join((*parts, text[end:]))


def _matches(pattern: Pattern, text: str, places: Mapping[str, tuple[int, ...]]) -> Iterator[Found]:
    group = "secret" if "(?P<secret>" in pattern.expression else 0
    hints = [hint for hint in pattern.hints if hint in places]
    for at in sorted({at for hint in hints for at in places[hint]}) if hints else ():
        match = compiled(pattern.expression).match(text, at)
        if match is None or _SETTLED in match[0]:
            continue
        secret = match[group]
        if (pattern.varied and not looks_random(secret)) or (pattern.guessable and is_placeholder(secret)):
            continue
        digest = "" if pattern.guessable else hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
        yield Found(pattern.name, match.start(group), match.end(group), digest[:8])


def looks_random(value: str) -> bool:
    """Whether a value is likely made by a machine: several digits, letters, and few repeats."""
    if is_placeholder(value) or sum(each.isdigit() for each in value) < _FEW_DIGITS:
        return False
    if not any(each.isalpha() for each in value):
        return False
    size = len(value)
    bits = -sum(count / size * math.log2(count / size) for count in Counter(value).values())
    return bits >= _VARIED_BITS


def is_placeholder(value: str) -> bool:
    """Whether a value stands where a secret would, and is none: ``your-api-key``, ``{token}``, ``<pad>``."""
    lower = value.lower()
    if len(set(lower)) == 1 or any(word in lower for word in _PLACEHOLDERS):
        return True
    return "{" in value or "$" in value[:2] or (value.startswith("<") and value.endswith(">"))
