"""What outlives the kernel: the journal of cell runs, and where it lies."""
