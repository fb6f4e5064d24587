"""Answers of the web, kept in a file and given again."""
