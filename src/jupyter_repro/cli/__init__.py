"""The door in the terminal: ``jupyter repro ...``."""
