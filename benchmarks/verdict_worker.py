"""One process, one long session: print how long a refresh of the verdicts takes, as JSON.

Run by run.py as ``python verdict_worker.py CELLS``. The session is a chain with draws in between; before each
refresh a cell near the top or near the end runs again, so that the replay finds something to tell.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time

REFRESHES = 15


def _source(number: int) -> str:
    if number % 7 == 0:
        return f"import random\nx{number} = random.random()\ny{number} = x{number} * 2"
    return f"x{number} = y{number - 1} + {number}\ny{number} = x{number} + 1"


def main() -> None:
    cells = int(sys.argv[1])
    from IPython.core.interactiveshell import InteractiveShell

    os.chdir(tempfile.mkdtemp())
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "jupyter_repro")
    shell.run_line_magic("repro", "seed=42 strict notices=off")
    from jupyter_repro.kernel import verdict
    from jupyter_repro.kernel.extension import session_of

    for number in range(cells):
        shell.run_cell(_source(number), store_history=True, cell_id=f"c{number}")
    session = session_of(shell)
    times, whole = [], []
    for turn in range(REFRESHES):
        number = 1 if turn % 2 else cells - 2
        shell.run_cell(_source(number), store_history=True, cell_id=f"c{number}")
        start = time.perf_counter()
        verdict.walk(session, session.document())
        times.append(time.perf_counter() - start)
        start = time.perf_counter()
        session.status(environment=False)
        whole.append(time.perf_counter() - start)
    found = {"refresh": statistics.median(times), "status": statistics.median(whole)}
    print("\n" + json.dumps(found), file=sys.__stdout__)


if __name__ == "__main__":
    main()
