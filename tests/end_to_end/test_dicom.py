"""From DICOM studies to a report; one reader on every path."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.end_to_end.conftest import FAST, tamiz

from tamiz.data.contracts import Policy
from tamiz.data.image import Kind
from tamiz.formats.reader import Reader
from tamiz.testing.dicoms import ROOT, dicom

N_PATIENTS, N_SLICES = 24, 3
PLANTED = ("GARCÍA", "MARIANELA", "HC-778213", "19620417", "20210503", "ACC99182")


def studies(folder):
    """Write slices of patients, half of them with a bright ball; names, ids, dates in the tags."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:40, :40]
    for patient in range(N_PATIENTS):
        has_ball = patient % 2 == 0
        place = folder / f"s{patient:02d}"
        place.mkdir(parents=True)
        for number in range(N_SLICES):
            values = rng.normal(-600, 60, (40, 40))
            if has_ball:
                values[(x - 20) ** 2 + (y - rng.integers(15, 25)) ** 2 < 40] = 60
            tags = {
                "PatientName": f"García{patient}^Marianela",
                "PatientID": f"HC-778213-{patient}",
                "PatientBirthDate": "19620417",
                "StudyDate": "20210503",
                "AccessionNumber": "ACC99182",
                "SpecificCharacterSet": "ISO_IR 192",
                "StudyInstanceUID": f"{ROOT}2.{patient}",
                "SeriesInstanceUID": f"{ROOT}3.{patient}",
                "SOPInstanceUID": f"{ROOT}4.{patient}.{number}",
                "InstanceNumber": number + 1,
                "RescaleIntercept": -1024,
                "Manufacturer": "Acme",
                "KVP": 120,
            }
            stored = np.clip(values + 1024, 0, 4095).astype(np.uint16)
            (place / f"{number}.dcm").write_bytes(dicom(stored, tags))
    rows = [("patient id", "finding")]
    rows += [(f"HC-778213-{p}", "ball" if p % 2 == 0 else "none") for p in range(N_PATIENTS)]
    with (folder.parent / "metadata.csv").open("w", newline="") as opened:
        csv.writer(opened).writerows(rows)
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pacs")
    studies(folder / "studies")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAMIZ_KEY_FILE", str(folder / "secret" / "key"))
        labels = ("--label-table", folder / "metadata.csv", "--id", "patient id")
        tamiz(
            "run",
            folder / "studies",
            *labels,
            "--label",
            "finding",
            "--window",
            "lung",
            "--out",
            folder / "run",
            *FAST,
        )
        tamiz(
            "convert",
            folder / "studies",
            "--out",
            folder / "png",
            "--window",
            "lung",
            "--table",
            folder / "metadata.csv",
            "--id",
            "patient id",
            "--label",
            "finding",
        )
        yield folder


def test_dicom_trains_to_a_report_with_patients_as_groups(place):
    metrics = json.loads((place / "run" / "metrics.json").read_text())
    words = json.dumps(metrics)
    assert '"accuracy"' in words
    from tamiz.data.run_folder import Run

    rows = Run(place / "run").manifest()
    by_group: dict[str, set[str]] = {}
    for group, split in rows.rows("group", "split"):
        by_group.setdefault(group, set()).add(split)
    assert len(by_group) == N_PATIENTS
    assert all(len(parts) == 1 for parts in by_group.values())


def test_one_reader_gives_equal_pixels_on_every_path(place):
    """Direct reading, the converted PNG, the prepared training input and prediction agree."""
    with (place / "png" / "conversion.csv").open() as opened:
        table = list(csv.DictReader(opened))
    direct = Reader(place / "studies", Policy(window="lung"))
    from tamiz.data.run_folder import Run

    rows = Run(place / "run").manifest()
    instance_of = dict(zip(rows.column("instance"), rows.column("path"), strict=True))
    assert len(table) == N_PATIENTS * N_SLICES
    for row in table:
        png = np.asarray(Pillow.open(place / "png" / row["path"]))
        read = direct.read(instance_of[row["instance"]]).pixels[..., 0]
        assert (png == read).all()
    as_png = Reader(place / "png", Policy())
    first = table[0]
    assert (
        as_png.read(first["path"]).pixels == direct.read(instance_of[first["instance"]]).pixels
    ).all()


def test_prediction_reads_dicom_as_training_did(place):
    done = tamiz("predict", place / "run" / "model", place / "studies" / "s00", "--json")
    from_dicom = json.loads(done.stdout)
    with (place / "png" / "conversion.csv").open() as opened:
        table = list(csv.DictReader(opened))
    from tamiz.data.run_folder import Run

    rows = Run(place / "run").manifest()
    of_s00 = [i for i, p in rows.rows("instance", "path") if p.startswith("s00/")]
    pngs = [place / "png" / row["path"] for row in table if row["instance"] in of_s00]
    done = tamiz("predict", place / "run" / "model", *pngs, "--json")
    from_png = json.loads(done.stdout)
    assert probabilities(from_dicom) == probabilities(from_png)


def probabilities(report):
    blocks = [block for section in report["sections"] for block in section["blocks"]]
    rows = next(b["rows"] for b in blocks if len(b.get("rows", [[]])[0]) == 3)
    return sorted((row[1], row[2]) for row in rows)


def test_no_name_number_or_date_of_a_patient_is_in_anything_written(place):
    looked = 0
    for folder in ("run", "png"):
        for path in (place / folder).rglob("*"):
            content = (
                (str(path).encode() + path.read_bytes()) if path.is_file() else str(path).encode()
            )
            looked += 1
            for word in PLANTED:
                for one in (word, word.lower(), word.title()):
                    for encoding in ("utf-8", "latin-1", "utf-16-le"):
                        assert one.encode(encoding) not in content, (path, word)
    assert looked > 100


def test_the_key_is_the_owners_alone(place):
    assert (place / "secret" / "key").stat().st_mode & 0o777 == 0o600


def test_values_reach_the_networks_input_when_a_step_windows_them(place, tmp_path):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(
        '[data]\nwindow = "values"\n\n[[prepare.steps]]\nname = "window"\n'
        'windows = ["lung", "mediastinum", "bone"]\n'
    )
    labels = ("--label-table", place / "metadata.csv", "--id", "patient id", "--label", "finding")
    tamiz("run", place / "studies", *labels, "--recipe", recipe, "--out", tmp_path / "run", *FAST)
    bundle = json.loads((tmp_path / "run" / "model" / "bundle.json").read_text())
    assert bundle["reading"]["window"] == "values"
    assert bundle["steps"][0] == {"name": "window", "windows": ["lung", "mediastinum", "bone"]}
    image = Reader(place / "studies", Policy(window="values")).read("s00/0.dcm")
    assert image.kind is Kind.HOUNSFIELD


def test_values_without_a_step_that_windows_them_are_refused_before_training(place, tmp_path):
    labels = ("--label-table", place / "metadata.csv", "--id", "patient id", "--label", "finding")
    done = tamiz(
        "run",
        place / "studies",
        *labels,
        "--window",
        "values",
        "--out",
        tmp_path / "run",
        *FAST,
        check=False,
    )
    assert done.returncode == 2
    assert "no step makes grey of the values" in done.stderr


def test_a_png_holds_nothing_but_pixels(place):
    path = next((place / "png").rglob("*.png"))
    assert Pillow.open(io.BytesIO(path.read_bytes())).info == {}
