"""The blocks of a TIFF page: tiles or strips; of an uncompressed one any number of rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import PIL.Image
from numpy.typing import NDArray

from tamiz.data.contracts import Policy
from tamiz.formats.pixels import BACKGROUND_GREY, composite, to_bytes
from tamiz.formats.refusal import refuse
from tamiz.formats.slide_jpeg import JpegBlocks, check_announced, reduction_for
from tamiz.formats.slide_scaling import Bytes, Grid

Fetch = Callable[[int, int], bytes]  # (number of bytes, where they begin)

JPEG: Final = 7
APERIO_YCC: Final = 33003
_NONE: Final = 1
_MIN_IS_WHITE, _RGB, _PALETTE, _SEPARATED, _YCBCR = 0, 2, 3, 5, 6
_PLAIN_COLOURS: Final = frozenset({0, 1, 2, 3, 5})
_DECODED_TO_RGB: Final = frozenset({6, 7, 33003, 33004, 33005, 33007, 34892})
_OWN_DECODING: Final = frozenset({6, 7, 33007, 34892})
_ASSOCIATED, _UNASSOCIATED = 1, 2
_MOST_BLOCK_BYTES: Final = 256 << 20
_FLAT_BLOCK_BYTES: Final = 4 << 20


class Page:
    """One page of an opened TIFF; reads blocks from several threads at once.

    Args:
        page: tifffile's.
        fetch: gives bytes of the file, fewer where it ends.
        policy: for values that are no bytes.

    Raises:
        Refusal: its blocks cannot be decoded, or are too large.
    """

    def __init__(self, page: Any, fetch: Fetch, policy: Policy) -> None:
        self._page, self._fetch, self._policy = page, fetch, policy
        self._samples, self._bits = int(page.samplesperpixel), int(page.bitspersample)
        self._compression, self._photometric = int(page.compression), int(page.photometric)
        self._planes = self._samples if page.planarconfig == 2 else 1
        self._alpha = next((int(one) for one in page.extrasamples if one in {1, 2}), 0)
        self.grid = _grid_of(page)
        self._check_kind()
        self._offsets, self._counts = page.dataoffsets, page.databytecounts
        n_wanted = self.grid.n_across * self.grid.n_down * self._planes
        if min(len(self._offsets), len(self._counts)) < n_wanted:
            raise refuse("truncated")
        self.n_missing = sum(
            not offset or not n
            for offset, n in zip(self._offsets[:n_wanted], self._counts[:n_wanted], strict=True)
        )
        self._is_flat = self._lies_flat()
        self._check_size()
        self._decode = page.decode
        self._jpeg = self._jpeg_blocks()

    @property
    def can_reduce(self) -> bool:
        """Return whether blocks can be decoded at a fraction of their size."""
        small = self.grid.block_width_px % 8 == 0 and self.grid.block_height_px % 8 == 0
        return self._jpeg is not None and small

    def reduction_for(self, factor: float) -> int:
        """Return the largest of 1, 2, 4, 8 that agrees with area averaging by `factor`."""
        return reduction_for(factor) if self.can_reduce else 1

    def block(self, row: int, column: int, *, reduction: int, is_grey: bool) -> Bytes:
        """Return a block: (block height / reduction, block width / reduction, 1 or 3), uint8.

        What lies beyond the page is cut off. A block that the file leaves out is white. Channels
        are those of the page; asked for grey, JPEG gives luma at once.

        Args:
            row: of blocks, from the top.
            column: of blocks, from the left.
            reduction: 1, 2, 4 or 8; more than 1 needs `can_reduce`.
            is_grey: grey is wanted: colours may be left undecoded.

        Raises:
            Refusal: it does not decode.
        """
        width, height = self._size(row, column, reduction)
        index = row * self.grid.n_across + column
        if self._jpeg is not None:
            made = self._jpeg_block(self._jpeg, index, reduction, is_grey=is_grey)
        else:
            made = self._whole(index, row)
        if made is None:
            channels = 1 if is_grey or not self._is_colour else 3
            return np.full((height, width, channels), 255, dtype=np.uint8)
        if made.shape[0] < height or made.shape[1] < width:
            raise refuse("truncated")
        return np.ascontiguousarray(made[:height, :width])

    def _jpeg_blocks(self) -> JpegBlocks | None:
        """Return the decoder of plain JPEG: 8 bits, grey or colour, interleaved."""
        page = self._page
        is_plain = self._bits == 8 and self._planes == 1 and not page.extrasamples
        is_known = self._photometric in {0, 1, _RGB, _YCBCR} and self._samples in {1, 3}
        if self._compression != JPEG or not (is_plain and is_known) or page.jpegheader:
            return None
        is_rgb = self._photometric == _RGB and not page.is_jfif
        return JpegBlocks(self._samples, page.jpegtables or b"", is_rgb)

    @property
    def _is_colour(self) -> bool:
        return self._samples >= 3 or self._photometric == _PALETTE

    def _size(self, row: int, column: int, reduction: int) -> tuple[int, int]:
        grid = self.grid
        width = min(grid.block_width_px, grid.width_px - column * grid.block_width_px)
        height = min(grid.block_height_px, grid.height_px - row * grid.block_height_px)
        return -(-width // reduction), -(-height // reduction)

    def _check_kind(self) -> None:
        grid, page = self.grid, self._page
        if min(grid.width_px, grid.height_px, grid.block_width_px, grid.block_height_px) < 1:
            raise refuse("no_pixels", width=grid.width_px, height=grid.height_px)
        if page.dtype is None or not _can_decompress(self._compression):
            name = getattr(page.compression, "name", str(page.compression))
            raise refuse("compression", name=name)
        is_known = self._photometric in _PLAIN_COLOURS or (
            self._photometric == _YCBCR and self._compression in _DECODED_TO_RGB
        )
        if not is_known:
            name = getattr(page.photometric, "name", str(page.photometric))
            raise refuse("colour_space", name=name)
        orientation = page.tags.valueof(274, 1)
        if orientation in range(2, 9):
            raise refuse("turned", n=orientation)

    def _check_size(self) -> None:
        grid = self.grid
        n_values = grid.block_width_px * grid.block_height_px * self._samples
        n_bytes = n_values * max(8, self._bits) // 8
        if n_bytes > _MOST_BLOCK_BYTES:
            limit = _MOST_BLOCK_BYTES >> 20
            raise refuse("block_too_large", mib=n_bytes >> 20, limit_mib=limit)

    def _lies_flat(self) -> bool:
        """Return whether the page is one uncompressed array, which may be cut into any rows."""
        page, grid = self._page, self.grid
        is_plain = self._compression == _NONE and int(page.predictor) == 1 and self._planes == 1
        if page.is_tiled or not is_plain or self._bits not in {8, 16, 32} or self.n_missing:
            return False
        ends = [at + n for at, n in zip(self._offsets, self._counts, strict=True)]
        if list(self._offsets[1:]) != ends[:-1]:
            return False
        row_bytes = grid.width_px * self._samples * page.dtype.itemsize
        rows = min(grid.height_px, max(1, _FLAT_BLOCK_BYTES // row_bytes))
        self.grid = Grid(grid.width_px, grid.height_px, grid.width_px, rows)
        return True

    def _read(self, index: int) -> bytes | None:
        """Return a block's bytes; None where the file has none (sparse slides)."""
        offset, n = self._offsets[index], self._counts[index]
        if n == 0 or offset == 0:
            return None
        if n > 2 * _MOST_BLOCK_BYTES:
            raise refuse("truncated")
        data = self._fetch(n, offset)
        if len(data) < n:
            raise refuse("truncated")
        return data

    def _whole(self, index: int, row: int) -> Bytes | None:
        """Return the block's colours as (height, width, 1 or 3) bytes; None where it is missing."""
        if self._is_flat:
            return self._coloured(self._flat(row))
        parts: list[NDArray[Any]] = []
        n_blocks = self.grid.n_across * self.grid.n_down
        for plane in range(self._planes):
            data = self._read(index + plane * n_blocks)
            if data is None:
                return None
            check_announced(data, self.grid)
            decoded, _, _ = self._decode(
                data,
                index + plane * n_blocks,
                jpegtables=self._page.jpegtables,
                jpegheader=self._page.jpegheader,
            )
            if decoded is None:
                raise refuse("truncated")
            parts.append(decoded[0])
        stored = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=2)
        return self._coloured(stored)

    def _flat(self, row: int) -> NDArray[Any]:
        grid, page = self.grid, self._page
        rows = min(grid.block_height_px, grid.height_px - row * grid.block_height_px)
        kind = np.dtype(page.dtype).newbyteorder(page.parent.byteorder)
        row_bytes = grid.width_px * self._samples * kind.itemsize
        data = self._fetch(
            rows * row_bytes, self._offsets[0] + row * grid.block_height_px * row_bytes
        )
        if len(data) < rows * row_bytes:
            raise refuse("truncated")
        stored = np.frombuffer(data, dtype=kind).reshape(rows, grid.width_px, self._samples)
        return stored.astype(kind.newbyteorder("="), copy=False)

    def _coloured(self, stored: NDArray[Any]) -> Bytes:
        if self._compression == APERIO_YCC:
            stored = _from_ycc(stored)
        if self._photometric == _PALETTE:
            if self._page.colormap is None:
                raise refuse("colour_space", name="PALETTE")
            colours = self._page.colormap[:, stored[..., 0]]
            return to_bytes(np.moveaxis(colours, 0, -1), self._policy)
        if self._photometric == _SEPARATED and self._samples == 4:
            ink = to_bytes(stored, self._policy, self._bits)
            return np.asarray(PIL.Image.fromarray(ink, "CMYK").convert("RGB"))
        made = to_bytes(stored, self._policy, self._bits)
        if 1 < self._bits < 8:
            made = made * np.uint8(255 // ((1 << self._bits) - 1))
        n_colours = 3 if self._samples >= 3 else 1
        colours = made[..., :n_colours]
        if self._photometric == _MIN_IS_WHITE:
            colours = 255 - colours
        if self._alpha and self._samples > n_colours:
            return self._on_background(colours, made[..., n_colours])
        return colours

    def _on_background(self, colours: Bytes, alpha: Bytes) -> Bytes:
        if self._alpha == _UNASSOCIATED:
            return composite(colours, alpha, self._policy)
        behind = BACKGROUND_GREY[self._policy.background] * (255 - alpha.astype(np.uint32))
        mixed = colours + ((behind + 127) // 255)[..., np.newaxis]
        made: Bytes = np.minimum(mixed, 255).astype(np.uint8)
        return made

    def _jpeg_block(
        self, jpeg: JpegBlocks, index: int, reduction: int, *, is_grey: bool
    ) -> Bytes | None:
        data = self._read(index)
        if data is None:
            return None
        size_px = check_announced(data, self.grid)
        if reduction > 1:
            made = jpeg.reduced(data, reduction, is_grey=is_grey)
        else:
            made = jpeg.whole(data, size_px, is_grey=is_grey)
        return 255 - made if self._photometric == _MIN_IS_WHITE else made


def _grid_of(page: Any) -> Grid:
    width, height = int(page.imagewidth), int(page.imagelength)
    if page.is_tiled:
        return Grid(width, height, int(page.tilewidth), int(page.tilelength))
    return Grid(width, height, width, min(int(page.rowsperstrip or height), height))


def _can_decompress(compression: int) -> bool:
    import tifffile

    if compression in _OWN_DECODING:
        return True
    try:
        tifffile.TIFF.DECOMPRESSORS[compression]
    except KeyError:
        return False
    return True


def _from_ycc(stored: NDArray[Any]) -> Bytes:
    """Return RGB of JPEG's YCbCr (JFIF), which Aperio's JPEG 2000 holds without saying so."""
    return np.asarray(PIL.Image.fromarray(stored, "YCbCr").convert("RGB"))
