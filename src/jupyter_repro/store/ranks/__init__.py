"""A job of several processes: each rank writes a journal of its own, and all are joined and checked afterwards."""
