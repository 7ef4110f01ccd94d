"""Sizes from headers: tamiz's own scan against Pillow, tifffile and a full decode.

    .venv/bin/python benchmarks/bench_headers.py [--repeats 7]

Targets: 5,000 JPEG files at 4 times, large TIFFs at 10 times the pace of `Image.open(path).size`.
Three sets: the real chest radiographs (drawn JPEGs where they are not), the same JPEGs each with
its own EXIF block as cameras write it, and TIFF files that announce 20,000 x 20,000 pixels in tiles
or strips without holding them (plus the real slides where they are), uncompressed and deflate:
Pillow lists every tile of the former as it opens the file. All ways take turns in one
run, on a warm disk cache; medians are compared, and every way must find the same sizes. Writes
benchmarks/results/bench_headers.json.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import statistics
import struct
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import PIL.Image
import tifffile

from tamiz.formats.headers import HeaderFacts, scan_many
from tamiz.testing.pictures import jpeg

RESULTS = Path(__file__).parent / "results"
SHARED = Path(
    os.environ.get("TAMIZ_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared/data")
)
N_JPEGS, N_TIFFS, N_DECODED = 5000, 400, 400
SIDE_PX, TILE_PX, STRIP_ROWS = 20_000, 256, 16
Sizes = list[tuple[int, int]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7)
    asked = parser.parse_args()
    PIL.Image.MAX_IMAGE_PIXELS = None  # or Pillow refuses large TIFFs before it says their size
    with tempfile.TemporaryDirectory() as room:
        jpegs = real_or_drawn_jpegs(Path(room))
        plain, packed = (large_tiffs(Path(room), compression) for compression in (1, 8))
        rows = {
            "jpeg": measure(jpegs, asked.repeats, {"full_decode": decoded}),
            "jpeg_with_exif": measure(with_exif(Path(room), jpegs), asked.repeats, {}),
            "large_tiff": measure(plain, asked.repeats, {"tifffile": by_tifffile}),
            "large_tiff_deflate": measure(packed, asked.repeats, {"tifffile": by_tifffile}),
        }
    made = {
        **rows,
        "targets": {"jpeg": 4, "large_tiff": 10},
        "load_average": os.getloadavg(),
        "cores": len(os.sched_getaffinity(0)),
        "processor": platform.processor() or platform.machine(),
        "python": sys.version.split()[0],
        "versions": {name: version(name) for name in ("pillow", "tifffile")},
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench_headers.json").write_text(json.dumps(made, indent=2) + "\n")
    print(json.dumps(made, indent=2))


def measure(
    paths: list[Path], repeats: int, others: dict[str, Callable[[list[Path]], Sizes]]
) -> dict[str, object]:
    """Return files per second of each way, and how many times Pillow's pace ours is."""
    root = Path(os.path.commonpath([path.parent for path in paths]))
    names = [str(path.relative_to(root)) for path in paths]  # as a manifest holds them
    ways = {"tamiz": lambda _: ours(names, root), "pillow": by_pillow, **others}
    for name, way in ways.items():  # warms the disk cache and loads the modules
        found = way(paths)
        if found != ours(names, root)[: len(found)]:
            sys.exit(f"{name} finds other sizes")
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, way in ways.items():
            started = time.perf_counter()
            n = len(way(paths))
            rates[name].append(round(n / (time.perf_counter() - started)))
    medians = {name: statistics.median(many) for name, many in rates.items()}
    return {
        "files": len(paths),
        "repeats": repeats,
        "times_pillow": round(medians["tamiz"] / medians["pillow"], 2),
        "times_pillow_by_best": round(max(rates["tamiz"]) / max(rates["pillow"]), 2),
        "median_files_per_s": medians,
        "files_per_s": rates,
    }


def ours(names: list[str], root: Path) -> Sizes:
    found = scan_many(names, root)
    return [(one.width_px, one.height_px) for one in found if isinstance(one, HeaderFacts)]


def by_pillow(paths: list[Path]) -> Sizes:
    made = []
    for path in map(str, paths):
        with PIL.Image.open(path) as picture:
            made.append(picture.size)
    return made


