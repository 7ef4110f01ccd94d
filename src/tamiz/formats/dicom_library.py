"""pydicom as tamiz uses it: silent, without validation, with decoders that are free."""

from __future__ import annotations

import logging
import struct
import warnings
import zlib
from functools import lru_cache
from types import ModuleType
from typing import Any, Final

from tamiz.core.optional import require

PLUGIN: Final = "tamiz"

# What pydicom and the decoders raise on damaged or odd files; their messages may hold values.
FAULTS: Final = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, NotImplementedError, RuntimeError,
    OSError, EOFError, ArithmeticError, struct.error, zlib.error, MemoryError, AssertionError,
)  # fmt: skip

# Progressive and 12-bit JPEG that pydicom has no decoder for; the codestream says what it is.
_AS_EXTENDED: Final = frozenset(f"1.2.840.10008.1.2.4.{n}" for n in (52, 53, 54, 55, 56))
_JPEG_EXTENDED: Final = "1.2.840.10008.1.2.4.51"


@lru_cache(maxsize=1)
def library() -> ModuleType:
    """Return pydicom, made silent: its warnings and its log hold values of patients.

    Raises:
        MissingDependency: it is not installed.
    """
    pydicom = require("pydicom", extra="dicom", why="DICOM")
    for name in ("pydicom", "pynetdicom"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    warnings.filterwarnings("ignore", module=r"pydicom\b")
    pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
    _add_decoders()
    return pydicom


@lru_cache(maxsize=64)
def decoder_for(transfer_syntax: str) -> Any:
    """Return pydicom's decoder of a transfer syntax; None where there is none."""
    from pydicom.pixels.decoders.base import get_decoder

    asked = _JPEG_EXTENDED if transfer_syntax in _AS_EXTENDED else transfer_syntax
    try:
        return get_decoder(asked)
    except NotImplementedError:
        return None


def _add_decoders() -> None:
    from pydicom.pixels.decoders.base import get_decoder

    from tamiz.formats.dicom_codecs import DECODER_DEPENDENCIES

    for uid in DECODER_DEPENDENCIES:
        decoder = get_decoder(uid)
        if PLUGIN not in decoder.available_plugins:
            decoder.add_plugin(PLUGIN, ("tamiz.formats.dicom_codecs", "decode_frame"))
