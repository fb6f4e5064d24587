"""Doing the same to many: bundles that are verified, here or on a cluster."""
