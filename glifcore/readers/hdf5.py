"""What an HDF5 file is allowed to hold before anything in it is read."""

import mmap
import struct
from collections.abc import Iterator
from typing import Any

from glifcore.readers.contents import RecordingError, Source, library

_NAMED = 5
"""How many datasets a sentence names."""
_BEST_COMPRESSION = 1100
"""Deflate makes 1032 bytes of one, at most."""
_SMALL = 1 << 20
_HEAP, _HEAP_HEAD = b"GCOL\1\0\0\0", 16
"""How a heap of texts begins, and its head's bytes; format specification of HDF5, III.E."""


def open_hdf5(source: Source, path: str) -> Any:
    """The open file, as an `h5py.File` to be closed by the caller.

    Raises:
        RecordingError: it cannot be opened, or the library would never come back from it.
    """
    h5py = library("h5py", "HDF5 files")
    if _has_endless_heap(path):
        raise _damaged(source)
    try:
        return h5py.File(path, "r")
    except OSError:
        raise _damaged(source) from None


def check_hdf5(source: Source, file: Any) -> None:
    """Refuse what reads other files, or claims more data than it can hold.

    Raises:
        RecordingError: naming the first object that does.
    """
    for name, item in _objects(source, file):
        if not hasattr(item, "shape"):
            continue
        if item.external or item.is_virtual:
            raise _elsewhere(source, name)
        claimed = int(item.size or 0) * item.dtype.itemsize
        if claimed > max(_SMALL, _BEST_COMPRESSION * source.size):
            raise RecordingError(
                f"{source.title} has {source.size:,} bytes, and its dataset {name!r} of shape "
                f"{item.shape} claims {claimed:.3g}; no compression does that. Export the "
                "recording again."
            )


def dataset_names(source: Source, file: Any) -> str:
    """The first few datasets of a file, with their shapes."""
    sets = [f"{name} {x.shape}" for name, x in _objects(source, file) if hasattr(x, "shape")]
    more = f" and {len(sets) - _NAMED} more" if len(sets) > _NAMED else ""
    return (", ".join(sets[:_NAMED]) + more) or "none"


def _objects(source: Source, file: Any) -> Iterator[tuple[str, Any]]:
    """Every group and dataset, once, without following a link out of the file."""
    h5py = library("h5py", "HDF5 files")
    seen, groups = set(), [("", file)]
    while groups:
        prefix, group = groups.pop()
        for name in group:
            link = group.get(name, getlink=True)
            if isinstance(link, h5py.ExternalLink):
                raise _elsewhere(source, prefix + name)
            if not isinstance(link, h5py.HardLink):
                continue  # what a soft link names is reached by its own path
            item = group[name]
            address = h5py.h5o.get_info(item.id).addr
            if address in seen:
                continue
            seen.add(address)
            yield prefix + name, item
            if isinstance(item, h5py.Group):
                groups.append((f"{prefix}{name}/", item))


def _has_endless_heap(path: str) -> bool:
    """Whether a heap has an object that takes no room: HDF5 2.0.0 walks on from it for ever."""
    with (
        open(path, "rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        start, seen = data.find(_HEAP), set()
        while start >= 0:
            at = start + _HEAP_HEAD
            (size,) = struct.unpack_from("<Q", data, start + 8) if at <= len(data) else (0,)
            end = min(start + size, len(data))
            while at + 16 <= end and at not in seen:
                seen.add(at)
                index, _, _, length = struct.unpack_from("<HHIQ", data, at)
                # Free room counts its own head; the library adds in 64 bits.
                step = (16 + -(-length // 8) * 8) % (1 << 64) if index else length
                if not step:
                    return True
                at += step
            start = data.find(_HEAP, start + 1)
    return False


def _damaged(source: Source) -> RecordingError:
    return RecordingError(
        f"{source.title} is not a whole HDF5 file; it was cut short or damaged. Copy it again."
    )


def _elsewhere(source: Source, name: str) -> RecordingError:
    return RecordingError(
        f"{source.title} keeps {name!r} in another file, which is not followed. Export it with "
        "everything in one file."
    )
