"""Which reader opens a slide: by its content, not by its name."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tamiz.data.contracts import Policy
from tamiz.formats.dicom_dataset import is_dicom
from tamiz.formats.files import read_head
from tamiz.formats.headers import scan
from tamiz.formats.refusal import Refusal, refuse
from tamiz.formats.slide_dicom import open_dicom
from tamiz.formats.slide_levels import Opened
from tamiz.formats.slide_openslide import SUFFIXES, open_openslide
from tamiz.formats.slide_tiff import open_tiff
from tamiz.formats.sniff import HEAD_BYTES, TIFF_HEADS, describe

_OWN_LAYOUTS: Final = frozenset({"hamamatsu", "leica", "philips", "trestle", "ventana"})


def open_slide(path: Path, policy: Policy) -> Opened:
    """Open a slide: TIFF, DICOM (a file, or a folder of one series), or what OpenSlide reads.

    OpenSlide is also tried, where it is installed, for a TIFF of a maker's own layout that cannot
    be read otherwise; never for any TIFF, because it ends the process on some damaged ones.

    Raises:
        Refusal: it is none of these, or damaged.
    """
    if path.is_dir():
        return open_dicom(path, policy)
    head = read_head(path, HEAD_BYTES)
    if head.startswith(TIFF_HEADS):
        return _open_tiff(path, policy)
    if is_dicom(head):
        return open_dicom(path, policy)
    if not head:
        raise refuse("empty")
    if path.suffix.lower() in SUFFIXES - {".svs"} or _vendor(path):
        return open_openslide(path, policy)
    found = describe(head)
    raise refuse("not_an_image_but", kind=found) if found else refuse("not_a_slide")


def _open_tiff(path: Path, policy: Policy) -> Opened:
    facts = scan(path)  # says what is wrong with a header better than any decoder
    try:
        return open_tiff(path, policy)
    except Exception as error:
        # OpenSlide would not turn what is stored turned.
        found = _with_openslide(path, policy) if facts.orientation == 1 else None
        if found is None:  # the first reason is the one to tell
            raise error from None
        return found


def _with_openslide(path: Path, policy: Policy) -> Opened | None:
    if _vendor(path) not in _OWN_LAYOUTS:
        return None
    import openslide

    try:
        return open_openslide(path, policy)
    except (Refusal, openslide.OpenSlideError):
        return None


def _vendor(path: Path) -> str | None:
    """Return whose layout OpenSlide takes the file for; None where it is not installed."""
    if find_spec("openslide") is None:
        return None
    import openslide

    found: str | None = openslide.OpenSlide.detect_format(str(path))
    return found
