"""The program that travels in every bundle: checks it, rebuilds its environment, re-runs and compares.

Standard library only; ``jupyter_client`` is needed where a kernel is driven, and every environment that
holds ipykernel holds it. Nothing here imports the rest of jupyter_repro.
"""
