"""Shapes and types of glifcore's annotations are checked in every test."""

import numpy as np
from jaxtyping import install_import_hook

# pyabf sets how NumPy prints when it is imported; examples in the documents print NumPy's way.
with np.printoptions():
    import pyabf  # noqa: F401

install_import_hook("glifcore", "beartype.beartype")
