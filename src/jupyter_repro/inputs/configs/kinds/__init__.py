"""One file a kind of configuration that is found in a namespace."""
