"""A notebook of 71 cells worked out of order for an afternoon: what is said is true, short and said once."""

from __future__ import annotations

import dataclasses
import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("matplotlib", reason="the notebook draws figures")
pytest.importorskip("sklearn", reason="the notebook fits models")

from afternoon import ACTS
from transcript import NOTEBOOK, PAGE, Desk, Played, Shown, page, play

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    # jupyter_client leaves sockets and event loops of its own to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@dataclasses.dataclass
class Moment:
    """The desk after an act."""

    status: dict[str, Any]
    shown: dict[str, Shown]
    document: Path

    def of(self, *verdicts: str) -> set[str]:
        """Return the cells with one of these verdicts that stand in the document and have run."""
        return {cell["id"] for cell in self.status["cells"] if cell["verdict"] in verdicts}


@dataclasses.dataclass
class Afternoon:
    """All acts, and the desk after those before which or after which a plan is followed."""

    acts: list[Played]
    moments: dict[str, Moment]


@pytest.fixture(scope="module")
def desk_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Desk]]:
    """Make desks; their kernels are shut down at the end."""
    desks: list[Desk] = []

    def make(notebook: Path = NOTEBOOK) -> Desk:
        desks.append(Desk(tmp_path_factory.mktemp("desk"), notebook))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture(scope="module")
def afternoon(desk_in: Callable[..., Desk]) -> Afternoon:
    """Play every act once, in one real kernel until it is restarted."""
    desk, found = desk_in(), Afternoon([], {})
    for played in play(desk):
        found.acts.append(played)
        if played.act.title in ("Follows the plan.", "Sees that only a restart helps.", "Follows it."):
            copy = desk.folder / f"after {len(found.acts)}.ipynb"
            shutil.copy(desk.path, copy)
            status = json.loads(desk.ask("%repro status json").text)
            found.moments[played.act.title] = Moment(status, dict(desk.latest), copy)
    return found


def differing(one: dict[str, Shown], other: dict[str, Shown]) -> set[str]:
    """Return the cells that show something else, figures pixel by pixel."""
    return {
        cell
        for cell in one.keys() & other.keys()
        if (one[cell].text, one[cell].pictures) != (other[cell].text, other[cell].pictures)
    }


def test_every_departure_is_told_once_in_one_line(afternoon: Afternoon) -> None:
    """And nothing is said where nothing new is wrong."""
    wrong = [(each.act.title, each.notices) for each in afternoon.acts if not each.act.is_told(each.notices)]
    assert wrong == []
    assert len(afternoon.acts) == len(ACTS)
    said = [line for each in afternoon.acts for line in each.notices]
    assert all("Remedy: " in line for line in said)


def test_after_the_plan_every_cell_is_reproduced_and_truly_so(
    afternoon: Afternoon, desk_in: Callable[..., Desk]
) -> None:
    """The document run top to bottom in a fresh kernel shows what is on the screen, cell by cell."""
    moment = afternoon.moments["Follows the plan."]
    assert moment.status["verdict"] == "reproduced"
    fresh = desk_in(moment.document)
    for cell in fresh.sources:
        fresh.run(cell)
    assert moment.of("reproduced") == fresh.sources.keys()
    assert differing(moment.shown, fresh.latest) == set()


def test_no_cell_is_called_reproduced_wrongly(afternoon: Afternoon) -> None:
    """With most of the notebook astray: what is called reproduced shows the same after the restart."""
    before, after = afternoon.moments["Sees that only a restart helps."], afternoon.moments["Follows it."]
    assert before.status["plan"]["kind"] == "restart and run all"
    assert after.status["verdict"] == "reproduced"
    astray = differing(before.shown, after.shown)
    assert {"drop", "noise"} <= astray
    assert before.of("reproduced") & astray == set()


def test_the_page_in_the_docs_is_what_the_kernel_said(afternoon: Afternoon) -> None:
    """Word for word; `make transcript` writes it anew."""
    assert page(afternoon.acts) == PAGE.read_text(encoding="utf-8")
    assert "/tmp" not in PAGE.read_text(encoding="utf-8")
