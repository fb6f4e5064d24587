"""The trackers that users have: each in a file, told of our run and asked for theirs, and nothing while none is loaded."""
