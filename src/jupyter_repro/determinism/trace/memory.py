"""Which memory nobody has written yet: its content means nothing."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["RawMemory"]

_UNWRITTEN, _PARTLY = "unwritten", "partly"


class RawMemory:
    """Storages that ``torch.empty`` made, until one operation has filled them as a whole."""

    def __init__(self) -> None:
        self._states: dict[int, tuple[Any, str]] = {}

    def __bool__(self) -> bool:
        return bool(self._states)

    def state(self, tensor: Any) -> str:
        """Return ``unwritten``, ``partly``, or nothing for memory that is as good as any."""
        storage = tensor.untyped_storage()
        found = self._states.get(storage._cdata)  # noqa: SLF001 - the storage's identity, as torch's own tools take it
        if found is None:
            return ""
        if found[0].expired():  # another storage has its place now
            del self._states[storage._cdata]  # noqa: SLF001 - as above
            return ""
        return found[1]

    def made(self, tensor: Any) -> None:
        """Note that the tensor's memory was handed out unwritten."""
        reductions = sys.modules.get("torch.multiprocessing.reductions")
        if reductions is None:
            return
        if len(self._states) > 10_000:  # noqa: PLR2004 - then it is time to forget the dead ones
            self._states = {key: each for key, each in self._states.items() if not each[0].expired()}
        storage = tensor.untyped_storage()
        self._states[storage._cdata] = reductions.StorageWeakRef(storage), _UNWRITTEN  # noqa: SLF001 - as above

    def written(self, tensor: Any) -> None:
        """Note that all of this tensor was written; it may be a part of its memory."""
        if not self.state(tensor):
            return
        storage = tensor.untyped_storage()
        key = storage._cdata  # noqa: SLF001 - as above
        if tensor.numel() * tensor.element_size() >= storage.nbytes():
            del self._states[key]
        else:
            self._states[key] = self._states[key][0], _PARTLY
