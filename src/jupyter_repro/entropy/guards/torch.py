"""``torch.seed()``, which reseeds every torch generator from the system."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.patches import Patches

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.entropy.protocol import Ask

__all__ = ["TorchGuard"]

_BITS = 63
_PLACES = (
    ("torch", "seed", "torch.manual_seed"),
    ("torch.random", "seed", "torch.manual_seed"),
    ("torch.cuda", "seed", "torch.cuda.manual_seed"),
    ("torch.cuda", "seed_all", "torch.cuda.manual_seed_all"),
    ("torch.cuda.random", "seed", "torch.cuda.manual_seed"),
    ("torch.cuda.random", "seed_all", "torch.cuda.manual_seed_all"),
)
"""(module, function, the function that does the same with a given seed)."""


class TorchGuard:
    """Stands before the functions of torch that seed without a seed."""

    name = "torch"
    module = "torch"
    note = "the method `torch.Generator.seed` cannot be watched; a fresh `torch.Generator()` has a fixed seed"
    governs = True

    def __init__(self) -> None:
        self._patches = Patches()

    def put_on(self, ask: Ask) -> None:
        """Stand in for each of them; the same function under two names gets the same stand-in."""
        stand_ins: dict[int, Callable[[], Any]] = {}
        for module_name, name, seeding in _PLACES:
            module = sys.modules.get(module_name)
            original = None if module is None else vars(module).get(name)
            if original is not None:
                if id(original) not in stand_ins:
                    stand_ins[id(original)] = _stand_in(original, f"{module_name}.{name}", seeding, ask)
                self._patches.replace(module, name, stand_ins[id(original)])
        if not stand_ins:
            raise RuntimeError("this torch has no function that seeds from the system")

    def take_off(self) -> None:
        """Give them back."""
        self._patches.give_back()

    def in_place(self) -> bool:
        """Whether torch still seeds through it."""
        return self._patches.in_place()


def _stand_in(original: Callable[[], Any], name: str, seeding: str, ask: Ask) -> Callable[[], Any]:
    def seed() -> Any:
        frame = sys._getframe(1)  # noqa: SLF001 - the only way to see who asks
        found = ask("reseeded", name, frame, bits=_BITS, judge=lambda _call, _frame: True)
        if found is None:
            return original()
        module, _, function = seeding.rpartition(".")
        getattr(sys.modules[module], function)(found)
        return found if name == "torch.seed" else None

    seed.__name__, seed.__qualname__ = original.__name__, original.__qualname__
    seed.__module__, seed.__doc__ = original.__module__, original.__doc__
    return seed
