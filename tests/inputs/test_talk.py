"""Whom a cell talked to, and whether a file keeps the answers of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_repro.inputs.talk import Talk

if TYPE_CHECKING:
    from jupyter_repro.inputs.events import Fact

HOST, OTHER, AT, ELSEWHERE = "api.example.org:443", "other.example.org:443", "192.0.2.1:443", "192.0.2.9:443"
ASKED: tuple[Fact, ...] = (("host", HOST), ("address", AT), ("request", HOST))

TABLE: dict[str, tuple[tuple[Fact, ...], tuple[str, ...], bool]] = {
    "nothing": ((), (), False),
    "one that is recorded": ((*ASKED, ("recorded", HOST)), (HOST,), True),
    "one that is not": (ASKED, (HOST,), False),
    "another that is not": ((*ASKED, ("recorded", HOST), ("host", OTHER)), (HOST, OTHER), False),
    "a request that went by": ((*ASKED, ("recorded", HOST), ("request", HOST)), (HOST,), False),
    "by address alone": ((("address", AT),), (AT,), False),
    "another by address alone, beside one that is recorded": (
        (*ASKED, ("recorded", HOST), ("address", ELSEWHERE)),
        (AT, ELSEWHERE, HOST),
        False,
    ),
    "an address that was asked for as a name": (
        (("host", AT), ("address", AT), ("request", AT), ("recorded", AT)),
        (AT,),
        True,
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_who_was_talked_to_and_whether_it_is_kept(name: str) -> None:
    """One answer that no file keeps is enough for the cell to stay unknown."""
    facts, hosts, kept = TABLE[name]
    talk = Talk()
    for fact in facts:
        talk.note(fact)
    assert talk.take(connected=True) == (tuple(sorted(hosts)), kept)
    assert talk.take(connected=True) == ((), False), "it is taken once"


def test_what_came_from_a_file_needs_no_network() -> None:
    """A replayed answer is kept; that a name was asked for is no talk."""
    talk = Talk()
    for fact in (("host", OTHER), ("replayed", HOST)):
        talk.note(fact)  # type: ignore[arg-type] # words of the table
    assert talk.take(connected=False) == ((HOST,), True)
