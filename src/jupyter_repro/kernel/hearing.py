"""Listens to what a cell shows, and may keep it from being shown."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.rerun.outputs import Output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Heard", "hearing"]


class Heard(msgspec.Struct):
    """What was heard."""

    outputs: list[Output] = msgspec.field(default_factory=list)
    deaf: bool = False
    """Something could not be listened to."""


@contextlib.contextmanager
def hearing(shell: Any, *, mute: bool) -> Iterator[Heard]:
    """Collect the outputs of the block in their order.

    The streams themselves are listened to, so that a log handler or a progress bar that has kept one is heard
    and muted too. Each method is given back as it was.

    Args:
        shell: The interactive shell.
        mute: Show nothing.
    """
    heard = Heard()
    inside = [0]

    def hears_text(kind: Any) -> Callable[..., Any]:
        def write(former: Callable[..., Any], text: str, *args: Any, **more: Any) -> Any:
            if not inside[0]:
                heard.outputs.append(Output(kind, {"text/plain": str(text)}))
            return len(text) if mute else former(text, *args, **more)

        return write

    def publish(former: Callable[..., Any], data: Any = None, *args: Any, **more: Any) -> Any:
        forms = {
            str(mime): form if isinstance(form, str) else repr(form)
            for mime, form in dict(data or {}).items()
        }
        heard.outputs.append(Output("display", forms))
        if mute:
            return None
        inside[0] += 1  # a terminal prints what is displayed
        try:
            return former(data, *args, **more)
        finally:
            inside[0] -= 1

    def clear(former: Callable[..., Any], *args: Any, **more: Any) -> Any:
        return None if mute else former(*args, **more)

    with contextlib.ExitStack() as stack:
        for owner, name, function in (
            (sys.stdout, "write", hears_text("stdout")),
            (sys.stderr, "write", hears_text("stderr")),
            (shell.display_pub, "publish", publish),
            (shell.display_pub, "clear_output", clear),
        ):
            heard.deaf |= not stack.enter_context(_instead(owner, name, function))
        yield heard


@contextlib.contextmanager
def _instead(owner: Any, name: str, function: Callable[..., Any]) -> Iterator[bool]:
    """Stand in for a method of one object, if it lets us; what stood on the object itself is given back."""
    former = getattr(owner, name, None)
    own = getattr(owner, "__dict__", {}).get(name)

    def standing_in(*args: Any, **more: Any) -> Any:
        return function(former, *args, **more)

    try:
        setattr(owner, name, standing_in)
    except (AttributeError, TypeError):
        yield False
        return
    try:
        yield True
    finally:
        if own is None:
            delattr(owner, name)
        else:
            setattr(owner, name, own)
