"""The words of the protocol: ``tests/protocol/words.json`` names each, and the front end's tests read every one."""

from __future__ import annotations

import json
import types
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from jupyter_repro.kernel.channel.events import Event
from jupyter_repro.kernel.channel.replies import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[2] / "protocol"
KINDS: dict[str, Any] = {"reply": Reply, "event": Event}


def words_of(kind: Any) -> set[str]:
    """Return the words that a field of this type may be; none: it is no field of words."""
    if get_origin(kind) is Literal:
        return set(get_args(kind))
    if get_origin(kind) in (Union, types.UnionType, Annotated):
        return {word for part in get_args(kind) for word in words_of(part)}
    return set()


def fields_of_words(
    value: Any, where: tuple[str | int, ...]
) -> Iterator[tuple[str, tuple[str | int, ...], set[str]]]:
    """Yield each field of words in a message: its name in the program, its place in the message, its words."""
    if isinstance(value, msgspec.Struct):
        hints = get_type_hints(type(value), include_extras=True)
        for name in value.__struct_fields__:
            if words := words_of(hints[name]):
                yield f"{type(value).__name__}.{name}", (*where, name), words
            yield from fields_of_words(getattr(value, name), (*where, name))
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from fields_of_words(each, (*where, index))


def test_every_word_that_the_kernel_may_say_is_written_down() -> None:
    """A word that is added on one side alone would end the link: the panel cannot read the message."""
    found: dict[str, Any] = {}
    for path in sorted(FOLDER.glob("*.json")):
        if (kind := KINDS.get(path.stem.partition("-")[0])) is None:
            continue
        message = msgspec.convert(json.loads(path.read_text()), kind)
        for field, where, words in fields_of_words(message, ()):
            found.setdefault(field, {"message": path.stem, "place": list(where), "words": sorted(words)})

    assert found == json.loads((FOLDER / "words.json").read_text())
