"""Sizes of arrays for compiled functions: few of them, so that little is compiled."""


def padded_size(count: int) -> int:
    """The next of the sizes m 2^k with m from 8 to 15: at most an eighth more than asked for."""
    block = 1 << max(count.bit_length() - 4, 0)
    return -(-count // block) * block
