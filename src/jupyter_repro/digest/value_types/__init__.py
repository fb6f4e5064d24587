"""What feeds a digest, a file a family of types."""
