"""One file that a stranger re-runs: the notebook, what it stands on, and the verifier."""
