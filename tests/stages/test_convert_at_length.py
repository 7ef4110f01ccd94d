"""Conversions of many files, sudden ends, nobody named anywhere, and the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.stages.converted import (
    PERSON,
    PLANTED,
    counts,
    files_in,
    go,
    one,
    rows_of,
)

from tamiz.cli.main import main
from tamiz.core.errors import WrongUse
from tamiz.core.pseudonyms import is_pseudonym
from tamiz.core.recipe import DataOptions
from tamiz.formats.dicom_dataset import parse
from tamiz.inputs import dicom_headers
from tamiz.inputs.find import find
from tamiz.testing.dicoms import ROOT, dicom
from tamiz.testing.sources import write_files

# Many files, several processes, sudden ends


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Return (source of 160 files, what they become)."""
    folder = tmp_path_factory.mktemp("many")
    files = {f"{n % 8}/{n}.dcm": one(n, PatientID=f"PAT{n % 8}") for n in range(160)}
    source = write_files(folder / "in", files)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAMIZ_KEY_FILE", str(folder / "key"))
        dicom_headers._pseudonyms.cache_clear()
        go(source, folder / "out", workers=1)
    return source, files_in(folder / "out")


def test_two_processes_make_what_one_makes(many, tmp_path):
    source, expected = many
    report = go(source, tmp_path / "out", workers=2)
    assert counts(report)["converted_now"] == 160
    assert files_in(tmp_path / "out") == expected
    assert [row["path"] for row in rows_of(tmp_path / "out" / "conversion.csv")] == [
        f"{name.removesuffix('.dcm')}.png" for name in sorted(find_names(source))
    ]


def find_names(source: Path) -> list[str]:
    return [str(path.relative_to(source)) for path in source.rglob("*.dcm")]


@pytest.mark.parametrize("n_lines", [1, 17, 81])
def test_killed_at_any_time_and_called_again_all_files_are_whole_and_equal(many, tmp_path, n_lines):
    source, expected = many
    out = tmp_path / "out"
    command = (sys.executable, "-m", "tamiz", "convert", source, "--out", out, "--quiet",
               "--workers", "1")  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    journal = out / "conversion.jsonl"
    while process.poll() is None and not (
        journal.exists() and journal.read_bytes().count(b"\n") >= n_lines
    ):
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    n_noted = max(0, journal.read_bytes().count(b"\n") - 1)
    report = go(source, out, workers=1)
    assert counts(report)["converted_now"] == 160 - n_noted
    assert counts(report)["pictures"] == 160
    assert files_in(out) == expected


def test_two_calls_at_once_do_not_mix(many, tmp_path):
    from tamiz.core.files import locked

    source, _ = many
    with locked(tmp_path / "out"), pytest.raises(WrongUse, match=f"{os.getpid()}"):
        go(source, tmp_path / "out")


# DICOM without identities


def studies(root):
    """Write raw data in folders that are named after their patients."""
    files = {}
    for n in range(4):
        tags = PERSON | {"SOPInstanceUID": f"{ROOT}4.{n}", "SeriesInstanceUID": f"{ROOT}3.{n // 2}"}
        files[f"Mendoza Luisa/20210503/HC-778213_{n}.dcm"] = one(n, **tags)
    return write_files(root, files)


def test_dicom_without_identities_holds_equal_pixels_and_nobody(tmp_path):
    source = studies(tmp_path / "in")
    report = go(source, tmp_path / "out", to="dicom")
    made = files_in(tmp_path / "out")
    assert counts(report)["pictures"] == len(made) == 4
    raw = {parse(p.read_bytes()).PixelData for p in source.rglob("*.dcm")}
    assert {parse(content).PixelData for content in made.values()} == raw
    for content in made.values():
        dataset = parse(content, None)
        assert is_pseudonym(dataset.PatientID)
        assert dataset.PatientIdentityRemoved == "YES"
    assert not find(DataOptions(source=str(tmp_path / "out"))).has_names


def test_regions_are_black_in_dicom_too(tmp_path):
    source = write_files(tmp_path / "in", {"a.dcm": one(1), "b.dcm": one(2, Modality="MR")})
    go(source, tmp_path / "out", to="dicom", blank=("0,0,4,3",))
    for content in files_in(tmp_path / "out").values():
        pixels = parse(content).pixel_array
        assert (pixels[:3, :4] == 0).all()
        assert pixels[3:].any()


