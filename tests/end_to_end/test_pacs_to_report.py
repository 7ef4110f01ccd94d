"""The whole of workflow D's first half: a real PACS filled with real files, to a report."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from tests.acquisition.orthanc import HTTP_PORT, SERVER, Orthanc, why_not
from tests.end_to_end.conftest import FAST, tamiz

from tamiz.data.run_folder import Run

pytestmark = [pytest.mark.shared_data, pytest.mark.long]
# Two objects carry UIDs that are none: one of the instance, one of the study (Orthanc fails on it).
ODD = 2


@pytest.fixture(scope="module")
def place(shared_data, tmp_path_factory):
    if why_not():
        pytest.skip(why_not())
    folder = tmp_path_factory.mktemp("hospital")
    with Orthanc(folder / "orthanc") as server:
        for path in sorted((shared_data / "dicom").glob("*/*")):
            put(server, path)
        counts = [
            server.tamiz(
                "fetch", *SERVER, "--modality", modality, "--out", folder / "studies", "--json",
                key=folder / "key",
            ).counts
            for modality in ("CT", "MR", "US", "OT")
        ]  # fmt: skip
    return folder, counts


def put(server: Orthanc, path: Path) -> None:
    """Store a file through Orthanc's own interface; it refuses some of the odd ones."""
    url = f"http://127.0.0.1:{HTTP_PORT}/instances"
    command = server.inside("curl", "-s", "-o", "/dev/null", "--data-binary", f"@{path}", url)
    subprocess.run(command, check=True)


def test_everything_that_the_pacs_has_arrives_but_what_has_no_valid_uid(place):
    folder, counts = place
    files = list((folder / "studies").rglob("*.dcm"))
    assert sum(one["expected"] for one in counts) - len(files) == ODD
    assert len(files) == 37


def test_modality_is_learnt_with_patients_as_groups_up_to_a_report(place, monkeypatch):
    folder, _ = place
    monkeypatch.setenv("TAMIZ_KEY_FILE", str(folder / "key"))
    tamiz("run", folder / "studies", "--label", "modality", "--keep", "secondary-capture",
          "--out", folder / "run", *FAST)  # fmt: skip
    assert (folder / "run" / "report" / "report.html").stat().st_size > 50_000
    rows = list(Run(folder / "run").manifest().rows("label", "group", "split"))
    assert {label for label, _, split in rows if split} == {"CT", "MR", "US", "OT"}
    sides: dict[str, set[str]] = {}
    for _, group, split in rows:
        if split:
            sides.setdefault(group, set()).add(split)
    assert all(len(parts) == 1 for parts in sides.values())
    metrics = json.loads((folder / "run" / "metrics.json").read_text())
    assert metrics


def test_the_originals_names_and_numbers_are_nowhere(place, shared_data):
    import pydicom

    folder, _ = place
    words = set()
    for path in sorted((shared_data / "dicom").glob("*/*")):
        dataset = pydicom.dcmread(path, force=True, stop_before_pixels=True)
        for name in ("PatientID", "PatientName", "AccessionNumber", "StudyInstanceUID"):
            value = str(dataset.get(name) or "").strip()
            is_telling = len(value) >= 6 and (len(value) > 16 or not value.isdecimal())
            words |= {value.encode()} if is_telling else set()
    assert len(words) > 30
    for part in ("studies", "run"):
        for path in (folder / part).rglob("*"):
            content = path.read_bytes() if path.is_file() else b""
            for word in words:
                assert word not in str(path).encode(), word
                assert path.suffix == ".html" or word not in content, (path, word)
