"""Shapes and types of glifcore's annotations are checked in every test."""

from jaxtyping import install_import_hook

install_import_hook("glifcore", "beartype.beartype")
