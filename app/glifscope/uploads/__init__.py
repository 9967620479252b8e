"""Files that visitors open: a button that takes one, and a process that reads it."""
