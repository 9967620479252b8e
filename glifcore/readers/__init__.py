"""Readers of recordings, one module for each family of formats.

Each reads a `Source` and gives back `Contents`, still in the file's own unit; `glifcore.recordings`
chooses among the sweeps and scales them to pA. What a reader needs beyond NumPy it imports itself,
when it is called.
"""
