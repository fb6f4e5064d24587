"""The door inside the kernel: the only code that knows IPython and owns process state."""
