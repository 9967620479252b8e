"""The atlas of fitted cells: compare them over any two quantities, and take one.

`atlas` holds the numbers, `filters` says which cells pass and `box` which of those are listed,
`choices` what the visitor asked for;
`scatter`, `table` and `card` draw, and `workspace` wires them.
"""
