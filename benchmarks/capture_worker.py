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

LOOP = 12_000_000
"""Steps of a cell that runs some seconds, all of them Python."""
LOOP_CELL = f"n = 0\nfor i in range({LOOP}): n += i"


def _shell() -> object:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    return InteractiveShell(config=config)


def loop(*, captured: bool) -> dict[str, float]:
    """Return how long a cell takes that begins right after the extension was loaded."""
    from jupyter_repro.kernel.standing import Standing

    if not captured:
        Standing.capture_start = lambda _self: None
    shell = _shell()
    shell.run_cell("%load_ext jupyter_repro", store_history=True)
    shell.run_cell("x = 1", store_history=True)
    start = time.perf_counter()
    shell.run_cell(LOOP_CELL, store_history=True)
    return {"seconds": time.perf_counter() - start, "packages": 0}


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
    "loop": lambda: loop(captured=True),
    "loop alone": lambda: loop(captured=False),
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
