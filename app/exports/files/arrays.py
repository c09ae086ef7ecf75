"""Reads arrays from an untrusted .npz file: nothing in it is run, and no more is unpacked than a network needs."""

from __future__ import annotations

import io
import math
import zipfile

import numpy as np

from engine.errors import InputError, Problem, shown
from engine.tables import Array

MAX_MEMBERS = 64
MAX_BYTES = 8_000_000
"""Of all arrays together; those of the largest network take less than 6,000,000."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others cannot be unpacked in small pieces
ENCRYPTED = 1
SUFFIX = ".npy"
KINDS = "fiuU"
"""Numbers and texts; objects are not among them, because to read one is to run a program."""


def read_arrays(content: bytes) -> dict[str, Array]:
    """The file's arrays by their names; ValueError for anything that is no plain .npz file."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except Exception as error:  # a malformed directory fails in many ways, all of which mean the same
        raise InputError(Problem("file", "a whole .npz file", _said(error))) from None
    with archive:
        members = archive.infolist()
        _check(members)
        names = [info.filename.removesuffix(SUFFIX) for info in members]
        return {
            name: read_array(shown(name), _unpacked(archive, info)) for name, info in zip(names, members, strict=True)
        }


def _check(members: list[zipfile.ZipInfo]) -> None:
    """What the archive says of itself, before anything is unpacked."""
    if len(members) > MAX_MEMBERS:
        raise InputError(Problem("file", f"at most {MAX_MEMBERS} arrays", str(len(members))))
    size = sum(info.file_size for info in members)
    if size > MAX_BYTES:
        raise InputError(Problem("file", f"arrays of at most {MAX_BYTES} bytes in all", str(size)))
    for info in members:
        if info.compress_type not in METHODS or info.flag_bits & ENCRYPTED:
            raise InputError(Problem(shown(info.filename), "an array stored or deflated", "another packing"))


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as member:
            return member.read(info.file_size + 1)  # with a size the unpacking ends there, though the archive may lie
    except Exception as error:
        raise InputError(Problem(shown(info.filename), "an array in the file", _said(error))) from None


def read_array(field: str, content: bytes) -> Array:
    """The array in the bytes of an .npy file."""
    file = io.BytesIO(content)
    try:
        shape, columns_first, dtype = HEADERS[np.lib.format.read_magic(file)](file)
    except Exception as error:
        raise InputError(Problem(field, "an array as NumPy writes it", _said(error))) from None
    if dtype.kind not in KINDS or not dtype.itemsize:
        raise InputError(Problem(field, "numbers or text", shown(str(dtype))))
    body = content[file.tell() :]
    if math.prod(shape) * dtype.itemsize != len(body) or min(shape, default=0) < 0:
        raise InputError(Problem(field, f"as many bytes as its shape {shown(shape)} takes", str(len(body))))
    try:
        return np.ndarray(shape, dtype, body, order="F" if columns_first else "C")
    except (ValueError, OverflowError):  # no numbers at all, in dimensions beyond measure
        raise InputError(Problem(field, "a shape that an array can have", shown(shape))) from None


HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


def _said(error: Exception) -> str:
    return shown(str(error).partition("\n")[0] or type(error).__name__)
