"""One way to write an environment down, in a fresh process: prints seconds and how many packages it names."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LONG_S, CELLS = 4.0, 300
"""A cell goes on for so long, since the capture waits two seconds for a moment without one; or so many short ones run."""
PACE = "n = 0\nfor i in range({}): n += i"


def _shell() -> object:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    return InteractiveShell(config=config)


def delay(*, cells: int, steps: int) -> dict[str, float]:
    """Return how long cells take, and how long they wait for others, that begin right after the extension was loaded.

    Args:
        cells: How many there are; they run one after the other, as Run All runs them.
        steps: Of Python in each; 0: no capture, and as many as make four seconds, which are told; below 0: no capture.
    """
    from jupyter_repro.kernel.standing import Standing

    alone = steps <= 0
    if alone:
        Standing.capture_start = lambda _self: None
        steps = -steps or _steps_in(LONG_S / cells)
    shell = _shell()
    shell.run_cell("%load_ext jupyter_repro", store_history=True)
    shell.run_cell("x = 1", store_history=True)
    start, working = time.perf_counter(), time.thread_time() + _queued()
    for _ in range(cells):
        shell.run_cell(PACE.format(steps), store_history=True)
    taken, working = time.perf_counter() - start, time.thread_time() + _queued() - working
    started = time.perf_counter()
    while not alone and not list(Path(".jupyter_repro").glob("env-*.json")):
        if time.perf_counter() - started > 20:
            sys.exit("the capture never came")
        time.sleep(0.05)
    return {"seconds": taken, "waited": taken - working, "steps": steps}


def _queued() -> float:
    """Return the seconds that this thread has waited for a processor: they are the machine's, not ours."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):  # no Linux: they count as waiting for us
        return 0.0


def _steps_in(seconds: float) -> int:
    """Return how many steps of a loop take so long here and now."""
    code, names = compile(PACE.format(200_000), "pace", "exec"), {}
    start = time.perf_counter()
    for _ in range(5):
        exec(code, names)
    return int(1_000_000 * seconds / (time.perf_counter() - start))


def thread() -> dict[str, float]:
    """Return the processor time of the capture at the start."""
    from jupyter_repro.kernel import standing

    taken: list[float] = []
    capture = standing.Standing.capture_start

    def timed(self: standing.Standing) -> None:
        start = time.thread_time()
        capture(self)
        taken.append(time.thread_time() - start)

    standing.Standing.capture_start = timed
    shell = _shell()
    shell.run_cell("%load_ext jupyter_repro", store_history=True)
    shell.run_cell("x = 1", store_history=True)
    while not taken:
        time.sleep(0.05)
    return {"seconds": taken[0], "packages": 0}


def ours() -> dict[str, float]:
    import numpy as np
    import pandas as pd

    import jupyter_repro
    import jupyter_repro.api  # in a kernel it is there when the extension is

    imported = (np, pd)
    start = time.perf_counter()
    found = jupyter_repro.environment()
    taken = time.perf_counter() - start
    assert imported
    return {"seconds": taken, "packages": len(found.packages)}


def in_a_cell(source: str) -> dict[str, float]:
    """Return how long a cell takes that shows the environment, and how many versions it prints."""
    from IPython.utils.capture import capture_output

    shell = _shell()
    shell.run_cell("import numpy as np\nimport pandas as pd", store_history=True)
    start = time.perf_counter()
    with capture_output() as shown:
        result = shell.run_cell(source, store_history=True)
    seconds = time.perf_counter() - start
    result.raise_error()
    return {
        "seconds": seconds,
        "packages": len(re.findall(r"^\w[\w.-]*\s*:?\s+v?\d+\.\d", shown.stdout, re.MULTILINE)),
    }


def pip_inspect() -> dict[str, float]:
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "pip", "inspect"], capture_output=True, check=True)
    return {"seconds": time.perf_counter() - start, "packages": len(json.loads(done.stdout)["installed"])}


WAYS = {
    "one cell": lambda: delay(cells=1, steps=int(sys.argv[2])),
    "many cells": lambda: delay(cells=CELLS, steps=int(sys.argv[2])),
    "thread": thread,
    "ours": ours,
    "watermark": lambda: in_a_cell("%load_ext watermark\n%watermark -v -m -g -b -iv"),
    "session_info": lambda: in_a_cell("import session_info\nsession_info.show(html=False)"),
    "pip inspect": pip_inspect,
}


def main() -> None:
    way = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "nb").mkdir()
        os.chdir(Path(folder, "nb"))
        result = WAYS[way]()
        os.chdir("/")
    print(json.dumps(result))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
