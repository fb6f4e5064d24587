"""Restart & Run All in the shadow: a fresh kernel in a copy of the working tree, which cannot write anywhere else."""
