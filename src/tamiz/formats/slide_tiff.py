"""TIFF slides: tiled and striped, pyramidal and single-level, BigTIFF, OME-TIFF, SVS."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tamiz.data.contracts import Policy
from tamiz.formats.headers import scan
from tamiz.formats.refusal import refuse
from tamiz.formats.slide_blocks import Page
from tamiz.formats.slide_levels import Opened, as_levels

_log = logging.getLogger("tifffile")
_log.addHandler(logging.NullHandler())  # what it says of damaged files is said by tamiz


def open_tiff(path: Path, policy: Policy) -> Opened:
    """Open a TIFF; its largest picture is the slide, label and macro are left out.

    Raises:
        Refusal: its layout cannot be read.
    """
    import tifffile

    spacing = scan(path).um_per_px
    file = tifffile.TiffFile(path)
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)

    def close() -> None:
        os.close(handle)
        file.close()

    def fetch(n: int, offset: int) -> bytes:
        return os.pread(handle, n, offset)

    try:
        if not file.series:
            raise refuse("damaged_header", format="TIFF")
        found: list[Any] = [level.pages[0] for level in file.series[0].levels]
        whole = [page.aspage() if hasattr(page, "aspage") else page for page in found]
        pages = [Page(page, fetch, policy) for page in whole]
        levels = as_levels(pages)
        facts = _facts(file.series[0], whole[0], levels[0].page, len(levels))
    except BaseException:
        close()
        raise
    return Opened(levels, facts, spacing, close)


def _facts(series: Any, page: Any, first: Any, n_levels: int) -> Mapping[str, str]:
    return {
        "format": "TIFF",
        "mode": f"{page.dtype} x {page.samplesperpixel}",
        "bits": str(page.bitspersample),
        "frames": str(len(series.levels[0].pages)),
        "levels": str(n_levels),
        "layout": "tiles" if page.is_tiled else "strips",
        "compression": getattr(page.compression, "name", str(page.compression)),
        "missing_blocks": str(first.n_missing),
    }
