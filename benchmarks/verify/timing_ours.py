"""Run a notebook and compare it with its saved outputs, as ``pytest --repro`` does, without pytest."""

from __future__ import annotations

import sys
from pathlib import Path

from jupyter_repro.bundle.notebook import read_notebook
from jupyter_repro.testing.rerun import rerun

report = rerun(read_notebook(Path(sys.argv[1])), (), cell_timeout_s=None)
sys.exit(report["exit_code"])
