"""Drawn chest CT of workflow D: patients' folders of DICOM slices, two scanners, three findings.

    python examples/workflows/draw_ct.py FOLDER [--small]

writes `FOLDER/disk-2021`, `FOLDER/disk-2022`, a label table of each, and `pseudonyms.key`.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamiz.testing.dicoms import ROOT, dicom

Floats = NDArray[np.float64]
AIR, FAT, MUSCLE, LUNG, BONE = -1000.0, -90.0, 45.0, -850.0, 500.0  # Hounsfield units
KEY = "7a" * 32  # of drawn patients only: a fixed one, so that splits and figures repeat
FINDINGS = ("Covid", "Normal", "Pneumonia")
SHARES = (0.45, 0.30, 0.25)  # of the patients; as uneven as the original's
# How many of a finding's patients the hospital itself scanned: of pneumonia none, as in the
# original. The others come from a public collection, made with another scanner.
FROM_HOSPITAL = {"Covid": 0.75, "Normal": 0.5, "Pneumonia": 0.0}
GIVEN = (
    "ALMA", "BRUNO", "CELIA", "DARIO", "ELENA", "FABIO", "GEMA", "HUGO", "INES", "JUAN", "LOLA",
    "MARIO", "NORA", "OSCAR", "PILAR",
)  # fmt: skip
FAMILY = (
    "ALBA", "BLANCO", "CAMPO", "DURAN", "ESPINO", "FUENTE", "GARZA", "HOYOS", "IBARRA", "LUNA",
    "MATA", "NAVAS", "OTERO",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanner:
    """What a scanner leaves in pictures and headers."""

    maker: str
    model: str
    kernel: str
    noise: float  # of a picture, in Hounsfield units
    zoom: float  # of the field of view: above 1 the body is smaller in it
    has_table: bool  # whether the couch is seen
    slope: float
    intercept: float


HOSPITAL = Scanner(
    maker="Sereno", model="Tora-16", kernel="SHARP", noise=70.0, zoom=1.12, has_table=True,
    slope=1.0, intercept=-1024.0,
)  # fmt: skip
PUBLIC = Scanner(
    maker="Clarus", model="Open-64", kernel="SMOOTH", noise=25.0, zoom=0.97, has_table=False,
    slope=0.5, intercept=-2048.0,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Patient:
    """A body that stays from slice to slice; places are relative to the field of view."""

    name: str
    number: str
    finding: str
    scanner: Scanner
    body: Floats  # half its width and height
    lungs: Floats  # (2, 4): x, y, half width, half height, of the right lung and the left
    vessels: Floats  # (n, 6): x, y, how both change along the body, radius, Hounsfield units
    patches: Floats  # (n, 6): x, y, z, radius, Hounsfield units, softness of the edge


def draw_all(out: Path, *, is_small: bool = False) -> None:
    """Write the disks of 2021 and of 2022, their tables and the key of the pseudonyms."""
    n_patients, n_slices, side = (60, 3, 48) if is_small else (120, 10, 96)
    draw(out, n_patients, n_slices, side=side)
    draw(out, n_patients // 2, n_slices, side=side, year=2022)
    key = out / "pseudonyms.key"
    key.touch(0o600)
    key.write_text(KEY, encoding="ascii")


def draw(out: Path, n_patients: int, n_slices: int, *, side: int, year: int = 2021) -> None:
    """Write `disk-<year>/<NAME>/<date>/IM0001.dcm` and `metadata-<year>.csv`.

    Every patient has one study of `n_slices` slices that look alike. The table's `patient id` are
    those of the headers; some of its rows match no patient, and two patients have no row. In 2021
    scans come from two scanners; in later years all come from the hospital's, pneumonia too.
    """
    rng = np.random.default_rng(year)
    counts = [round(share * n_patients) for share in SHARES]
    first = 1000 * (year - 2021)
    patients = []
    for finding, n_here in zip(FINDINGS, counts, strict=True):
        n_own = round(FROM_HOSPITAL[finding] * n_here) if year == 2021 else n_here
        for at in range(n_here):
            scanner = HOSPITAL if at < n_own else PUBLIC
            patients.append(_patient(rng, first + len(patients), finding, scanner))
    for at, patient in enumerate(patients):
        day = f"{year}{at % 12 + 1:02d}{at % 28 + 1:02d}"
        folder = out / f"disk-{year}" / patient.name / f"{day[:4]}-{day[4:6]}-{day[6:]}"
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, n_slices + 1):
            path = folder / f"IM{number:04d}.dcm"
            if not path.exists():
                path.write_bytes(_slice(patient, number, n_slices, side, day))
    _write_table(out / f"metadata-{year}.csv", patients, rng)


def _write_table(path: Path, patients: list[Patient], rng: np.random.Generator) -> None:
    rows = [(one.number, one.finding) for one in patients[1:-1]]
    rows += [(f"X{number:04d}", FINDINGS[number % 3]) for number in range(6)]
    rng.shuffle(rows)
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(("patient id", "finding"))
        writer.writerows(rows)


def _patient(rng: np.random.Generator, at: int, finding: str, scanner: Scanner) -> Patient:
    name = f"{FAMILY[at % 13]}_{FAMILY[at // 13 % 13]}_{GIVEN[at % 15]}"
    body = rng.uniform((0.84, 0.6), (0.94, 0.74))
    across = rng.uniform(0.3, 0.36)
    lungs = np.array(
        [
            (turn * 0.45, rng.uniform(-0.08, 0.02), across, body[1] * rng.uniform(0.66, 0.78))
            for turn in (-1, 1)
        ]
    )
    vessels = rng.uniform(
        (-0.75, -0.45, -0.3, -0.3, 0.012, -600.0), (0.75, 0.45, 0.3, 0.3, 0.04, 0.0), (70, 6)
    )
    return Patient(
        name, f"H{at:04d}", finding, scanner, body, lungs, vessels, _patches(rng, finding)
    )


def _patches(rng: np.random.Generator, finding: str) -> Floats:
    """Return what is in the lungs: (n, 6), places in units of a lung, the side in x's whole part.

    Covid: several faint, soft patches at the lungs' back edge, on both sides. Pneumonia: one or
    two dense ones in one lung. A third of the normal lungs has a faint one, too.
    """
    if finding == "Covid":
        n = rng.integers(4, 10)
        angle = rng.uniform(0.05, 0.95, n) * np.pi  # y points down, to the back
        x, y, side = 0.85 * np.cos(angle), 0.8 * np.sin(angle), rng.integers(0, 2, n)
        z, radius = rng.uniform(0.1, 0.9, n), rng.uniform(0.18, 0.4, n)
        level, soft = rng.uniform(-680, -420, n), np.full(n, 0.5)
    else:
        n = rng.integers(1, 3) if finding == "Pneumonia" else int(rng.random() < 0.33)
        x, y = rng.uniform(-0.5, 0.5, n), rng.uniform(-0.6, 0.6, n)
        side, z = np.full(n, rng.integers(0, 2)), rng.uniform(0.3, 0.7, n)
        is_dense = finding == "Pneumonia"
        radius = rng.uniform(0.4, 0.7, n) if is_dense else rng.uniform(0.15, 0.3, n)
        level = rng.uniform(-450, -50, n) if is_dense else rng.uniform(-700, -600, n)
        soft = np.full(n, 0.2 if is_dense else 0.5)
    return np.stack([x + 10 * side, y, z, radius, level, soft], axis=1)


def _slice(patient: Patient, number: int, n_slices: int, side: int, day: str) -> bytes:
    """Return the DICOM file of a slice.

    Args:
        patient: who is scanned.
        number: of the slice, from 1.
        n_slices: of the study.
        side: of the picture, in pixels.
        day: of the study, YYYYMMDD.
    """
    scanner, whose = patient.scanner, int(patient.number[1:])
    values = _anatomy(patient, (number - 0.5) / n_slices, side)
    values += np.random.default_rng([whose, number]).normal(0, scanner.noise, values.shape)
    values = np.clip(values, -1024, 3071)
    stored = np.round((values - scanner.intercept) / scanner.slope).astype(np.uint16)
    tags: dict[str, Any] = {
        "PatientName": patient.name.replace("_", "^", 1),
        "PatientID": patient.number,
        "StudyInstanceUID": f"{ROOT}2.{whose}",
        "SeriesInstanceUID": f"{ROOT}3.{whose}.1",
        "SOPInstanceUID": f"{ROOT}4.{whose}.{number}",
        "StudyDate": day,
        "StudyDescription": "Torax simple",
        "Manufacturer": scanner.maker,
        "ManufacturerModelName": scanner.model,
        "ConvolutionKernel": scanner.kernel,
        "RescaleSlope": scanner.slope,
        "RescaleIntercept": scanner.intercept,
        "RescaleType": "HU",
        "BodyPartExamined": "CHEST",
    }
    return dicom(stored, tags, number=number)


def _anatomy(patient: Patient, height: float, side: int) -> Floats:
    """Return Hounsfield units of a slice, (side, side), without noise.

    Args:
        patient: whose body it is.
        height: place along the body, 0 at the top of the lungs, 1 at their bottom.
        side: of the picture, in pixels.
    """
    axis = (np.arange(side) + 0.5) / side * 2 - 1
    x, y = np.meshgrid(axis * patient.scanner.zoom, axis * patient.scanner.zoom)
    made = np.full((side, side), AIR)
    if patient.scanner.has_table:
        made[(y > 0.86) & (y < 0.92) & (np.abs(x) < 0.8)] = -250.0
    from_centre = (x / patient.body[0]) ** 2 + (y / patient.body[1]) ** 2
    made[from_centre < 1] = FAT
    made[from_centre < 0.88] = MUSCLE
    grown = 0.7 + 0.3 * np.sin(np.pi * (0.15 + 0.75 * height))  # lungs are widest below the middle
    for index, (centre_x, centre_y, half_x, half_y) in enumerate(patient.lungs):
        u = (x - centre_x) / (half_x * grown)
        v = (y - centre_y) / (half_y * grown)
        inside = u**2 + v**2 < 1
        made[inside] = _lung(patient, index, height, (u, v))[inside]
    for at_x, at_y, drift_x, drift_y, radius, level in patient.vessels:
        near = (x - at_x - drift_x * (height - 0.5)) ** 2 + (y - at_y - drift_y * height) ** 2
        made = np.where((near < radius**2) & (made > AIR) & (made < -300), level, made)
    made[(x / 0.1) ** 2 + ((y - 0.72 * patient.body[1]) / 0.12) ** 2 < 1] = BONE
    return made


def _lung(patient: Patient, index: int, height: float, place: tuple[Floats, Floats]) -> Floats:
    """Return Hounsfield units of a lung and of what is in it, at places in units of the lung."""
    u, v = place
    made = LUNG + 50 * v  # the back lies below and is denser
    for at_x, at_y, at_z, radius, level, soft in patient.patches:
        if int(at_x > 5) != index:
            continue
        off_x = at_x - 10 * index
        away = np.sqrt((u - off_x) ** 2 + (v - at_y) ** 2 + (1.6 * (height - at_z)) ** 2) / radius
        share = 1 / (1 + np.exp((away - 1) / (0.25 * soft)))
        made = made * (1 - share) + np.maximum(made, level) * share
    return made


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Draw the chest CT of workflow D")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--small", action="store_true", help="fewer and smaller slices")
    asked = parser.parse_args()
    draw_all(asked.folder, is_small=asked.small)
