"""The right reader for a file."""

import warnings

from glifcore.readers.axon import read_abf
from glifcore.readers.contents import Contents, RecordingError, Source
from glifcore.readers.nwb import read_nwb
from glifcore.readers.other import FORMATS, read_other
from glifcore.readers.sniffing import kind_of
from glifcore.readers.text import read_text


def read(source: Source, channel: int, interval: float | None, largest: int) -> Contents:
    """What the right reader finds; whatever a library stumbles over becomes one sentence.

    Args:
        source: the file.
        channel: which signal.
        interval: ms between samples, for tables that do not say.
        largest: bytes of samples that may be read.

    Raises:
        RecordingError: the file cannot be read.
        MemoryError: there is not enough for it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            kind = kind_of(source)
            if kind == "abf":
                return read_abf(source, channel, interval)
            if kind == "hdf5":
                return read_nwb(source, channel, interval, largest)
            if kind in FORMATS:
                return read_other(source, channel, interval, kind)
            return read_text(source, channel, interval)
        except (RecordingError, MemoryError):  # of the file, not of the memory, is what follows
            raise
        except Exception as error:
            lines = str(error).splitlines() or [""]
            trouble = f"{type(error).__name__}: {lines[0][:200]}".rstrip(": ")
    # Raised out here, so that the error does not keep open what the library had opened.
    raise RecordingError(
        f"{source.title} cannot be read; it is damaged or of an unknown kind ({trouble}). Copy or "
        "export it again."
    )
