"""One shell in a process of its own: runs cells as a front end would, and notes what they show and leave."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import os
import random
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from truth.program import changed as document_after
from truth.world import snapshot, without_addresses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truth.program import Act, Program

__all__ = ["Seen", "Stage", "normal"]

_COUNTED = re.compile(
    r"<ipython-input-\d+-[0-9a-f]+>|/\S*ipykernel_\d+/\d+\.py|Cell In\[\d+\]|\b\d+\.py(?=, line)"
)
_WRITING = re.compile(r"^(Overwriting|Appending to) ")
_TIMES = re.compile(
    r"(CPU times|Wall time):.*|[\d.]+ (ns|us|μs|µs|ms|s) ± .*|[\d.]+ (ns|us|μs|µs|ms|s) per loop.*"
)


@dataclasses.dataclass(frozen=True)
class Seen:
    """What one cell run showed and left."""

    source: str
    shown: str
    error: bool
    left: dict[str, str]
    """Everything after the run: resource -> text, cut short, and a digest of the whole."""
    changed: frozenset[str]
    """What is another object, or has other content, than before the run."""
    through: frozenset[str]
    """Of these, names that the run did not bind: their object changed, perhaps through another name."""
    came: dict[str, str]
    """What ``changed`` was before the run."""


class Stage:
    """A shell, and the document that it is given.

    Args:
        folder: The working folder of the cells.
        salt: What the generators that nobody seeds start from.
    """

    def __init__(self, folder: str, salt: object) -> None:
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        from jupyter_repro.inputs.audit import unwatched

        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        config.InteractiveShell.enable_tip = False
        self.folder = folder
        os.chdir(folder)
        sys.path.insert(0, "")
        random.seed(f"python {salt}")
        if "numpy.random" in sys.modules:
            sys.modules["numpy.random"].seed(random.getrandbits(32))
        self.shell = InteractiveShell.instance(config=config)
        self.shell.displayhook.write_output_prompt = lambda: sys.stdout.write("Out: ")
        # making a coloured traceback takes a tenth of a second, and it tells line numbers of the past
        self.shell.showtraceback = self.shell.showsyntaxerror = _show_error
        self._last: dict[str, str] | None = None
        # the stage's own looks at files are none of the session's
        self._quiet = unwatched

    def load(self, *, seed: bool) -> None:
        """Load the extension, as a configuration does."""
        self.quietly("load_ext", "jupyter_repro")
        if seed:
            self.quietly("repro", "seed=42")

    def quietly(self, magic: str, words: str) -> None:
        """Run a line magic outside the cells."""
        with _captured():
            self.shell.run_line_magic(magic, words)

    def run(self, name: str, source: str) -> Seen:
        """Run a cell."""
        namespace = self.shell.user_ns
        before = self._look() if self._last is None else self._last
        ids = {f"name:{key}": id(value) for key, value in namespace.items()}
        with _captured() as (out, err):
            result = self.shell.run_cell(source, store_history=True, cell_id=name)
        after = self._last = self._look()
        now = {f"name:{key}": id(value) for key, value in namespace.items()}
        error = result.error_in_exec or result.error_before_exec
        changed = frozenset(_changed(before, after, ids, now))
        return Seen(
            source=source,
            shown=normal(out.getvalue() + err.getvalue()),
            error=error is not None,
            left={key: short(text) for key, text in after.items()},
            changed=changed,
            came={key: short(before[key]) for key in changed if key in before},
            through=frozenset(key for key in changed if key in ids and ids[key] == now.get(key)),
        )

    def _look(self) -> dict[str, str]:
        with self._quiet():
            return snapshot(self.shell.user_ns, self.folder)

    def play(self, program: Program) -> dict[str, Seen]:
        """Run a whole session; return what each present cell showed last."""
        cells, seen = dict(program.cells), {}
        for act in program.acts:
            self._act(act, cells, seen, program.tagged)
            cells = document_after(cells, act)
        return {name: seen[name] for name in cells if name in seen}

    def _act(self, act: Act, cells: dict[str, str], seen: dict[str, Seen], tagged: frozenset[str]) -> None:
        self.touch(act)
        if act.do not in ("run", "run in turn"):
            return
        for name in act.cells:
            seen[name] = self.run(name, cells[name])
            if seen[name].error and act.do == "run in turn" and name not in tagged:
                return

    def touch(self, act: Act) -> None:
        """Change a file from outside, if that is the act."""
        if act.do == "touch":
            self._last = None
            with self._quiet():
                Path(self.folder, act.file).write_text(act.source, encoding="utf-8")

    def straight(self, cells: dict[str, str], tagged: frozenset[str]) -> dict[str, Seen]:
        """Run a document top to bottom; an error ends it, as it ends Run All, unless its cell is tagged."""
        found: dict[str, Seen] = {}
        for name, source in cells.items():
            found[name] = self.run(name, source)
            if found[name].error and name not in tagged:
                break
        return found


def _changed(
    before: dict[str, str], after: dict[str, str], ids: dict[str, int], now: dict[str, int]
) -> Iterator[str]:
    for key in {*before, *after}:
        if before.get(key) == after.get(key) and ids.get(key) == now.get(key):
            continue
        if key.startswith(("rng:", "module:", "setting:")) and (key not in before or key not in after):
            continue  # a library came: what it starts with is no act of the cell
        yield key


def short(text: str) -> str:
    """Return a long text cut, with a digest of the whole."""
    if len(text) <= 60:
        return text
    return f"{text[:60]}... {hashlib.blake2b(text.encode('utf-8', 'replace'), digest_size=6).hexdigest()}"


def normal(text: str) -> str:
    """Return what a cell showed without addresses, times, and the product's own remarks."""
    lines = [line for line in text.split("\n") if not line.startswith("repro: ")]
    # `%%writefile` tells whether the file was there: on another machine it is not
    lines = [_WRITING.sub("Writing ", line) for line in lines]
    return _COUNTED.sub("<cell>", _TIMES.sub(r"\1", without_addresses("\n".join(lines))))


def _show_error(exc_tuple: Any = None, *_: Any, **__: Any) -> None:
    kind, error = (exc_tuple if isinstance(exc_tuple, tuple) else sys.exc_info())[:2]
    print(f"{getattr(kind, '__name__', kind)}: {error}")


@contextlib.contextmanager
def _captured() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        yield out, err
