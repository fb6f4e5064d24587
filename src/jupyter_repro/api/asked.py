"""Which shell, session and document a question is about."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadNotebook, NoNotebook
from jupyter_repro.kernel.document import document_from_file, document_from_node
from jupyter_repro.kernel.extension import session_of

if TYPE_CHECKING:
    from jupyter_repro.kernel.session import Session
    from jupyter_repro.records import Document

__all__ = ["document_of", "running_shell", "session_and_document", "sure"]


def running_shell() -> Any:
    """Return the IPython shell of this process, None where there is none."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module is not None else None


def session_and_document(
    document: str | os.PathLike[str] | dict[str, Any] | None, shell: Any
) -> tuple[Session | None, Document | None]:
    """Return the session of a shell, None for the running one, and the document that was given, if one was."""
    shell = running_shell() if shell is None else shell
    return session_of(shell) if shell is not None else None, document_of(document)


def sure(document: Document | None) -> Document:
    """Return the document.

    Raises:
        NoNotebook: There is none, and no shell whose record could be asked.
    """
    if document is None:
        raise NoNotebook(
            "there is no notebook and no shell with jupyter_repro loaded",
            remedy="give a notebook, or run `%load_ext jupyter_repro` first",
        )
    return document


def document_of(given: str | os.PathLike[str] | dict[str, Any] | None) -> Document | None:
    """Return the notebook at a path or given as nested dicts.

    Raises:
        BadNotebook: It is neither.
    """
    if given is None:
        return None
    if isinstance(given, (str, os.PathLike)):
        return document_from_file(Path(given), origin="given")
    if isinstance(given, dict):
        return document_from_node(given)
    raise BadNotebook(
        f"a {type(given).__name__} is not a notebook", remedy="give a path, or a notebook as nested dicts"
    )
