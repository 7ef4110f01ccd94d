"""NPZ, as MedMNIST ships it: a zip of NumPy arrays; pickled objects are never loaded."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from tamiz.data.contracts import Policy
from tamiz.formats.archive import MAX_RATIO, is_bomb
from tamiz.formats.idx import MAX_ARRAY_BYTES, ArraySource
from tamiz.formats.refusal import reading, refuse
from tamiz.formats.registry import FORMATS
from tamiz.formats.sniff import is_npz


@dataclass(frozen=True, slots=True)
class ArrayHeader:
    """What an array says of itself."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]


@FORMATS.add("npz")
class Npz:
    """NumPy's archive of arrays; an image is named 'file.npz!/array' and its row."""

    name = "npz"
    suffixes: ClassVar[tuple[str, ...]] = (".npz",)

    @staticmethod
    def recognises(head: bytes) -> bool:
        """Return whether `head` begins a zip whose first member is an array."""
        return is_npz(head)

    @staticmethod
    def open(path: Path | str, content: bytes | None, policy: Policy) -> ArraySource:
        """Load one array: `path` ends in '!/<array>'."""
        with reading(str(path)):
            file_path, _, array = str(path).rpartition("!/")
            if not file_path:
                raise refuse("name_an_array")
            values = read_array(Path(file_path) if content is None else content, array)
            return ArraySource(str(path), values, len(values), "NPZ", policy)


def array_headers(source: Path | bytes) -> Mapping[str, ArrayHeader]:
    """Return name -> shape and type of every array, without loading one.

    Raises:
        Refusal: the file is damaged.
    """
    made: dict[str, ArrayHeader] = {}
    with _opened(source) as archive:
        for member in archive.infolist():
            if member.filename.endswith(".npy"):
                with archive.open(member) as opened:
                    made[member.filename[:-4]] = _read_header(opened)
    return made


def checked_header(source: Path | bytes, name: str) -> ArrayHeader:
    """Return what one array says of itself, held against what the file says of it.

    Raises:
        Refusal: there is none of this name, it holds objects, or it cannot be as announced.
    """
    with _opened(source) as archive:
        return _checked(archive, name, _length_of(source))[1]


def read_array(source: Path | bytes, name: str) -> NDArray[Any]:
    """Return one array.

    Raises:
        Refusal: there is none of this name, it holds objects, or it is not as announced.
    """
    with _opened(source) as archive:
        member, _ = _checked(archive, name, _length_of(source))
        with archive.open(member) as opened:
            made: NDArray[Any] = npy.read_array(opened, allow_pickle=False)
    return made


def _checked(
    archive: zipfile.ZipFile, name: str, file_bytes: int
) -> tuple[zipfile.ZipInfo, ArrayHeader]:
    """Return an array's place and header; nothing of its size is allocated yet."""
    try:
        member = archive.getinfo(f"{name}.npy")
    except KeyError as error:
        raise refuse("no_such_array", name=name) from error
    if member.compress_size > file_bytes:
        raise refuse("truncated")
    if is_bomb(member.file_size, member.compress_size):
        raise refuse("member_bomb", ratio=MAX_RATIO)
    with archive.open(member) as opened:
        header = _read_header(opened)
        header_bytes = opened.tell()
    n_bytes = math.prod(header.shape) * header.dtype.itemsize
    if n_bytes > MAX_ARRAY_BYTES:
        raise refuse("array_too_large", gib=n_bytes / 2**30, limit=MAX_ARRAY_BYTES >> 30)
    if n_bytes < 0 or header_bytes + n_bytes > member.file_size:
        raise refuse("truncated")
    if header_bytes + n_bytes < member.file_size:
        raise refuse("array_goes_on")
    if header.shape[:1] != (0,) and 0 in header.shape[1:]:
        raise refuse("no_pixels", width=header.shape[-1], height=header.shape[1])
    return member, header


def _length_of(source: Path | bytes) -> int:
    return source.stat().st_size if isinstance(source, Path) else len(source)


def _opened(source: Path | bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
    except zipfile.BadZipFile as error:
        raise refuse("damaged", detail=str(error)) from error


def _read_header(opened: Any) -> ArrayHeader:
    try:
        version = npy.read_magic(opened)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, _, dtype = read(opened)
    except (ValueError, zipfile.BadZipFile, EOFError) as error:
        raise refuse("damaged_header", format="NPY") from error
    if dtype.hasobject:
        raise refuse("objects")
    return ArrayHeader(tuple(shape), dtype)
