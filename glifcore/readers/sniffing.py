"""What a file is: by its content first, by its extension where content does not tell."""

from glifcore.readers.contents import RecordingError, Source

# What is known and not read: where the mark stands, the mark, what it is, and the remedy.
_REFUSED = (
    (0, b"PK\x03\x04", "a zip archive or a spreadsheet", "Unpack it, or save the sheet as CSV"),
    (0, b"\x1f\x8b", "compressed with gzip", "Unpack it"),
    (0, b"BZh", "compressed with bzip2", "Unpack it"),
    (0, b"\xfd7zXZ\0", "compressed with xz", "Unpack it"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it"),
    (0, b"Rar!", "a rar archive", "Unpack it"),
    (0, b"\xd0\xcf\x11\xe0", "an Excel or Word file", "Save the sheet as CSV"),
    (0, b"%PDF", "a PDF", "Export the numbers as CSV"),
    (0, b"\x89PNG", "a picture", "Export the numbers as CSV"),
    (0, b"\xff\xd8\xff", "a picture", "Export the numbers as CSV"),
    (0, b"\x93NUMPY", "a NumPy array", "Load it with numpy.load and use Recording.from_arrays"),
    (0, b"\x80\x04\x95", "a pickle, which could run any program", "Save the numbers as CSV"),
    (0, b"\x80\x05\x95", "a pickle, which could run any program", "Save the numbers as CSV"),
    (0, b"MATLAB 5.0", "a MATLAB file", "Save the numbers as CSV, for example with writematrix"),
    (0, b"DAT1", "a HEKA PatchMaster file", "Export it as ABF, NWB or text"),
    (0, b"DAT2", "a HEKA PatchMaster file", "Export it as ABF, NWB or text"),
    (0, b"CEDFILE", "a CED Signal file", "Export it as text"),
    (0, b"S64", "a 64-bit Spike2 file", "Export it as .smr or as text"),
)

_HDF5 = b"\x89HDF\r\n\x1a\n"
_AXOGRAPH = (b"AxGr", b"axgx")


def kind_of(source: Source) -> str:
    """Which reader the file is for: "abf", "hdf5", "wcp", "edr", "axograph", "smr" or "text".

    Raises:
        RecordingError: it is of a format that is known and not read.
    """
    head = source.read(4096)
    for offset, mark, what, remedy in _REFUSED:
        if head[offset : offset + len(mark)] == mark:
            raise RecordingError(f"{source.title} is {what}, which is not read. {remedy}.")
    if head[:4] in (b"ABF ", b"ABF2"):
        return "abf"
    # HDF5 may begin after a block of the user's own.
    if any(head[i : i + len(_HDF5)] == _HDF5 for i in (0, 512, 1024, 2048)):
        return "hdf5"
    if head[:4] in _AXOGRAPH:
        return "axograph"
    if head[2:12] == b"(C) CED 87":
        return "smr"
    if all(key in head for key in (b"VER=", b"NC=", b"ADCMAX=")):
        # Two programs of one author: only EDR scales each channel by a YCF.
        return "edr" if b"YCF0=" in head else "wcp"
    return _by_extension(source)


def _by_extension(source: Source) -> str:
    """Text, unless the extension promises what the content does not keep."""
    promised = {
        ".abf": "ABF",
        ".nwb": "NWB",
        ".h5": "HDF5",
        ".hdf5": "HDF5",
        ".wcp": "WinWCP",
        ".edr": "WinEDR",
        ".axgd": "AxoGraph",
        ".axgx": "AxoGraph",
        ".smr": "Spike2",
    }.get(source.extension)
    if promised and b"\0" in source.read(4096):
        raise RecordingError(
            f"{source.title} does not begin as a file of {promised} does, though its name says so. "
            "Copy or export it again."
        )
    if source.extension in (".ibw", ".pxp"):
        raise RecordingError(
            f"{source.title} is an Igor Pro file, which is not read. Save its waves as text."
        )
    return "text"