def by_tifffile(paths: list[Path]) -> Sizes:
    made = []
    for path in paths[:N_DECODED]:
        with tifffile.TiffFile(path) as opened:
            page = opened.pages.first
            made.append((page.imagewidth, page.imagelength))
    return made


def decoded(paths: list[Path]) -> Sizes:
    made = []
    for path in paths[:N_DECODED]:
        with PIL.Image.open(path) as picture:
            picture.load()
            made.append(picture.size)
    return made


def real_or_drawn_jpegs(room: Path) -> list[Path]:
    real = sorted((SHARED / "chest_xray").rglob("*.jpeg"))[:N_JPEGS]
    if len(real) == N_JPEGS:
        return real
    for number in range(N_JPEGS):
        (room / f"{number}.jpg").write_bytes(jpeg(number, (224, 200 + number % 50), channels=1))
    return sorted(room.glob("*.jpg"))


def with_exif(room: Path, jpegs: list[Path]) -> list[Path]:
    """Return copies of the pictures, each with an EXIF block of its own (as a camera's time)."""
    folder = room / "exif"
    folder.mkdir()
    for number, path in enumerate(jpegs):
        exif = PIL.Image.Exif()
        exif[0x0112] = 1
        exif[0x0132] = f"2020:01:01 {number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}"
        exif[0x010F] = "maker"
        body = b"Exif\0\0" + exif.tobytes().removeprefix(b"Exif\0\0")
        content = path.read_bytes()
        segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
        (folder / f"{number}.jpg").write_bytes(content[:2] + segment + content[2:])
    return sorted(folder.iterdir())


def large_tiffs(room: Path, compression: int) -> list[Path]:
    """Return TIFFs whose parts are all the same few bytes, tiled and in strips, big and classic."""
    folder = room / f"tiff-{compression}"
    folder.mkdir()
    kinds = [large_tiff(compression, is_tiled=i < 2, is_big=i % 2 == 1) for i in range(4)]
    for number in range(N_TIFFS):
        (folder / f"{number:04}.tif").write_bytes(kinds[number % 4])
    whole = SHARED / "slides" / "whole"
    real = [whole / name for name in ("cmu_small_region.svs", "boxes.tiff", "kidney-48-5.tif")]
    return sorted(folder.iterdir()) + [path for path in real if path.exists()]


def large_tiff(compression: int, *, is_tiled: bool, is_big: bool) -> bytes:
    """Return a TIFF of 20,000 x 20,000 RGB pixels, all of its parts at one place."""
    n = (-(-SIDE_PX // TILE_PX)) ** 2 if is_tiled else SIDE_PX // STRIP_ROWS
    shape = [(322, 3, [TILE_PX]), (323, 3, [TILE_PX])] if is_tiled else [(278, 3, [STRIP_ROWS])]
    places = (324, 325) if is_tiled else (273, 279)
    tags = [
        (256, 4, [SIDE_PX]), (257, 4, [SIDE_PX]), (258, 3, [8, 8, 8]), (259, 3, [compression]),
        (262, 3, [2]), (277, 3, [3]), *shape,
        (places[0], 4, [8] * n), (places[1], 4, [8] * n),
    ]  # fmt: skip
    count, link, entry, room = ("Q", "Q", 20, 8) if is_big else ("H", "I", 12, 4)
    start = 16 if is_big else 8
    behind = start + struct.calcsize("<" + count) + entry * len(tags) + room
    directory, values = io.BytesIO(), io.BytesIO()
    directory.write(struct.pack("<" + count, len(tags)))
    for tag, kind, numbers in sorted(tags):
        packed = struct.pack(f"<{len(numbers)}{'H' if kind == 3 else 'I'}", *numbers)
        if len(packed) > room:
            packed, place = struct.pack("<" + link, behind + values.tell()), packed
            values.write(place)
        directory.write(struct.pack(f"<HH{link}", tag, kind, len(numbers)))
        directory.write(packed.ljust(room, b"\0"))
    directory.write(bytes(room))
    head = (
        struct.pack("<2sHHHQ", b"II", 43, 8, 0, 16)
        if is_big
        else struct.pack("<2sHI", b"II", 42, 8)
    )
    return head + directory.getvalue() + values.getvalue()


if __name__ == "__main__":
    main()
