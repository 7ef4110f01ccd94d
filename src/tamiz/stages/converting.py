"""One DICOM file becomes PNG files, or a DICOM file without identities: the work of a process."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import UnreadableItem
from tamiz.core.files import write_bytes
from tamiz.core.pseudonyms import Pseudonyms, default_key_path
from tamiz.data.contracts import Policy
from tamiz.formats.dicom import DicomSource
from tamiz.formats.dicom_dataset import FOR_PIXELS, describe_pixels, parse, without_values
from tamiz.formats.dicom_decoding import as_stored
from tamiz.formats.png_writing import encode_png
from tamiz.formats.reader import Reader
from tamiz.formats.refusal import reading

if TYPE_CHECKING:
    from pydicom import Dataset

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Conversion:
    """What is done to every file; travels to the worker processes.

    Attributes:
        root: where the sources lie.
        out: where results go.
        to: 'png' or 'dicom'.
        policy: with the window in it.
        top: the highest grey: 255 or 65535.
        blank: regions to make black: (x, y, width, height) in pixels, cut at the edges.
        dates: 'shift' or 'remove' (DICOM).
        key: of the pseudonyms; None is the usual one.
        key_mark: tells one key from another; '' where nothing follows from it.
        pseudonyms: under that key (DICOM).
    """

    root: Path
    out: Path
    to: str
    policy: Policy
    top: int = 255
    blank: tuple[Box, ...] = ()
    dates: str = "shift"
    key: Path | None = None
    key_mark: str = ""
    pseudonyms: Pseudonyms | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Job:
    """One source file.

    Attributes:
        source: its path below the root, or in an archive.
        stamp: what tells whether it changed.
        targets: (frame, path below `out`) of each picture; of DICOM files one.
    """

    source: str
    stamp: str
    targets: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a job.

    Attributes:
        job: which.
        rows: for each target what was written and applied; fewer where it failed.
        reason: why it failed, in words; '' otherwise.
        removed: tags that went (DICOM).
        replaced: tags that changed (DICOM).
    """

    job: Job
    rows: tuple[Mapping[str, Any], ...] = ()
    reason: str = ""
    removed: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()


def convert_many(jobs: Sequence[Job], how: Conversion) -> list[Done]:
    """Return what became of each job; a file that cannot be read is a reason, not an error.

    Raises:
        MachineTrouble: the disk is full.
        WrongUse: `out` cannot be written to.
    """
    one: Callable[[Job, Conversion, bytes], Done] = _as_png if how.to == "png" else _as_dicom
    made = []
    with Reader(how.root, how.policy) as reader:
        for job in jobs:
            try:
                made.append(one(job, how, reader.content(job.source)))
            except UnreadableItem as error:
                made.append(Done(job, reason=error.reason))
    return made


def _as_png(job: Job, how: Conversion, content: bytes) -> Done:
    rows = []
    with reading(job.source):
        source = DicomSource(job.source, parse(content, FOR_PIXELS), how.policy)
    for frame, target in job.targets:
        with reading(job.source):
            pixels = blanked(source.levels(frame, how.top), how.blank)
            packed = encode_png(pixels)
            recipe = source.recipe(frame)
        _write(how.out / target, packed)
        words = recipe.words() if recipe else ("", source.description.photometric)
        rows.append(
            {
                "path": target,
                "frame": frame,
                "bytes": len(packed),
                "width_px": pixels.shape[1],
                "height_px": pixels.shape[0],
                "bits": 8 * pixels.dtype.itemsize,
                "values": words[0],
                "grey": words[1],
                "inverted": bool(recipe and recipe.is_inverted),
                "padding": json.dumps(recipe.padding) if recipe and recipe.padding else "",
                "window_odd": bool(recipe and recipe.is_odd),
            }
        )
    return Done(job, tuple(rows))


def _as_dicom(job: Job, how: Conversion, content: bytes) -> Done:
    from tamiz.acquisition.deidentify import Deidentification, deidentify
    from tamiz.formats.dicom_blanking import blank_dataset, to_bytes

    target = job.targets[0][1]
    pseudonyms = how.pseudonyms or Pseudonyms.load(how.key or default_key_path())
    with reading(job.source), without_values():
        dataset = parse(content, None)
        _check_pixels(dataset)
        found = deidentify(dataset, pseudonyms, Deidentification(dates=how.dates))
        if how.blank:
            blank_dataset(found.dataset, how.blank)
        packed = to_bytes(found.dataset)
    _write(how.out / target, packed)
    row = {"path": target, "bytes": len(packed), "sha256": hashlib.sha256(packed).hexdigest()}
    return Done(job, (row,), "", found.removed, found.replaced)


def _check_pixels(dataset: Dataset) -> None:
    """Decode the first and the last frame: a file that is cut off must not go on unseen.

    Raises:
        Refusal: they do not decode.
    """
    described = describe_pixels(dataset)
    for frame in {0, described.n_frames - 1}:
        as_stored(dataset, described, frame)


def blanked(pixels: NDArray[Any], boxes: Sequence[Box]) -> NDArray[Any]:
    """Return (height, width, channels) with the boxes black; parts outside the picture are cut."""
    if not boxes:
        return pixels
    made: NDArray[Any] = np.array(pixels)
    for x, y, width, height in boxes:
        made[max(0, y) : max(0, y + height), max(0, x) : max(0, x + width)] = 0
    return made


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; unlike `write_bytes` it is not forced to the disk.

    The record that it is done is, later, and names its length.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.tamiz-part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        write_bytes(path, content)  # makes the folder, or says what is wrong
