"""Sensitivity: the same computation under many seeds and small disturbances, and whether a claim survives that."""
