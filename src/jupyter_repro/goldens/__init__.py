"""Golden runs: a training run whose numbers are the accepted reference, and the comparison with it."""
