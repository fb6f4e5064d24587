"""False alarms and missed changes: 33 kinds of volatile output and 20 planted changes, judged by each tool.

``make outputs`` makes an environment with nbval, pytest-notebook and the libraries, runs
the notebook of the kinds four times there, and puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import platform
import re
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from pathlib import Path
from typing import Any

from changes import CHANGES
from judging import flagged, masks_of, pairs_of, passes
from volatile import KINDS

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "benchmarks.md"
RUNS = 4
"""The author's, two more of the author's for calibration, the reader's."""
NEEDED = (
    "nbval", "pytest-notebook", "nbclient", "ipykernel", "pandas", "jinja2", "matplotlib", "scikit-learn",
    "statsmodels", "altair", "plotly", "networkx", "tqdm", "ipywidgets",
)  # fmt: skip


def _python(folder: Path) -> Path:
    """Return the interpreter of the environment, which is made where there is none."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        print("installing the libraries and peers ...", file=sys.stderr, flush=True)
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *NEEDED], check=True)
    return python


def _told(python: Path, script: str, *arguments: str) -> Any:
    done = subprocess.run([python, HERE / script, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{script}: {done.stderr[-3000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def _peers(python: Path, pairs: list[Any]) -> tuple[dict[str, set[int]], dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="pairs-") as folder:
        path = Path(folder) / "pairs.json"
        path.write_text(json.dumps(pairs), encoding="utf-8")
        told = _told(python, "peers.py", str(path))
    return {name: set(numbers) for name, numbers in told["flagged"].items()}, told["versions"]


def _table(columns: dict[str, set[int]], ours: list[str]) -> str:
    names = [*(kind.title for kind in KINDS), *(change.title for change in CHANGES)]
    first = len(KINDS)
    lines = [f"| what | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    false = [str(sum(number < first for number in found)) for found in columns.values()]
    missed = [str(len(CHANGES) - sum(number >= first for number in found)) for found in columns.values()]
    lines.append(f"| **false alarms, of {first}** | {' | '.join(false)} |")
    lines.append(f"| **missed changes, of {len(CHANGES)}** | {' | '.join(missed)} |")
    lines += [
        f"| {name} |{''.join(_mark(number, found) for found in columns.values())}"
        for number, name in enumerate(names)
    ]
    verdicts = ", ".join(
        f"{count} `{verdict}`" for verdict, count in sorted(Counter(ours[:first]).items(), key=str)
    )
    said = f"An empty field is right. Of the {first} kinds, jupyter_repro, calibrated, calls {verdicts}."
    return "\n".join(lines) + "\n\n" + said


def _mark(number: int, found: set[int]) -> str:
    if number < len(KINDS):
        return " false alarm |" if number in found else " |"
    return " |" if number in found else " **missed** |"


def _save(path: Path, runs: list[Any], pairs: list[Any], day: dt.date) -> None:
    """Write the pairs, with what the author's further runs gave, as the tests read them."""
    titles = [*(kind.title for kind in KINDS), *(change.title for change in CHANGES)]
    rows = []
    for number, ((was, now), title) in enumerate(zip(pairs, titles, strict=True)):
        more = [cell for run in runs[1:-1] for cell in run["cells"] if cell["id"] == was["id"]]
        rows.append(
            {
                "title": title,
                "real": number >= len(KINDS),
                "was": was,
                "now": now,
                "runs": more if was["id"].startswith("kind-") else [],
            }
        )
    path.write_text(json.dumps({"day": day.isoformat(), "pairs": rows}, indent=0) + "\n", encoding="utf-8")


def _write(text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    block = f"<!-- verify -->\n{text}\n<!-- end -->"
    found = re.subn(r"<!-- verify -->.*?<!-- end -->", lambda _: block, page, flags=re.DOTALL)
    if not found[1]:
        sys.exit(f"{PAGE.name} has no place for the table")
    PAGE.write_text(found[0], encoding="utf-8")


def main() -> None:
    """Run the notebook, ask each tool, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    parser.add_argument("--environment", type=Path, help="keep the environment here, or use the one there")
    parser.add_argument("--save", type=Path, help="write the runs here, as the tests read them")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="verify-") as scratch:
        python = _python(options.environment or Path(scratch))
        runs = _told(python, "record.py", str(RUNS))
        pairs = pairs_of(runs)
        peers, versions = _peers(python, pairs)
    day = dt.datetime.now(tz=dt.timezone.utc).astimezone().date()
    if options.save:
        _save(options.save, runs, pairs, day)
    plain, ours = flagged(pairs, ()), flagged(pairs, masks_of(runs, day))
    columns = {
        **peers,
        "jupyter_repro": {n for n, verdict in enumerate(plain) if not passes(verdict)},
        "jupyter_repro, calibrated": {n for n, verdict in enumerate(ours) if not passes(verdict)},
    }
    used = ", ".join(f"{name} {version}" for name, version in versions.items())
    text = (
        f"{platform.machine()}, CPython {platform.python_version()}, {used}. "
        "Command: `make outputs`.\n\n" + _table(columns, ours)
    )
    print(text)
    if options.write:
        _write(text)


if __name__ == "__main__":
    main()
