"""Sizes of arrays for compiled functions: few of them, so that little is compiled."""


def padded_size(count: int, parts: int = 8) -> int:
    """The next of the sizes m 2^k with m from `parts` to 2 `parts` - 1.

    Args:
        count: what is to fit.
        parts: a power of two; at most that part more than asked for.
    """
    block = 1 << max(count.bit_length() - parts.bit_length(), 0)
    return -(-count // block) * block
