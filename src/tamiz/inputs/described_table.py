"""Tables that `tamiz describe` writes: numbers that describe images, no list of images."""

from __future__ import annotations

import io
from typing import Final

DESCRIBED_COLUMNS: Final = ("item", "path", "frame", "label", "group", "split")
"""What such a table says of each image, first of all its columns; descriptors follow."""


def is_described(content: bytes) -> bool:
    """Return whether a file's bytes are such a table; only its header is decoded."""
    if not content.startswith(b"PAR1"):
        return False
    import polars as pl

    try:
        names = tuple(pl.read_parquet_schema(io.BytesIO(content)))
    except (pl.exceptions.PolarsError, OSError):
        return False
    n = len(DESCRIBED_COLUMNS)
    return names[:n] == DESCRIBED_COLUMNS and len(names) > n
