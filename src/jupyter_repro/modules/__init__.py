"""User modules."""
