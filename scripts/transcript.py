"""Play an afternoon on ``notebooks/wine_study.ipynb`` in a real kernel and write ``docs/transcript.md``.

Each act of ``afternoon.py`` edits the notebook file of a copy and runs cells, as a front end would; what the
kernel prints as notices stands below it, word for word.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from afternoon import ACTS, Act
from jupyter_client.manager import KernelManager

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "notebooks" / "wine_study.ipynb"
PAGE = ROOT / "docs" / "transcript.md"
HEAD = """\
# An afternoon in one notebook

[wine_study.ipynb](../notebooks/wine_study.ipynb) is worked on as people do: down the page, then up and down, with
tweaks, second runs, moves and deletions. Written by `make transcript`, which plays every act in a real kernel: the
lines that begin with `repro:` are all that the kernel said, word for word. Where there is none, it said nothing.
"""


@dataclasses.dataclass
class Shown:
    """What one cell run showed."""

    notices: list[str] = dataclasses.field(default_factory=list)
    results: list[str] = dataclasses.field(default_factory=list)
    """Everything but the notices: streams, results, errors."""

    pictures: list[str] = dataclasses.field(default_factory=list)

    @property
    def text(self) -> str:
        """All results as one text."""
        return "".join(self.results).rstrip("\n")


class Kernel:
    """One kernel in a folder, driven as a front end does."""

    def __init__(self, folder: Path, notebook: Path) -> None:
        environ = {
            **os.environ,
            "IPYTHONDIR": str(folder / ".ipython"),
            "JPY_SESSION_NAME": str(notebook),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
        }
        self._manager = KernelManager(transport="ipc", ip=str(folder / ".socket"))
        self._manager.start_kernel(cwd=str(folder), env=environ)
        self._client = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=120)

    def run(self, source: str, cell: str | None) -> Shown:
        """Run a cell, or a line of a console where there is no cell id."""
        content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}}
        message = self._client.session.msg(
            "execute_request", {**content, "allow_stdin": False, "stop_on_error": False}
        )
        if cell is not None:
            message["metadata"]["cellId"] = cell
        self._client.shell_channel.send(message)
        shown = Shown()
        while True:
            answer = self._client.get_iopub_msg(timeout=120)
            if answer["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            if answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
                break
            _keep(shown, answer["msg_type"], answer["content"])
        self._client.get_shell_msg(timeout=120)
        return shown

    def close(self) -> None:
        """Shut down."""
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)
        self._manager.cleanup_resources()


def _keep(shown: Shown, kind: str, content: Mapping[str, Any]) -> None:
    if kind == "stream":
        for line in content["text"].splitlines(keepends=True):
            if content["name"] == "stderr" and line.startswith("repro: "):
                shown.notices.append(line.rstrip("\n"))
            else:
                shown.results.append(line)
    elif kind == "error":
        shown.results.append(f"{content['ename']}: {content['evalue']}\n")
    elif kind in ("execute_result", "display_data"):
        shown.results.append(content["data"]["text/plain"] + "\n")
        shown.pictures.append(content["data"].get("image/png", ""))


class Desk:
    """The notebook file of a copy, and the kernel that runs its cells."""

    def __init__(self, folder: Path, notebook: Path = NOTEBOOK) -> None:
        self.folder = folder
        self.path = folder / NOTEBOOK.name
        shutil.copy(notebook, self.path)
        shutil.copytree(NOTEBOOK.parent / "data", folder / "data")
        self._node = json.loads(self.path.read_text(encoding="utf-8"))
        self._cells = [cell for cell in self._node["cells"] if cell["cell_type"] == "code"]
        self.latest: dict[str, Shown] = {}
        """What each cell showed when it ran last."""
        self._kernel = Kernel(folder, self.path)

    @property
    def sources(self) -> dict[str, str]:
        """Cell id -> source, in document order."""
        return {cell["id"]: "".join(cell["source"]) for cell in self._cells}

    def label(self, cell: str) -> str:
        """Name a cell as messages do, with its id."""
        return f"cell {list(self.sources).index(cell) + 1} ({cell})"

    def edit(self, cell: str, old: str, new: str) -> None:
        """Replace a text that stands once in the cell, and save."""
        source = self.sources[cell]
        if source.count(old) != 1:
            raise ValueError(f"`{old}` stands {source.count(old)} times in {cell}")
        self._cell(cell)["source"] = source.replace(old, new)
        self._save()

    def insert(self, cell: str, after: str, source: str) -> None:
        """Put a new cell behind another, and save."""
        new = {"cell_type": "code", "id": cell, "metadata": {}, "source": source}
        self._cells.insert(
            list(self.sources).index(after) + 1, {**new, "outputs": [], "execution_count": None}
        )
        self._save()

    def delete(self, cell: str) -> None:
        """Delete a cell, and save."""
        self._cells.remove(self._cell(cell))
        self._save()

    def move(self, cell: str, after: str) -> None:
        """Put a cell behind another, and save."""
        moved = self._cell(cell)
        self._cells.remove(moved)
        self._cells.insert(list(self.sources).index(after) + 1, moved)
        self._save()

    def run(self, cell: str) -> Shown:
        """Run a cell of the notebook."""
        self.latest[cell] = self._kernel.run(self.sources[cell], cell)
        return self.latest[cell]

    def ask(self, line: str) -> Shown:
        """Run a line in a console of the same kernel."""
        return self._kernel.run(line, None)

    def restart(self) -> None:
        """Start a fresh kernel."""
        self._kernel.close()
        self._kernel = Kernel(self.folder, self.path)

    def close(self) -> None:
        """Shut the kernel down."""
        self._kernel.close()

    def _cell(self, cell: str) -> dict[str, Any]:
        found: dict[str, Any] = next(each for each in self._cells if each["id"] == cell)
        return found

    def _save(self) -> None:
        # cells that ran before are older than the file, also where its clock is coarse
        self._node["cells"] = self._cells
        self.path.write_text(json.dumps(self._node), encoding="utf-8")
        now = time.time_ns()
        os.utime(self.path, ns=(now, now))


@dataclasses.dataclass
class Played:
    """One act and what came of it."""

    act: Act
    lines: list[str]
    """What was done, and the notices, as the page prints them."""
    notices: list[str]


def play(desk: Desk) -> Iterator[Played]:
    """Play every act."""
    for act in ACTS:
        played = Played(act, [], [])
        for step in act.steps:
            for line in step(desk):
                played.lines.append(line)
                if line.startswith("repro: "):
                    played.notices.append(line)
        yield played


def page(acts: list[Played]) -> str:
    """Return the transcript as Markdown."""
    parts = [HEAD]
    for number, played in enumerate(acts, start=1):
        if played.act.chapter:
            parts.append(f"## {played.act.chapter}\n")
        parts.append("\n".join([f"**{number}. {played.act.title}**", "```text", *played.lines, "```\n"]))
    return "\n".join(parts)


def main() -> None:
    """Write the page, or say which act was told otherwise than it should be."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder).resolve())
        try:
            acts = list(play(desk))
        finally:
            desk.close()
    PAGE.write_text(page(acts), encoding="utf-8")
    wrong = [each.act.title for each in acts if not each.act.is_told(each.notices)]
    if wrong:
        sys.exit("told otherwise than it should be: " + "; ".join(wrong))


if __name__ == "__main__":
    main()