def test_what_was_removed_is_counted_without_values(tmp_path):
    go(studies(tmp_path / "in"), tmp_path / "out", to="dicom")
    rows = rows_of(tmp_path / "out" / "deidentified.csv")
    found = {(row["tag"], row["action"]): row["files"] for row in rows}
    assert found["0008,0080 InstitutionName", "removed"] == "4"
    assert found["0010,0010 PatientName", "replaced"] == "4"


def test_going_on_counts_what_was_removed_before(tmp_path):
    source = write_files(tmp_path / "in", {"a.dcm": one(1, **PERSON)})
    go(source, tmp_path / "out", to="dicom")
    write_files(source, {"b.dcm": one(2, **PERSON)})
    go(source, tmp_path / "out", to="dicom")
    rows = rows_of(tmp_path / "out" / "deidentified.csv")
    assert {row["files"] for row in rows if "PatientName" in row["tag"]} == {"2"}


# Nobody named anywhere


REPORT = "1.2.840.10008.5.1.4.1.1.88.11"


@pytest.mark.parametrize("to", ["png", "dicom"])
def test_names_numbers_and_dates_are_in_nothing_written_or_said(tmp_path, capfd, to):
    source = studies(tmp_path / "in")
    hidden = {
        "cut.dcm": one(50, **PERSON)[:-30],
        "sr": dicom(None, PERSON | {"Modality": "SR", "SOPClassUID": REPORT}),
        "again.dcm": one(0, **PERSON, SOPInstanceUID=f"{ROOT}4.0"),
        "Luisa.txt": b"x",
        "scout.dcm": one(51, **PERSON, ImageType=["A", "LOCALIZER"]),
    }
    write_files(source, {f"Mendoza Luisa/{name}": one for name, one in hidden.items()})
    with pytest.raises(SystemExit) as end:
        main(["convert", str(source), "--out", str(tmp_path / "out"), "--to", to])
    assert end.value.code == 1
    said = "".join(capfd.readouterr())
    assert "1 of 5 files cannot be read" in said
    made = files_in(tmp_path / "out")
    assert len(made) == 4
    assert all(is_pseudonym(name.split("/")[0]) for name in made)
    scanned = {f"{p.relative_to(tmp_path / 'out')}": p.read_bytes() if p.is_file() else b""
               for p in (tmp_path / "out").rglob("*")}  # fmt: skip
    for name, content in (scanned | {"terminal": said.encode()}).items():
        folded = name.lower().encode() + content.lower()
        for word in PLANTED:
            for encoding in ("utf-8", "utf-16-le"):
                assert word.lower().encode(encoding) not in folded, (name, word)


# The command line


def call(capsys, *arguments) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["convert", *map(str, arguments)])
    told = capsys.readouterr()
    return int(end.value.code or 0), told.out, told.err


def test_the_command_ends_with_0_and_tells_json(mixed, tmp_path, capsys):
    code, out, _ = call(capsys, mixed, "--out", tmp_path / "out", "--json", "--quiet")
    assert code == 0
    assert json.loads(out)["values"]["convert"]["pictures"] == 7


def test_the_command_ends_with_1_when_a_file_cannot_be_read(tmp_path, capsys):
    source = write_files(tmp_path / "in", {"a.dcm": one(1), "b.dcm": one(2)[:-20]})
    code, out, _ = call(capsys, source, "--out", tmp_path / "out")
    assert code == 1
    assert "1 of 2 files cannot be read" in out


WRONG = {
    "no region": ("--blank", "1,2"),
    "values": ("--window", "values"),
    "no window": ("--window", "none"),
    "no kind": ("--keep", "scout"),
    "no bits": ("--bits", "12"),
    "no target": ("--to", "jpeg"),
    "no column": ("--label", "PatientName"),
}


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG)
def test_the_command_ends_with_2_and_says_what_is_wrong(tmp_path, capsys, arguments):
    source = write_files(tmp_path / "in", {"a.dcm": one(1)})
    code, out, err = call(capsys, source, "--out", tmp_path / "out", *arguments)
    assert (code, out) == (2, "")
    assert arguments[1] in err
    assert not (tmp_path / "out").exists()


def test_the_command_ends_with_3_without_dicom_and_with_2_without_out(tmp_path, capsys):
    source = write_files(tmp_path / "in", {"a.txt": b"x"})
    assert call(capsys, source, "--out", tmp_path / "out")[0] == 3
    assert call(capsys, source)[0] == 2


def test_with_a_label_the_command_makes_class_folders(mixed, tmp_path, capsys):
    code, _, _ = call(capsys, mixed, "--out", tmp_path / "out", "--label", "modality")
    assert code == 0
    folders = {name.split("/")[0] for name in files_in(tmp_path / "out")}
    assert folders == {"CT", "MR", "US", "XC", "CR"}
