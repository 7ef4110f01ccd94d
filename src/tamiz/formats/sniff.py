"""What a file is, told from its first bytes and never from its name."""

from __future__ import annotations

import re
from typing import Final

HEAD_BYTES: Final = 4096
TIFF_HEADS: Final = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

_PHOTO_HEADS: Final = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    ((b"GIF87a", b"GIF89a"), "GIF"),
    (TIFF_HEADS, "TIFF"),
)

# What Pillow calls a format, the suffixes that may honestly name it.
SUFFIXES: Final = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "PNG": (".png", ".apng"),
    "GIF": (".gif",),
    "BMP": (".bmp", ".dib"),
    "WEBP": (".webp",),
    "TIFF": (".tif", ".tiff", ".svs", ".ndpi", ".scn", ".qptiff", ".btf", ".lsm"),
}
# Slides that OpenSlide alone reads. Their name tells them: a MIRAX slide begins like a JPEG.
SLIDE_SUFFIXES: Final = frozenset({".mrxs", ".czi", ".svslide"})
IMAGE_SUFFIXES: Final = (
    frozenset(suffix for many in SUFFIXES.values() for suffix in many) | SLIDE_SUFFIXES
)
ARCHIVE_SUFFIXES: Final = frozenset({".zip", ".tar", ".tgz", ".tbz2", ".txz"})
WORKBOOK_SUFFIXES: Final = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".numbers"})
# Photos as cameras and telephones write them and tamiz does not read them.
FOREIGN_SUFFIXES: Final = frozenset(
    {".heic", ".heif", ".hif", ".avif", ".jp2", ".psd", ".dng", ".cr2", ".cr3", ".nef", ".arw"}
)


def suffix_of(path: str) -> str:
    """Return '.jpg' for 'a/b.JPG', '' where there is none (as pathlib, six times as fast)."""
    stem, dot, last = path.rpartition(".")
    return f".{last.lower()}" if dot and "/" not in last and stem and stem[-1] != "/" else ""


def photo_format(head: bytes) -> str | None:
    """Return 'JPEG', 'PNG', 'GIF', 'BMP', 'WEBP' or 'TIFF', or None for anything else."""
    for beginning, kind in _PHOTO_HEADS:
        if head.startswith(beginning):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    # 'BM' alone begins many texts; the reserved bytes and the header length make it sure.
    if head.startswith(b"BM") and len(head) > 18 and head[14] in {12, 40, 52, 56, 64, 108, 124}:
        return "BMP"
    return None


def is_idx(head: bytes) -> bool:
    """Return whether this is the start of an uncompressed IDX file (MNIST's own format)."""
    if len(head) < 8 or head[:2] != b"\0\0" or head[2] not in {8, 9, 11, 12, 13, 14}:
        return False
    return 1 <= head[3] <= 4


def is_gzip(head: bytes) -> bool:
    """Return whether the file is compressed with gzip."""
    return head.startswith(b"\x1f\x8b\x08")


def is_npz(head: bytes) -> bool:
    """Return whether this is a zip whose first member is a NumPy array."""
    if not head.startswith(b"PK\x03\x04") or len(head) < 30:
        return False
    length = int.from_bytes(head[26:28], "little")
    return head[30 : 30 + length].endswith(b".npy")


def archive_kind(head: bytes) -> str | None:
    """Return 'zip', 'tar', 'gz', 'bz2' or 'xz', or None; the last three may hold a tar."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head[257:262] == b"ustar":
        return "tar"
    if is_gzip(head):
        return "gz"
    if head.startswith(b"BZh"):
        return "bz2"
    if head.startswith(b"\xfd7zXZ\0"):
        return "xz"
    return None


PICKLE: Final = "Python pickle"
_OTHERS: Final = (
    (rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg", "SVG"),
    (rb"\s*(<!doctype html|<html|<head|<body)", "HTML"),
    (rb"\s*<\?xml", "XML"),
    (rb"%!PS|\xc5\xd0\xd3\xc6", "EPS"),
    (rb"%PDF", "PDF"),
    (rb"SIMPLE  =", "FITS"),
    (rb".{4}ftyp(heic|heix|mif1|hevc)", "HEIC"),
    (rb".{4}ftypavi[fs]", "AVIF"),
    (rb".{4}ftyp|\x1aE\xdf\xa3", "video"),
    (rb"\x89HDF\r\n", "HDF5"),
    (rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "JPEG 2000"),
    (rb"8BPS", "Photoshop"),
    (rb"\x93NUMPY", "NumPy array"),
    (rb"PAR1", "Parquet"),
    (rb"\x80[\x02-\x05]", PICKLE),
    (rb"PK\x03\x04", "zip"),
    (rb"\x1f\x8b", "gzip"),
    (rb"\s*[{\[]\s*(\"|\{|\[|\d)", "JSON"),
    (rb"MZ|\x7fELF", "program"),
)


def describe(head: bytes) -> str | None:
    """Return the usual name of something that is no image we read ('HTML', 'PDF'), or None."""
    if head[128:132] == b"DICM":
        return "DICOM"
    for pattern, name in _OTHERS:
        if re.match(pattern, head[:1024], re.IGNORECASE | re.DOTALL):
            return name
    return None


def is_plain_text(head: bytes) -> bool:
    """Return whether these first bytes are text in UTF-8, a letter cut in two at the end aside."""
    if not head or re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", head):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > 0 and error.start >= len(head) - 3
    return True
