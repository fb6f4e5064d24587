"""A torch DataLoader that goes on exactly where it was, with any number of workers.

Its modules import torch at their top: they are loaded when a loader is asked for, which needs torch.
"""

from __future__ import annotations

from .loader import ReproLoader, make_loader

__all__ = ["ReproLoader", "make_loader"]
