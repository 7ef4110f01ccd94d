"""Compressed frames through imagecodecs: free decoders of every DICOM image compression.

A plug-in of pydicom's decoders (see its guide 'Decoder plugins'): pydicom looks after frames,
fragments, planes, colours and bits; here one compressed frame becomes bytes.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_JPEG: Final = ("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51")
_LOSSLESS: Final = ("1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70")
_JPEG_LS: Final = ("1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81")
_JPEG_2000: Final = (
    "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203",
)  # fmt: skip
_RLE: Final = "1.2.840.10008.1.2.5"
_NEEDS: Final = ("numpy", "imagecodecs>=2024.9.22")
_SYNTAXES: Final = (*_JPEG, *_LOSSLESS, *_JPEG_LS, *_JPEG_2000, _RLE)
DECODER_DEPENDENCIES: Final = dict.fromkeys(_SYNTAXES, _NEEDS)
_RGB, _YBR_COMPRESSED = "RGB", {"YBR_ICT", "YBR_RCT"}


def is_available(uid: str) -> bool:
    """Return whether frames of this transfer syntax can be decoded (pydicom asks)."""
    return uid in DECODER_DEPENDENCIES


def decode_frame(source: bytes, runner: Any) -> bytearray:
    """Return the decoded values of one frame, little-endian; `runner` is pydicom's."""
    syntax = str(runner.transfer_syntax)
    if syntax == _RLE:
        return _rle(source, runner)
    if syntax in _JPEG:
        made = _jpeg(source, n_components=runner.samples_per_pixel)
    elif syntax in _LOSSLESS:
        made = _lossless(source)
    elif syntax in _JPEG_LS:
        made = _jpeg_ls(source)
    else:
        made = _jpeg_2000(source)
        if runner.photometric_interpretation in _YBR_COMPRESSED:
            runner.set_option("photometric_interpretation", _RGB)
    if made.ndim == 3:
        runner.set_option("planar_configuration", 0)
    runner.set_option("bits_allocated", 8 * made.dtype.itemsize)
    return bytearray(np.ascontiguousarray(made).data.cast("B"))


def _jpeg(source: bytes, *, n_components: int) -> NDArray[Any]:
    """Return the components as they are stored: what colours they are, the data set says."""
    import imagecodecs

    space = "YCBCR" if n_components == 3 else None  # the same on both sides: no conversion
    made: NDArray[Any] = imagecodecs.jpeg8_decode(source, colorspace=space, outcolorspace=space)
    return made


def _rle(source: bytes, runner: Any) -> bytearray:
    """Return the values plane by plane (PS3.5 G)."""
    import imagecodecs

    runner.set_option("planar_configuration", 1)
    kind = np.dtype(f"<u{max(1, runner.bits_allocated // 8)}")
    return bytearray(imagecodecs.dicomrle_decode(source, kind))


def _lossless(source: bytes) -> NDArray[Any]:
    """Return lossless JPEG, by the faster of two decoders where that one reads it."""
    import imagecodecs

    try:
        made: NDArray[Any] = imagecodecs.jpeg8_decode(source)
    except imagecodecs.Jpeg8Error:
        made = imagecodecs.jpegsof3_decode(source)
    return made


def _jpeg_ls(source: bytes) -> NDArray[Any]:
    import imagecodecs

    made: NDArray[Any] = imagecodecs.jpegls_decode(source)
    return made


def _jpeg_2000(source: bytes) -> NDArray[Any]:
    import imagecodecs

    made: NDArray[Any] = imagecodecs.jpeg2k_decode(source)
    return made
