"""The replay model: what Restart & Run All would find, from the record of what was executed.

``ledger`` records, ``replay`` walks, ``plan`` finds the way out; names are imported from there, so that
recording does not load what only a verdict needs.
"""
