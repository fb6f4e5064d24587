"""How long a repaint of 400 badges takes in Chromium, and how long it holds a frame, as the browser's own clock measures it.

Run it in the environment of the browser's tests: ``.venv-browser/bin/python benchmarks/badges.py``.
"""

from __future__ import annotations

import json
import platform
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests/e2e"))

from lab import CHROMIUM, FLAGS, Lab, Server
from playwright.sync_api import expect, sync_playwright

CELLS = 400
ROUNDS = 10
# each measure is kept in a list of ours: the extension keeps the last one alone
WATCH = """() => {
    window.painted = [];
    new PerformanceObserver(list => window.painted.push(
        ...list.getEntriesByName('jupyter-repro:badges').map(each => each.duration))).observe({entryTypes: ['measure']});
}"""
SHOWN = """([verdict, count]) => count === window.jupyterapp.shell.currentWidget.content.widgets.filter(
    cell => cell.node.dataset.reproVerdict === verdict).length"""


def main() -> None:
    """Print the repaints in which every badge changes, in milliseconds, as JSON."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        try:
            server.wait()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
            lab = Lab(browser.new_context(viewport={"width": 1400, "height": 900}).new_page(), server)
            print(json.dumps({"machine": platform.processor() or platform.machine(), **_measured(lab)}))
            browser.close()
        finally:
            server.stop()


def _measured(lab: Lab) -> dict[str, object]:
    sources = ["a0 = 0", *(f"a{n} = a{n - 1} + 1" for n in range(1, CELLS))]
    lab.open(lab.server.notebook("long.ipynb", sources))
    lab.page.evaluate(WATCH)
    lab.load()
    lab.page.wait_for_function(SHOWN, arg=["not run", CELLS], timeout=60_000)
    first = lab.page.evaluate("() => window.painted")
    lab.command("notebook:run-all-cells")
    expect(lab.headline).to_contain_text("would give these results", timeout=120_000)
    lab.page.wait_for_function(SHOWN, arg=["reproduced", CELLS], timeout=60_000)
    frames, repaints = [], []
    for _ in range(ROUNDS):
        lab.page.evaluate("() => { window.painted.length = 0; }")
        lab.type(0, "a0 = 1")
        lab.page.wait_for_function(SHOWN, arg=["stale", CELLS - 1], timeout=60_000)
        painted = lab.page.evaluate("() => window.painted")
        frames.append(max(painted))
        repaints.append(sum(painted))
        lab.type(0, "a0 = 0")
        lab.page.wait_for_function(SHOWN, arg=["reproduced", CELLS], timeout=60_000)
    return {
        "badges": CELLS,
        "first paint": round(sum(first), 1),
        "first paint, longest frame": round(max(first), 1),
        "all changed, median": round(statistics.median(repaints), 1),
        "all changed, worst": round(max(repaints), 1),
        "all changed, longest frame": round(max(frames), 1),
        "rounds": ROUNDS,
    }


if __name__ == "__main__":
    main()
