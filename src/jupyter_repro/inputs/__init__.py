"""What the notebook stands on beside its own cells: files, modules, the project root."""
