"""RP512: something read from the network that may be another one tomorrow."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from jupyter_repro.entropy.calls import spelled

from .programs import commands
from .protocol import Spotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .notebook import NotebookFile

__all__ = ["DOWNLOADERS", "UnpinnedDownload"]

DOWNLOADERS = frozenset(("aria2c", "curl", "gdown", "wget"))
_FETCHES = frozenset(
    ("gdown.download", "httpx.get", "requests.get", "requests.post", "urllib.request.urlopen",
     "urllib.request.urlretrieve", "wget.download")
)  # fmt: skip
_BY_NAME = {
    "datasets.load_dataset": "revision",
    "huggingface_hub.hf_hub_download": "revision",
    "huggingface_hub.snapshot_download": "revision",
    "sklearn.datasets.fetch_openml": "version",
}
"""What fetches by a name, and the argument that says which version."""
_READERS = re.compile(r"(?:pandas|polars|geopandas|xarray|numpy|imageio\.\w+|imageio|skimage\.io)\.\w+")
_FIXED = re.compile(
    r"[0-9a-f]{40}|zenodo\.org/records?/\d|doi\.org/|/v?\d+\.\d+(?:\.\d+)*/|releases/download/|figshare\.com/\w*/?files/"
)
_CHECKED = re.compile(
    r"sha256|sha1|md5|hashlib|known_hash|checksum|file_hash|jupyter_repro\.data|%%repro\s+http\b",
    re.IGNORECASE,
)


class UnpinnedDownload:
    """RP512: a cell reads from the network what is not pinned by a revision, a version or a digest.

    **Why is this bad?** The data or the model can change or vanish, and nothing would tell.
    **Example**: `pd.read_csv("https://example.org/latest.csv")`, `load_dataset("imdb")` without `revision=`.
    **Remedy**: name a commit, version or DOI (`revision="…"`), compare the SHA-256, or keep the file beside the notebook.
    """

    code = "RP512"
    severity: Severity = "warning"
    remedy = "name a commit, version or DOI, compare the SHA-256, or keep the file beside the notebook"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each call or line, none in a cell that checks a digest."""
        for cell in notebook.cells:
            if _CHECKED.search(cell.source):
                continue
            for call in cell.calls:
                if _is_loose(call, notebook):
                    message = f"reads from the network what is not pinned (`{spelled(call)}`)"
                    yield Spotted(cell=cell.index, line=call.lineno, message=message)
            for command in commands(cell):
                program = command.text.split(" ")[0]
                if program in DOWNLOADERS and command.sign != "%" and not _FIXED.search(command.text):
                    message = f"downloads what is not pinned (`{program}`)"
                    yield Spotted(cell=cell.index, line=command.line, message=message)


def _is_loose(call: ast.Call, notebook: NotebookFile) -> bool:
    full = notebook.full(call.func)
    given = {keyword.arg for keyword in call.keywords}
    if full in _BY_NAME:
        return _BY_NAME[full] not in given and not _is_local(call)
    if full.endswith(".from_pretrained"):
        ours = any(name.startswith(("transformers", "diffusers")) for name in notebook.full_names.values())
        return (
            ours
            and "revision" not in given
            and _text(call).count("/") <= 1
            and bool(_text(call))
            and not _is_local(call)
        )
    if full == "torch.hub.load":
        return bool(_text(call)) and ":" not in _text(call) and "source" not in given
    url = _text(call)
    if full in _FETCHES:
        return not _FIXED.search(url)
    return bool(_READERS.match(full)) and url.startswith(("http://", "https://")) and not _FIXED.search(url)


def _text(call: ast.Call) -> str:
    """Return the first argument as far as it is a text."""
    first = call.args[0] if call.args else next((each.value for each in call.keywords), None)
    if isinstance(first, ast.JoinedStr):
        first = next(iter(first.values), None)
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def _is_local(call: ast.Call) -> bool:
    """Whether it names a folder or a format of local files."""
    return _text(call).startswith((".", "/", "~")) or _text(call) in (
        "csv",
        "json",
        "parquet",
        "text",
        "imagefolder",
    )
