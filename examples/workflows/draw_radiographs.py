"""Drawn radiographs of workflow E: 22 body parts, patients with several images, and what is amiss.

    python examples/workflows/draw_radiographs.py FOLDER

writes `FOLDER/train.csv` (columns file, patient, parts; several parts are joined by ';') and
`FOLDER/images/`, DICOM and PNG side by side. `unwanted.csv` says what was put among them that is no
radiograph, or cannot be read. Shapes are sticks and ellipses: they tell nothing about patients.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from draw_bones import PARTS, Shape
from numpy.typing import NDArray

from tamiz.testing.dicoms import ROOT, dicom
from tamiz.testing.pictures import encode

Floats = NDArray[np.float64]
DX = "1.2.840.10008.5.1.4.1.1.1.1"  # digital X-ray, for presentation
# Parts of an image -> how many images, about as unequal as in the original. The same picture of a
# hand is called 'hand' by some and 'hand;finger' by others; so are pelvis and hips.
IMAGES = {
    "chest": 170, "knee": 64, "abdomen": 40, "foot": 36, "hand": 30, "hand;finger": 30,
    "finger": 18, "pelvis": 22, "pelvis;hip": 22, "hip": 16, "ankle": 26, "ankle;foot": 10,
    "shoulder": 30, "shoulder;clavicle": 4, "clavicle": 4, "wrist": 24, "wrist;hand": 8,
    "elbow": 20, "lumbar spine": 30, "cervical spine": 28, "thoracic spine": 16,
    "thoracic spine;lumbar spine": 8, "skull": 16, "skull;sinus": 4, "sinus": 6, "lower leg": 14,
    "forearm": 12, "thigh": 8, "upper arm": 4, "chest;abdomen": 6,
}  # fmt: skip
RARE = 8  # images: sets with no more of them are not thinned out when little is drawn
UNWANTED = ("form", "phantom", "photo", "black", "white", "cut short", "empty", "no picture")
SIDES = (96, 112, 128, 160, 208)  # of the longer side, in pixels


@dataclass(frozen=True, slots=True)
class Drawn:
    """One image: its row in the table and what is in its file."""

    name: str
    patient: str
    parts: str
    content: bytes
    problem: str = ""


def draw(out: Path, share: float = 1.0) -> None:
    """Write `images/`, `train.csv` and `unwanted.csv`.

    Args:
        out: the folder.
        share: of the images of frequent parts; rare ones are as many as ever.
    """
    (out / "images").mkdir(parents=True, exist_ok=True)
    made = list(_all(np.random.default_rng(22), share))
    for one in made:
        (out / "images" / one.name).write_bytes(one.content)
    rows = [(one.name, one.patient, one.parts) for one in made]
    _write(out / "train.csv", ("file", "patient", "parts"), sorted(rows))
    unwanted = [(one.name, one.problem) for one in made if one.problem]
    _write(out / "unwanted.csv", ("file", "problem"), sorted(unwanted))


def _write(path: Path, header: tuple[str, ...], rows: list[Any]) -> None:
    with path.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([header, *rows])


def _all(rng: np.random.Generator, share: float) -> Iterator[Drawn]:
    numbers = iter(rng.permutation(9000) + 1000)
    patient = 0
    for parts, n in IMAGES.items():
        left = total = n if n <= RARE else max(5, round(share * n))
        while left:
            patient += 1
            n_here = min(left, int(rng.choice((1, 2, 2, 3))))
            if total <= RARE:  # of several patients even so: two images of one, one of the others
                n_here = 1 + (left == total)
            left -= n_here
            body = rng.integers(0, 2**31)
            for view in range(n_here):
                name, who = f"r{next(numbers)}", f"P{patient:04d}"
                pixels = _radiograph(parts, int(body), view, rng)
                is_dicom = rng.random() < 0.4
                content = (
                    _as_dicom(pixels, who, patient, view, rng) if is_dicom else _as_png(pixels)
                )
                yield Drawn(f"{name}.{'dcm' if is_dicom else 'png'}", who, parts, content)
                if parts == "hand" and view == 0 and patient % 4 == 0:  # exported once more
                    again = f"r{next(numbers)}.png"
                    yield Drawn(again, who, "hand;finger", _as_png(pixels))
    n_unwanted = 2 * len(UNWANTED) if share == 1 else 6
    for at in range(n_unwanted):
        problem = UNWANTED[at % len(UNWANTED)]
        content = _unwanted(problem, rng)
        part = "chest" if at % 3 else "knee"
        yield Drawn(f"r{next(numbers)}.png", f"P{patient + at + 1:04d}", part, content, problem)


def _radiograph(parts: str, body: int, view: int, rng: np.random.Generator) -> Floats:
    """Return (height, width) from 0 (air) to 1 (metal).

    Args:
        parts: shown, joined by ';'.
        body: number of the patient's body, which stays from image to image.
        view: 0 from the front; others are turned, mirrored and seen from the side.
        rng: of this image alone.
    """
    own = np.random.default_rng(body)
    shape, aspect = PARTS["hand" if parts == "hand;finger" else parts](own)
    side = int(rng.choice(SIDES))
    aspect *= rng.uniform(0.9, 1.12)
    height, width = (side, round(side * aspect)) if aspect < 1 else (round(side / aspect), side)
    long = max(height, width)
    y, x = np.mgrid[:height, :width]
    place = np.stack([(2 * x + 1 - width) / long, (2 * y + 1 - height) / long])
    turn = rng.normal(0, 7) + (90 if rng.random() < 0.03 else 0)
    angle = np.deg2rad(turn)
    cos, sin = np.cos(angle), np.sin(angle)
    place = np.einsum("ij,jhw->ihw", np.array([[cos, -sin], [sin, cos]]), place)
    place = place * rng.uniform(0.9, 1.15) + rng.normal(0, 0.05, 2)[:, None, None]
    if own.random() < 0.5:
        place[0] = -place[0]
    if view:
        place[0] = place[0] / rng.uniform(0.75, 0.95) + 0.06 * place[1] ** 2
    thick = _thickness(shape, place) * _texture(own, place)
    thick += 0.02 * rng.normal(size=thick.shape) + 0.05
    values = 1 - np.exp(-rng.uniform(0.8, 1.3) * np.maximum(thick, 0))
    return _framed(values, rng)


def _thickness(shapes: list[Shape], place: Floats) -> Floats:
    """Return (height, width), how much lies in the beam; bones are denser at their edges."""
    made = np.zeros(place.shape[1:])
    for kind, x0, y0, x1, y1, radius in shapes:
        along = np.array([x1 - x0, y1 - y0])
        length = max(float(along @ along), 1e-9)
        dx, dy = place[0] - x0, place[1] - y0
        at = np.clip((dx * along[0] + dy * along[1]) / length, 0, 1)
        away = ((dx - at * along[0]) ** 2 + (dy - at * along[1]) ** 2) / radius**2
        round_ = np.sqrt(np.maximum(0, 1 - away))
        if kind == "bone":
            made += 1.1 * (round_ - 0.55 * np.sqrt(np.maximum(0, 1 - away / 0.49)))
        elif kind == "soft":
            made += 0.55 * round_
        elif kind == "ring":  # the vault of a skull
            made += 0.9 * (round_ - 0.9 * np.sqrt(np.maximum(0, 1 - away / 0.9)))
        else:  # air
            made *= 1 - 0.75 * round_
    return made


def _texture(own: np.random.Generator, place: Floats) -> Floats:
    """Return (height, width) around 1: no two bodies are equally dense everywhere."""
    made = np.ones(place.shape[1:])
    for size in own.uniform(3, 16, 12):
        angle, phase = own.uniform(0, 2 * np.pi, 2)
        along = np.cos(angle) * place[0] + np.sin(angle) * place[1]
        made += 0.09 * np.sin(size * along + phase)
    return made


def _framed(values: Floats, rng: np.random.Generator) -> Floats:
    """Return the image with a letter for its side and, often, a dark edge of the collimator."""
    height, width = values.shape
    if rng.random() < 0.4:
        top, left = (rng.uniform(0.02, 0.1, 2) * (height, width)).astype(int)
        dark = np.ones_like(values, dtype=bool)
        dark[top : height - top, left : width - left] = False
        values[dark] *= 0.15
    if rng.random() < 0.7:
        y, x = (rng.uniform(0.05, 0.2, 2) * (height, width)).astype(int)
        values[y : y + max(4, height // 14), x : x + 2] = 0.95
        values[y + max(3, height // 14) - 1, x : x + 5] = 0.95
    return values


def _as_png(values: Floats) -> bytes:
    top = np.quantile(values, 0.998)
    return encode((np.clip(values / top, 0, 1) * 255).astype(np.uint8))


def _as_dicom(values: Floats, who: str, patient: int, view: int, rng: np.random.Generator) -> bytes:
    """Return a file of 12 bits; a third of them keep white as 0 (MONOCHROME1)."""
    top = np.quantile(values, 0.998)
    stored = (np.clip(values / top, 0, 1) * 4095).astype(np.uint16)
    is_inverted = rng.random() < 1 / 3
    number = patient * 10 + view
    tags: dict[str, Any] = {
        "SOPClassUID": DX,
        "SOPInstanceUID": f"{ROOT}5.{number}",
        "StudyInstanceUID": f"{ROOT}6.{patient}",
        "SeriesInstanceUID": f"{ROOT}7.{number}",
        "PatientID": who,
        "PatientName": "",
        "Modality": "DX",
        "BitsStored": 12,
        "HighBit": 11,
        "PresentationIntentType": "FOR PRESENTATION",
        "PhotometricInterpretation": "MONOCHROME1" if is_inverted else "MONOCHROME2",
        "WindowCenter": 2048,
        "WindowWidth": 4096,
    }
    return dicom(4095 - stored if is_inverted else stored, tags, number=number)


def _unwanted(problem: str, rng: np.random.Generator) -> bytes:
    """Return a file that has no business among radiographs."""
    height, width = (int(one) for one in rng.integers(100, 180, 2))
    grey = np.zeros((height, width))
    if problem == "form":  # a scanned sheet of paper with lines of text
        grey[:] = 0.97
        for row in range(12, height - 12, 9):
            ink = rng.random(width) < 0.55
            ink[: width // 10] = ink[int(width * rng.uniform(0.5, 0.95)) :] = False
            grey[row : row + 3, ink] = 0.1
    elif problem == "phantom":  # bars and steps, to test the machine
        steps = np.arange(width) * 8 // width / 8
        grey[:] = np.where(np.arange(height)[:, None] % 12 < 6, steps[None, :], 1 - steps[None, :])
    elif problem == "photo":
        y, x = np.mgrid[:height, :width]
        waves = rng.uniform(0.02, 0.09, (3, 2))
        colour = [127 + 120 * np.sin(a * x + b * y + 7 * a * y) for a, b in waves]
        return encode(np.stack(colour, axis=-1).astype(np.uint8))
    elif problem == "black":
        grey += 0.004 * rng.random(grey.shape)
    elif problem == "white":
        grey += 0.995
    elif problem == "empty":
        return b""
    elif problem == "no picture":
        return b"<html>session expired, please log in again</html>\n"
    made = encode((grey.clip(0, 1) * 255).astype(np.uint8))
    if problem == "cut short":
        noise = rng.integers(0, 255, (height, width)).astype(np.uint8)
        return encode(noise)[: height * width // 3]
    return made


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
