"""What a bundle runs when it is run: ``uv run paper.repro.zip`` or ``python paper.repro.zip``."""

from __future__ import annotations

import sys
from pathlib import Path

if sys.version_info < (3, 10):  # noqa: UP036 - the reader's Python may be older than ours
    sys.exit("error: this needs Python 3.10 or newer\n\nhint: use `uv run` with this file, it brings one")

from verifier.__main__ import main  # type: ignore[import-not-found]  # in the zip this package lies at the top

if __name__ == "__main__":
    bundle = Path(sys.argv[0]).resolve()
    sys.exit(main(prog=bundle.name, bundle=bundle))
