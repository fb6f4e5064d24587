"""Which files are tests, and which items they have: one a cell, and one a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.errors import ReproError
from jupyter_repro.verifier.errors import VerifierError

from .items import Item, NoVerdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

__all__ = ["BundleFile", "Collecting", "NotebookFile"]

_CHECKPOINTS = ".ipynb_checkpoints"


class Collecting:
    """The hook of a run with ``--repro``."""

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.File | None:
        """Take notebooks, and bundles."""
        if file_path.suffix == ".ipynb" and _CHECKPOINTS not in file_path.parts:
            return NotebookFile.from_parent(parent, path=file_path)
        if file_path.name.endswith(".repro.zip"):
            return BundleFile.from_parent(parent, path=file_path)
        return None


class _Rerun(pytest.File):
    """A file whose items share one re-run, made when the first of them is tested."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._report: Mapping[str, Any] | ReproError | None = None

    def report(self) -> Mapping[str, Any]:
        """Return the content of the report.

        Raises:
            NoVerdict: There is none, because it could not be run.
        """
        if self._report is None:
            try:
                self._report = self.make()
            except ReproError as error:
                self._report = error
        if isinstance(self._report, ReproError):
            raise NoVerdict(self._report.message, self._report.remedy)
        return self._report

    def make(self) -> Mapping[str, Any]:
        """Run it."""
        raise NotImplementedError

    def items(self, cells: list[tuple[str, str]], claims: list[str]) -> Iterator[Item]:
        """Yield an item a cell and an item a claim."""
        for name, label in cells:
            yield Item.from_parent(self, name=label, kind="cells", key=name)
        for text in claims:
            yield Item.from_parent(self, name=f"claim {text}", kind="claims", key=text)

    def _told(self, read: Callable[[], Iterator[Item]]) -> list[Item]:
        """Return the items; a file that cannot be read is an error of collection in our words."""
        try:
            return list(read())
        except (ReproError, VerifierError) as error:
            raise self.CollectError(f"{error.message}\nhint: {error.remedy}") from error


class NotebookFile(_Rerun):
    """A notebook: its saved outputs against a run in a fresh kernel."""

    def collect(self) -> list[Item]:
        """Return one item for each code cell that holds code, and one for each claim."""
        return self._told(self._read)

    def _read(self) -> Iterator[Item]:
        from jupyter_repro.bundle.claims import read_claims
        from jupyter_repro.bundle.notebook import read_notebook

        self.notebook = read_notebook(self.path)
        self.claims = read_claims(self.notebook)
        cells = [(str(cell.id), cell.label) for cell in self.notebook.cells]
        yield from self.items(cells, [claim.text for claim in self.claims])

    def make(self) -> Mapping[str, Any]:
        """Run it from top to bottom and compare."""
        from .rerun import rerun

        timeout = self.config.getoption("repro_cell_timeout")
        return rerun(self.notebook, self.claims, cell_timeout_s=timeout)


class BundleFile(_Rerun):
    """A bundle: verified as ``jupyter repro verify`` does."""

    def collect(self) -> list[Item]:
        """Return one item for each cell and each claim that its recipe names."""
        return self._told(self._read)

    def _read(self) -> Iterator[Item]:
        from jupyter_repro.verifier.archive import open_bundle
        from jupyter_repro.verifier.recipe import NAME, Recipe

        recipe = Recipe.from_json(open_bundle(self.path).read_json(NAME))
        cells = [(cell.id, cell.label) for cell in recipe.cells]
        yield from self.items(cells, [claim.text for claim in recipe.claims])

    def make(self) -> Mapping[str, Any]:
        """Rebuild, run and compare; the report lands in pytest's own folder, not beside the bundle."""
        import tempfile
        from pathlib import Path

        from jupyter_repro.bundle.verify import verify

        with tempfile.TemporaryDirectory(prefix="jr-pytest-") as folder:
            return verify(self.path, output=Path(folder))
