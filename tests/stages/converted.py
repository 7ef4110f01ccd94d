"""Small DICOM sources, and what a conversion of them leaves."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import PIL.Image

from tamiz.core.recipe import DataOptions
from tamiz.stages.convert import ConvertOptions, convert
from tamiz.testing.dicoms import dicom
from tamiz.workers.current import working_on

OWN = {".lock", "conversion.csv", "conversion.jsonl", "unplaced.csv", "deidentified.csv"}
PERSON = {
    "PatientName": "Mendoza^Luisa",
    "PatientID": "HC-778213",
    "PatientBirthDate": "19620417",
    "StudyDate": "20210503",
    "AccessionNumber": "ACC99182",
    "InstitutionName": "Sanatorio Oculto",
    "PatientComments": "llamar a su hija Rosaura",
}
PLANTED = ("Mendoza", "Luisa", "778213", "19620417", "1962-04-17", "20210503", "ACC99182",
           "Sanatorio", "Rosaura")  # fmt: skip


def one(number: int = 1, **tags) -> bytes:
    """Return a small CT of its own, with these tags."""
    pixels = np.random.default_rng(number).integers(0, 2500, (8, 10)).astype(np.uint16)
    return dicom(pixels, {"RescaleIntercept": -1024, **tags}, number=number)


def film(n_frames: int, number: int = 1) -> bytes:
    pixels = np.random.default_rng(number).integers(0, 255, (n_frames, 6, 5)).astype(np.uint8)
    return dicom(pixels, {"NumberOfFrames": n_frames, "Modality": "US"}, number=number)


def colours(number: int = 1) -> bytes:
    pixels = np.random.default_rng(number).integers(0, 255, (7, 6, 3)).astype(np.uint8)
    return dicom(pixels, {"Modality": "XC"}, number=number)


def go(source, out, *, to="png", bits=8, folders="mirror", blank=(), workers=0, **data):
    options = ConvertOptions(to=to, bits=bits, folders=folders, blank=blank)
    with working_on(n_workers=workers):
        return convert(DataOptions(source=str(source), **data), out, options)


def counts(report) -> dict[str, int]:
    made: dict[str, int] = report.values["convert"]
    return made


def files_in(out: Path) -> dict[str, bytes]:
    """Return name -> bytes of what was converted, without the conversion's own files."""
    names = {p: str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()}
    return {name: path.read_bytes() for path, name in names.items() if name not in OWN}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def pixels_of(content: bytes):
    return np.asarray(PIL.Image.open(io.BytesIO(content)))


def chunks_of(content: bytes) -> list[bytes]:
    at, made = 8, []
    while at < len(content):
        made.append(content[at + 4 : at + 8])
        at += 12 + int.from_bytes(content[at : at + 4], "big")
    return made
