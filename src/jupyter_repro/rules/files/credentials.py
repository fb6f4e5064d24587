"""RP812: a credential in the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.secrets import find, may_hold_secrets

from .protocol import Spotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .notebook import NotebookFile

__all__ = ["CredentialInside"]


class CredentialInside:
    """RP812: a credential stands in the source, the text or the saved outputs of the notebook.

    An export refuses such a notebook, and a file that it would pack.

    **Why is this bad?** Whoever gets the file gets the key, and version control keeps it for ever.
    **Example**: a cell that says `OPENAI_API_KEY = "sk-…"`, or one that printed `os.environ`.
    **Remedy**: revoke the key; take it from the environment (`os.environ["KEY"]`) and clear the output. If it is
    none, say so in the cell: `# repro: allow RP812 because ...`; for a packed file,
    `jupyter repro export --allow-secret FILE:LINE`.
    """

    code = "RP812"
    severity: Severity = "warning"
    looks_at = ("export", "file")  # an export refuses it: :mod:`jupyter_repro.bundle.guard`
    remedy = "revoke it; read it from the environment, clear the output"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each credential in a source, and one finding a cell for its outputs; none is spelled."""
        for index, cell in enumerate(notebook.node["cells"]):
            source = _text(cell.get("source"))
            for found in find(source) if may_hold_secrets(source) else ():
                line = source.count("\n", 0, found.start) + 1
                yield Spotted(cell=index, line=line, message=f"holds a credential ({found.kind})")
            kinds = {
                found.kind
                for output in cell.get("outputs") or ()
                for text in _texts(output)
                if may_hold_secrets(text)
                for found in find(text)
            }
            if kinds:
                yield Spotted(
                    cell=index, message=f"shows a credential in its output ({', '.join(sorted(kinds))})"
                )


def _texts(output: Any) -> Iterator[str]:
    """Yield what an output shows as text; images are none."""
    if not isinstance(output, dict):
        return
    for key in ("text", "evalue"):
        yield _text(output.get(key))
    yield "\n".join(map(str, output.get("traceback") or ()))
    data = output.get("data")
    for kind, value in data.items() if isinstance(data, dict) else ():
        if kind.startswith("text/") or kind.endswith("json"):
            yield _text(value) if isinstance(value, (str, list)) else str(value)


def _text(value: Any) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value or "")
