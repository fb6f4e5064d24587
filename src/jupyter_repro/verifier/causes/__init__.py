"""Why a cell gives another result: what the records of two runs tell, ranked. A file a kind of cause.

A kind is a function ``causes(cell, runs)`` that yields what it finds; it is entered in :mod:`.ranking`.
"""
