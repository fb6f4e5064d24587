"""The run catalog: immutable records in a store, and an index that can be made anew from them."""
