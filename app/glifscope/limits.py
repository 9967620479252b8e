"""What a server grants each of its visitors. Whoever runs one can change it by the environment."""

import os
from typing import NamedTuple


class Limits(NamedTuple):
    """The limits; each is set by GLIFSCOPE_ and its name in capitals.

    Attributes:
        neurons: of a population.
        neuron_steps: of a population's run, neurons times steps.
        duration: of a simulation, ms; at least 100.
        upload_mb: size of a file that is opened, in millions of bytes.
        read_seconds: time that the reading of a file may take.
        read_mb: memory that the reading of a file may take, in millions of bytes.
        sessions: pages that are open at a time, on each server process.
        heavy_jobs: computations of one visitor that run at a time, beside the live pictures.
        threads: that compute pictures, on each server process, and as many for heavy jobs.
        undo_mb: memory that the undone steps of one visitor may hold in recordings, in millions
            of bytes.
    """

    neurons: int = 1000
    neuron_steps: int = 100_000_000
    duration: int = 20_000
    upload_mb: int = 100
    read_seconds: int = 30
    read_mb: int = 2000
    sessions: int = 200
    heavy_jobs: int = 1
    threads: int = 2
    undo_mb: int = 200


_LEAST = {"duration": 100}
"""Below which the page would be of no use; for the others, 1."""


def limits_of(environment: dict[str, str]) -> Limits:
    """The limits that an environment sets; the default where it says nothing.

    Raises:
        ValueError: a limit is no whole number, or too small; the message says which.
    """
    found = {}
    for name in Limits._fields:
        variable = f"GLIFSCOPE_{name.upper()}"
        text = environment.get(variable)
        if text is None:
            continue
        least = _LEAST.get(name, 1)
        if not text.isdecimal() or int(text) < least:
            raise ValueError(
                f"{variable} is {text[:30]!r}; it must be a whole number of at least {least}, "
                "or not be set."
            )
        found[name] = int(text)
    return Limits(**found)


LIMITS = limits_of(dict(os.environ))
"""The limits of this server."""
