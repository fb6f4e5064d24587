"""What a cell shows, as one digest: text that it prints, things that it displays, its result.

The streams and the display machinery are listened to in place: ``write`` of the stream objects, ``publish``
of the display publisher and ``write_format_data`` of the display hook get a wrapper that calls the former
method first and then takes note. Nothing is shown otherwise, and ``take_off`` gives all of it back.
IPython 9 puts a wrapper of its own on ``write`` for each cell and takes it off again, ours with it.
"""

from __future__ import annotations

import hashlib
import re
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.canonical import dumps

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NOTHING_SHOWN", "OURS", "OutputTap"]

OURS = "application/vnd.jupyter-repro+json"
"""What marks a display as one of ours."""

_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,16}\b")
_KEEP_CHARACTERS = 1 << 18
"""Text kept to be normalised as a whole; what is longer is hashed as it comes."""


class _Text:
    """One stream of a cell, whatever the pieces it was written in."""

    def __init__(self) -> None:
        self.hash = hashlib.blake2b(digest_size=16)
        self.pieces: list[str] = []
        self.size = 0

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.size += len(text)
        if self.size > _KEEP_CHARACTERS:
            self.fold()

    def fold(self) -> bytes:
        whole = _ADDRESS.sub("at 0x", "".join(self.pieces))
        self.hash.update(whole.encode("utf-8", "surrogatepass"))
        self.pieces, self.size = [], 0
        return self.hash.digest()


class OutputTap:
    """Listens to one shell's outputs.

    Args:
        shell: The interactive shell.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._wrapped: dict[str, _Wrapped] = {}
        """The listeners, by what they listen to."""
        self._streams: dict[str, _Text] = {}
        self._shown = hashlib.blake2b(digest_size=16)
        self._fault = False

    def begin(self) -> None:
        """Listen to the streams as they are now, and forget what was shown so far."""
        self._streams = {}
        self._shown = hashlib.blake2b(digest_size=16)
        self._fault = False
        shell, wrapped, stdout, stderr = self._shell, self._wrapped, sys.stdout, sys.stderr
        for what, owner, name, note in (
            ("stdout", stdout, "write", self._note_stdout),
            ("stderr", stderr, "write", self._note_stderr),
            ("display", shell.display_pub, "publish", self._note_display),
            ("result", shell.displayhook, "write_format_data", self._note_result),
        ):
            known = wrapped.get(what)
            if known is None or known.owner is not owner or not known.is_in_place():
                self._wrap(what, owner, name, note, twice=owner is stdout and what == "stderr")

    def take(self) -> str | None:
        """Return the digest of what was shown since :meth:`begin`, None if it could not be followed."""
        if self._fault:
            return None
        whole = self._shown.copy()
        for name, text in sorted(self._streams.items()):
            whole.update(name.encode() + text.fold())
        return whole.hexdigest()

    def take_off(self) -> None:
        """Give every method back."""
        for wrapped in self._wrapped.values():
            wrapped.give_back()
        self._wrapped.clear()

    # -- listening ----------------------------------------------------------------------------------

    def _wrap(self, what: str, owner: Any, name: str, note: Callable[..., None], *, twice: bool) -> None:
        """Put a listener on a method of one object, and give back that of the object that was there before.

        One stream for stdout and stderr is listened to once, not ``twice``.
        """
        known = self._wrapped.pop(what, None)
        if known is not None and known.owner is not owner:
            known.give_back()
        if twice:
            return
        try:
            self._wrapped[what] = _Wrapped(owner, name, self._telling(what, note))
        except (AttributeError, TypeError):
            self._fault = True

    def _telling(self, key: str, note: Callable[..., None]) -> Callable[..., None]:
        """Return what takes note for the newest listener of a method: an older one may be called through it."""

        def tell(wrapped: _Wrapped, *args: Any, **keywords: Any) -> None:
            try:
                if self._wrapped.get(key) is wrapped:
                    note(*args, **keywords)
            except Exception:  # noqa: BLE001 - what cannot be noted is unknown; the output has been shown
                self._fault = True

        return tell

    def _note_stdout(self, text: str = "", *_: Any, **__: Any) -> None:
        self._note_text("stdout", text)

    def _note_stderr(self, text: str = "", *_: Any, **__: Any) -> None:
        self._note_text("stderr", text)

    def _note_text(self, name: str, text: str) -> None:
        if getattr(self._shell.displayhook, "is_active", False):
            return  # a terminal prints the result, with the number of the prompt
        self._streams.setdefault(name, _Text()).add(text)

    def _note_display(self, data: Any = None, *_: Any, **options: Any) -> None:
        self._note("update" if options.get("update") else "display", data)

    def _note_result(self, data: Any = None, *_: Any, **__: Any) -> None:
        self._note("result", data)

    def _note(self, kind: str, data: Any) -> None:
        if OURS in (data or ()):
            return  # what `%repro` shows is no result of the cell
        plain = {
            str(mime): form.hex() if isinstance(form, bytes) else form
            for mime, form in dict(data or {}).items()
        }
        for mime, form in plain.items():
            if isinstance(form, str):
                plain[mime] = _ADDRESS.sub("at 0x", form)
        self._shown.update(kind.encode() + b"\0" + dumps(plain))


class _Wrapped:
    """One method of one object with a listener on it."""

    def __init__(self, owner: Any, name: str, tell: Callable[..., None]) -> None:
        former = getattr(owner, name)
        self.owner = owner
        self._name = name
        self._former = vars(owner).get(name)

        def listening(*args: Any, **keywords: Any) -> Any:
            result = former(*args, **keywords)
            tell(self, *args, **keywords)
            return result

        self._listening = listening
        setattr(owner, name, listening)

    def is_in_place(self) -> bool:
        """Tell whether nobody has put something else there since."""
        return vars(self.owner).get(self._name) is self._listening

    def give_back(self) -> None:
        """Take the listener off, if it is still there."""
        if not self.is_in_place():
            return
        if self._former is None:
            delattr(self.owner, self._name)
        else:
            setattr(self.owner, self._name, self._former)


NOTHING_SHOWN = hashlib.blake2b(digest_size=16).hexdigest()
"""What :meth:`OutputTap.take` returns for a cell that shows nothing."""
