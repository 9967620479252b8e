"""Parameters as text that can be kept, sent and read back: JSON with a version."""

import json

from glifcore.levels import ParameterError
from glifcore.parameters import GlifParameters

FORMAT = "glifcore"
VERSION = 1
"""Version of the layout: it grows when a reader of the last one could misread the next."""


def to_json(params: GlifParameters) -> str:
    """The parameters as JSON text; `from_json` gives back exactly the same numbers.

    Raises:
        ParameterError: a number is not finite, for which JSON has no word.
    """
    document = {"format": FORMAT, "version": VERSION, "parameters": params.to_dict()}
    try:
        return json.dumps(document, indent=2, allow_nan=False)
    except ValueError:
        raise ParameterError(
            "A parameter is not a finite number, and JSON has none other. See problems(params)."
        ) from None


def from_json(text: str) -> GlifParameters:
    """The parameters that `to_json` wrote.

    Raises:
        ParameterError: the text is not JSON, not of this format, of a later version, or holds an
            unknown parameter.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise ParameterError(
            f"This is not JSON: {error.msg} in line {error.lineno}. Give what to_json wrote."
        ) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ParameterError("This JSON is not glifcore's: `format` must be 'glifcore'.")
    version = document.get("version")
    if version != VERSION:
        raise ParameterError(
            f"`version` is {version!r}; this glifcore reads version {VERSION}. "
            "Read it with the glifcore that wrote it, or a later one."
        )
    parameters = document.get("parameters")
    if not isinstance(parameters, dict):
        raise ParameterError("`parameters` is missing; it must be an object of NEST's names.")
    return GlifParameters.from_dict(parameters)
