"""What a DICOM server's codes mean, in words, and what to do about them."""

from __future__ import annotations

from typing import Final

from tamiz.core.language import Text, has_text, text

SUCCESS: Final = 0x0000
PENDING: Final = frozenset({0xFF00, 0xFF01})
SOME_FAILED: Final = 0xB000
CANCELLED: Final = 0xFE00
UNKNOWN_DESTINATION: Final = 0xA801
_RANGES: Final = ((0xA700, 0xFF00, "a700"), (0xA900, 0xFF00, "a900"), (0xC000, 0xF000, "c000"))


def status_text(code: int) -> Text:
    """Return what the status of a C-FIND, C-GET or C-MOVE response says.

    Source: DICOM PS3.4 C.4.1 to C.4.3, PS3.7 annex C.
    """
    key = f"pacs.status_{code:04x}"
    if has_text(key):
        return text(key, code=f"0x{code:04X}")
    for start, mask, name in _RANGES:
        if code & mask == start:
            return text(f"pacs.status_{name}", code=f"0x{code:04X}")
    return text("pacs.status_other", code=f"0x{code:04X}")


def is_too_much(code: int) -> bool:
    """Return whether a C-FIND ended because there was more than the server cares to answer.

    'Cancelled' counts: nobody cancelled, and Orthanc says so when it cuts an answer short.
    """
    return code == CANCELLED or code & 0xFF00 == 0xA700


def rejection_key(source: int, reason: int) -> str:
    """Return the catalogue key for an association's rejection.

    Source: DICOM PS3.8 table 9-21.
    """
    key = f"pacs.rejected_{source}_{reason}"
    return key if has_text(key) else "pacs.rejected"


def is_transient(result: int, source: int) -> bool:
    """Return whether a rejection may be gone a little later."""
    return result == 2 or source == 3
