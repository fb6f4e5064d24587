"""The document as a front end tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.kernel.channel.requests import DocumentCell, DocumentChange
from jupyter_repro.kernel.panel_document import PanelDocument, UnknownCell, place_of_notebook

if TYPE_CHECKING:
    from pathlib import Path


def cell(name: str, source: str = "", kind: Any = "code") -> DocumentCell:
    return DocumentCell(id=name, type=kind, source=source or f"{name} = 1")


@pytest.fixture
def told(tmp_path: Path) -> PanelDocument:
    made = PanelDocument(None, tmp_path)
    cells = (cell("a"), cell("t", "# Title", "markdown"), cell("b"), cell("e", "  "))
    made.change(DocumentChange(order=("a", "t", "b", "e"), cells=cells), whole=True)
    return made


def labels(document: PanelDocument) -> dict[str, str]:
    return {str(each.id): each.label for each in document.document(()).cells}


def test_code_cells_that_are_not_empty_are_counted(told: PanelDocument) -> None:
    """Text and empty cells are no cells of the document, as in a file."""
    assert labels(told) == {"a": "cell 1", "b": "cell 2"}
    assert (told.position("b"), told.position("t"), told.position(None)) == (1, None, None)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(DocumentChange(order=("b", "a")), ["b", "a"], id="moved"),
        pytest.param(DocumentChange(order=("b",)), ["b"], id="deleted"),
        pytest.param(DocumentChange(order=("a", "n", "b"), cells=(cell("n"),)), ["a", "n", "b"], id="new"),
        pytest.param(DocumentChange(cells=(cell("t", "1 + 1"),)), ["a", "t", "b"], id="text became code"),
        pytest.param(DocumentChange(cells=(cell("a", " "),)), ["b"], id="emptied"),
        pytest.param(DocumentChange(order=("a", "a", "b")), ["a", "b"], id="named twice"),
        pytest.param(DocumentChange(), ["a", "b"], id="nothing"),
    ],
)
def test_a_change_is_taken(told: PanelDocument, change: DocumentChange, expected: list[str]) -> None:
    """What is not told is as it was."""
    told.change(change)

    assert list(labels(told)) == expected


def test_a_cell_that_was_never_sent_is_asked_for(told: PanelDocument) -> None:
    """The order names a cell without a text: nothing is taken, so that the whole can be sent again."""
    with pytest.raises(UnknownCell):
        told.change(DocumentChange(order=("a", "x"), cells=(cell("a", "changed"),)))

    assert labels(told) == {"a": "cell 1", "b": "cell 2"}
    assert told.document(()).cells[0].source == "a = 1"


def test_a_deleted_cell_has_to_be_sent_again(told: PanelDocument) -> None:
    """What was deleted is forgotten: an undo sends it anew."""
    told.change(DocumentChange(order=("a",)))

    with pytest.raises(UnknownCell):
        told.change(DocumentChange(order=("a", "b")))


@pytest.mark.parametrize(
    ("path", "known", "expected"),
    [
        pytest.param("work/paper.ipynb", "work/paper.ipynb", "work/paper.ipynb", id="as it was"),
        pytest.param("work/new.ipynb", "work/paper.ipynb", "work/new.ipynb", id="renamed"),
        pytest.param("other/moved.ipynb", "work/paper.ipynb", "other/moved.ipynb", id="moved"),
        pytest.param("RTC:work/new.ipynb", "work/paper.ipynb", "work/new.ipynb", id="drive"),
        pytest.param("work/gone.ipynb", "work/paper.ipynb", "work/paper.ipynb", id="not here"),
        pytest.param("../../etc/passwd.ipynb", "work/paper.ipynb", "work/paper.ipynb", id="upwards"),
        pytest.param("work/new.ipynb", None, "work/new.ipynb", id="only by the folder"),
        pytest.param("work/gone.ipynb", None, None, id="nowhere"),
    ],
)
def test_the_file_is_found_by_the_servers_path(
    tmp_path: Path, path: str, known: str | None, expected: str | None
) -> None:
    """The kernel does not know the server's root: it is what makes the path a file, near the one that it started with."""
    for name in ("work/paper.ipynb", "work/new.ipynb", "other/moved.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")

    found = place_of_notebook(path, None if known is None else tmp_path / known, tmp_path / "work")

    assert found == (None if expected is None else tmp_path / expected)


def test_an_absolute_path_is_taken_where_it_is_a_file(tmp_path: Path) -> None:
    """A server on another machine may tell a path that is none here."""
    here = tmp_path / "paper.ipynb"
    here.write_text("{}")

    assert place_of_notebook(str(here), None, tmp_path) == here
    assert place_of_notebook(str(tmp_path / "gone.ipynb"), here, tmp_path) == here
