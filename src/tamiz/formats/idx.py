"""IDX, the format of MNIST: a header of big-endian sizes, then the values; gzip or not."""

from __future__ import annotations

import gzip
import io
import math
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.data.contracts import Policy
from tamiz.data.image import Image, Region
from tamiz.formats.archive import MAX_RATIO, is_bomb
from tamiz.formats.pixels import as_image, check_limits, from_channels
from tamiz.formats.refusal import reading, refuse
from tamiz.formats.registry import FORMATS
from tamiz.formats.sniff import is_gzip, is_idx

MAX_ARRAY_BYTES: Final = 16 * 2**30
MAX_DEFLATE_RATIO: Final = 1100  # what gzip can do at most is 1032
DTYPES: Final = {
    0x08: ">u1",
    0x09: ">i1",
    0x0B: ">i2",
    0x0C: ">i4",
    0x0D: ">f4",
    0x0E: ">f8",
}
_WITHIN_GZIP = 64


@dataclass(frozen=True, slots=True)
class IdxHeader:
    """What an IDX file says of itself: the type of its numbers and its shape."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    @property
    def n_bytes(self) -> int:
        """Return the length of the header."""
        return 4 + 4 * len(self.shape)

    @property
    def body_bytes(self) -> int:
        """Return the length of the values."""
        return math.prod(self.shape) * self.dtype.itemsize


@FORMATS.add("idx")
class Idx:
    """MNIST's own format, images (3 or 4 dimensions) and labels (1)."""

    name = "idx"
    suffixes: ClassVar[tuple[str, ...]] = ("-ubyte", ".idx", ".gz")

    @staticmethod
    def recognises(head: bytes) -> bool:
        """Return whether `head` begins an IDX file, compressed or not."""
        return is_idx(unzip_head(head))

    @staticmethod
    def open(path: Path | str, content: bytes | None, policy: Policy) -> ArraySource:
        """Read the values; a compressed file is unpacked in memory, no further than announced."""
        with reading(str(path)):
            header, values = read_idx(Path(path) if content is None else content)
            return ArraySource(str(path), values, header.shape[0], "IDX", policy)


class ArraySource:
    """Many images of one size in one array: (n, height, width) or (n, height, width, channels)."""

    def __init__(
        self, name: str, values: NDArray[Any], n_announced: int, kind: str, policy: Policy
    ) -> None:
        if values.ndim not in {3, 4} or (values.ndim == 4 and values.shape[3] not in {1, 2, 3, 4}):
            raise refuse("odd_shape", shape=" x ".join(map(str, values.shape)))
        self._name, self._values, self._policy = name, values, policy
        self.n_frames = n_announced
        self.size_px = (int(values.shape[2]), int(values.shape[1]))
        check_limits(self.size_px, policy)
        self.facts: Mapping[str, str] = {
            "format": kind,
            "mode": "grey" if values.ndim == 3 else f"{values.shape[3]} channels",
            "bits": str(values.dtype.itemsize * 8),
            "frames": str(n_announced),
        }

    def read(self, region: Region | None = None, *, frame: int = 0) -> Image:
        """Return one image of the array by the colour policy."""
        stored = self.stored(frame)
        with reading(f"{self._name}#{frame}"):
            return as_image(from_channels(stored, self._policy).copy(), region)

    def stored(self, frame: int) -> NDArray[Any]:
        """Return one image's values as they are stored; native byte order."""
        with reading(f"{self._name}#{frame}"):
            if not 0 <= frame < self.n_frames:
                raise refuse("no_such_frame", n=self.n_frames)
            if frame >= len(self._values):
                raise refuse("array_ends", n=len(self._values), announced=self.n_frames)
            stored: NDArray[Any] = self._values[frame]
            return stored.astype(stored.dtype.newbyteorder("="), copy=False)

    def check(self, frame: int) -> tuple[NDArray[Any], int]:
        """Do what `read` does as far as it can fail; return the stored values and the channels."""
        stored = self.stored(frame)
        if stored.dtype != np.uint8:
            self.read(frame=frame)
        n_stored = stored.shape[2] if stored.ndim == 3 else 1
        return stored, 3 if n_stored >= 3 else 1

    def close(self) -> None:
        """Let go of the array."""
        self._values = self._values[:0]


