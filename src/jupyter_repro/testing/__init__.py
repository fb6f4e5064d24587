"""``pytest --repro``: notebooks and bundles as tests. Loaded by pytest through the entry point ``pytest11``."""