def unzip_head(head: bytes) -> bytes:
    """Return the first bytes inside a gzip file's head; `head` itself when it is not gzip."""
    if not is_gzip(head):
        return head
    try:
        return zlib.decompressobj(31).decompress(head, _WITHIN_GZIP)
    except zlib.error:
        return b""


def read_idx_header(opened: BinaryIO) -> IdxHeader:
    """Return the header of an opened (uncompressed) IDX stream.

    Raises:
        Refusal: it is no IDX, or announces more than `MAX_ARRAY_BYTES`.
    """
    magic = opened.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in DTYPES or not 1 <= magic[3] <= 4:
        raise refuse("damaged_header", format="IDX")
    sizes = opened.read(4 * magic[3])
    if len(sizes) < 4 * magic[3]:
        raise refuse("truncated")
    shape = tuple(int(size) for size in np.frombuffer(sizes, ">u4"))
    header = IdxHeader(np.dtype(DTYPES[magic[2]]), shape)
    if 0 in shape[1:]:
        raise refuse("no_pixels", width=shape[-1], height=shape[1])
    if header.body_bytes > MAX_ARRAY_BYTES:
        raise refuse("array_too_large", gib=header.body_bytes / 2**30, limit=MAX_ARRAY_BYTES >> 30)
    return header


def idx_header(source: Path | bytes) -> IdxHeader:
    """Return the header of an IDX file, what it announces held against the file's own length.

    Raises:
        Refusal: it is no IDX, or announces more than a file of this length can hold, packed or
            not.
    """
    with open_idx(source) as opened:
        header = read_idx_header(opened)
    _check_announced(header, source)
    return header


@contextmanager
def open_idx(source: Path | bytes) -> Iterator[BinaryIO]:
    """Yield an opened stream of the uncompressed content."""
    with source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as raw:
        is_packed = is_gzip(raw.read(4))
        raw.seek(0)
        if is_packed:
            with gzip.GzipFile(fileobj=raw) as opened:
                yield opened  # type: ignore[misc]
        else:
            yield raw


def read_idx(source: Path | bytes) -> tuple[IdxHeader, NDArray[Any]]:
    """Return the header and the values; fewer rows than announced when the file is cut short.

    Raises:
        Refusal: the header is wrong, announces what the file cannot hold, or the file goes on
            after what it announces.
    """
    with open_idx(source) as opened:
        header = read_idx_header(opened)
        _check_announced(header, source)
        if isinstance(source, Path) and not isinstance(opened, gzip.GzipFile):
            return header, _mapped(source, header)
        body, is_whole = _read_at_most(opened, header.body_bytes + 1)
    if len(body) > header.body_bytes:
        raise refuse("array_goes_on")
    if not is_whole and len(body) == header.body_bytes:
        raise refuse("truncated")
    return header, _as_rows(np.frombuffer(body, np.uint8), header)


def _check_announced(header: IdxHeader, source: Path | bytes) -> None:
    n_bytes = source.stat().st_size if isinstance(source, Path) else len(source)
    if header.body_bytes > MAX_DEFLATE_RATIO * n_bytes:
        raise refuse("truncated")
    if is_bomb(header.body_bytes, n_bytes):
        raise refuse("member_bomb", ratio=MAX_RATIO)


def _mapped(path: Path, header: IdxHeader) -> NDArray[Any]:
    size = path.stat().st_size - header.n_bytes
    if size > header.body_bytes:
        raise refuse("array_goes_on")
    if size == 0:
        return np.empty((0, *header.shape[1:]), header.dtype)
    return _as_rows(np.memmap(path, np.uint8, "r", offset=header.n_bytes), header)


def _as_rows(body: NDArray[np.uint8], header: IdxHeader) -> NDArray[Any]:
    row_bytes = math.prod(header.shape[1:]) * header.dtype.itemsize
    n_rows = len(body) // row_bytes if row_bytes else 0
    whole = body[: n_rows * row_bytes].view(header.dtype)
    return whole.reshape(n_rows, *header.shape[1:])


def _read_at_most(opened: Any, n_bytes: int) -> tuple[bytearray, bool]:
    """Return up to `n_bytes`, and whether the stream was sound so far (a cut gzip is not)."""
    made = bytearray()
    try:
        while len(made) < n_bytes:
            part = opened.read1(min(1 << 20, n_bytes - len(made)))
            if not part:
                break
            made += part
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return made, False
    return made, True
