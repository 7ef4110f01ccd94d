"""What a node sends back is to the bit what `predict` says, of the right image, and valid."""

from __future__ import annotations

import io
import shutil
import subprocess

import numpy as np
import pytest

pytest.importorskip("highdicom")
pytest.importorskip("pynetdicom")

from tests.faces.conftest import drawn
from tests.faces.node_world import (
    BORN,
    CR,
    NAME,
    PATIENT,
    ROOT,
    SC_CLASS,
    Archive,
    image,
    running,
    settings_of,
    store,
    study,
)

from tamiz.core.language import speaking
from tamiz.node.headers import as_bytes
from tamiz.node.looking import looks_at
from tamiz.node.picturing import picture_of
from tamiz.node.reporting import About, class_code, report_of
from tamiz.serving.answering import Answerer
from tamiz.serving.decoders import Limits
from tamiz.serving.explaining import Explanations
from tamiz.stages.predict import predict

FRAMES = "1.2.840.10008.5.1.4.1.1.3.1"  # ultrasound, multi-frame
ABOUT = About(f"{ROOT}.1", 1, "0" * 32, "f" * 64, "TAMIZ", "0.1", 1.7e9)
RESEARCH = "FOR RESEARCH USE ONLY / SOLO PARA INVESTIGACIÓN"


def saved(folder, *datasets):
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, dataset in enumerate(datasets):
        paths.append(folder / f"{number:03}.dcm")
        dataset.save_as(paths[-1], enforce_file_format=True)
    return paths


def read_again(dataset):
    """Return a report as highdicom reads it from its file."""
    from highdicom.sr import srread

    return srread(io.BytesIO(as_bytes(dataset)))


def groups_of(report):
    return report.content.get_image_measurement_groups()


def probabilities_of(group):
    return {
        one[0].name.meaning.removeprefix("Probability: "): one[0].value
        for one in group.get_measurements()
    }


def place_of(group):
    source = group.source_images[0]
    return source.referenced_sop_instance_uid, source.referenced_frame_numbers


def words_in(report) -> str:
    return " ".join(str(one.TextValue) for one in walk(report) if "TextValue" in one)


def walk(dataset):
    for one in dataset.get("ContentSequence", []):
        yield one
        yield from walk(one)


@pytest.fixture(scope="module")
def frames():
    """Return an instance with three frames of both kinds."""
    rng = np.random.default_rng(8)
    pixels = np.stack([drawn(rng, kind) for kind in ("upper", "left", "upper")])
    return image(1, 9, pixels=pixels, NumberOfFrames=3, SOPClassUID=FRAMES, Modality="US")


def test_probabilities_and_classes_are_those_of_predict_for_each_instance_and_frame(
    answerer, model, frames, tmp_path
):
    datasets = [*study(1, 4), frames]
    paths = saved(tmp_path / "in", *datasets)
    report = read_again(report_of(ABOUT, looks_at(answerer, paths)))
    wanted = {}
    for path, dataset in zip(paths, datasets, strict=True):
        for one in predict(model, path).told()["answers"]:
            _, sign, number = one["path"].partition("#")
            frame = [int(number) + 1] if sign else None
            wanted[dataset.SOPInstanceUID, str(frame)] = one
    found = {(place_of(one)[0], str(place_of(one)[1])): one for one in groups_of(report)}
    assert set(found) == set(wanted)
    assert len(found) == 7
    for key, group in found.items():
        assert probabilities_of(group) == wanted[key]["probabilities"]
        (said,) = [
            one[0].value for one in group.get_qualitative_evaluations()
            if one[0].name.value == "predicted-class"
        ]  # fmt: skip
        assert said == class_code(wanted[key]["predicted"])
    assert {one["predicted"] for one in wanted.values()} == {"left", "upper"}


def test_the_report_lies_in_the_patients_study_names_its_images_and_is_for_research(
    answerer, tmp_path
):
    datasets = study(1, 2)
    report = read_again(report_of(ABOUT, looks_at(answerer, saved(tmp_path, *datasets))))
    assert str(report.PatientName) == NAME
    assert (report.PatientID, report.PatientBirthDate) == (f"{PATIENT}-1", BORN)
    assert (report.StudyInstanceUID, report.AccessionNumber) == (f"{ROOT}.1", "ACCPLANTED9")
    assert report.SeriesInstanceUID != datasets[0].SeriesInstanceUID
    assert report.Modality == "SR"
    assert report.content[0].ContentTemplateSequence[0].TemplateIdentifier == "1500"
    assert report.ConceptNameCodeSequence[0].CodeMeaning == RESEARCH
    assert RESEARCH in report.SeriesDescription
    assert report.ContentQualification == "RESEARCH"
    evidence = report.get_evidence(current_procedure_only=True)
    assert {(one[0], one[2], one[3]) for one in evidence} == {
        (f"{ROOT}.1", one.SOPInstanceUID, CR) for one in datasets
    }
    (observer,) = report.content.get_observer_contexts()
    assert observer.observer_identifying_attributes.serial_number == ABOUT.identity
    words = words_in(report)
    assert f"model {ABOUT.identity}" in words
    assert NAME not in words


def test_the_same_answer_is_the_same_object_to_the_byte(answerer, tmp_path):
    paths = saved(tmp_path, *study(1, 2))
    first, again = (as_bytes(report_of(ABOUT, looks_at(answerer, paths))) for _ in range(2))
    assert first == again
    from dataclasses import replace

    others = [replace(ABOUT, content="1" * 32), replace(ABOUT, identity="e" * 64)]
    uids = {report_of(one, looks_at(answerer, paths)).SOPInstanceUID for one in (ABOUT, *others)}
    assert len(uids) == 3
    assert all(len(one) <= 64 and one.startswith("2.25.") for one in uids)


@pytest.mark.skipif(shutil.which("dsrdump") is None, reason="DCMTK is not installed")
def test_dcmtk_reads_the_report(answerer, frames, tmp_path):
    report = report_of(ABOUT, looks_at(answerer, saved(tmp_path / "in", *study(1, 2), frames)))
    path = tmp_path / "sr.dcm"
    path.write_bytes(as_bytes(report))
    done = subprocess.run(["dsrdump", "+Pf", path], capture_output=True, text=True, check=True)
    assert "Comprehensive SR Document" in done.stdout
    assert done.stdout.count("Measurement Group") == 5
    assert not [one for one in done.stderr.splitlines() if one.startswith("E:")]


@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dicom3tools is not installed")
def test_dciodvfy_finds_no_error_in_report_and_picture(answerer, frames, tmp_path):
    looks = looks_at(answerer, saved(tmp_path / "in", image(1, 1), frames), has_maps=True)
    picture = picture_of(ABOUT, looks[1], Explanations(answerer.bundle), 1)
    for number, made in enumerate((report_of(ABOUT, looks), picture)):
        path = tmp_path / f"{number}.dcm"
        path.write_bytes(as_bytes(made))
        done = subprocess.run(["dciodvfy", path], capture_output=True, text=True, check=False)
        assert "Error" not in done.stdout + done.stderr


def test_an_odd_image_is_called_so_and_with_abstain_gets_no_answer(answerer, model, tmp_path):
    rng = np.random.default_rng(3)
    pixels = rng.integers(0, 255, (20, 20, 3), dtype=np.uint8)
    odd = image(1, 1, pixels=pixels)
    paths = saved(tmp_path, odd, image(1, 2))
    said = {"warn": groups_of(read_again(report_of(ABOUT, looks_at(answerer, paths))))}
    with Answerer.load(model, guard="abstain", limits=Limits(processes=1)) as strict:
        said["abstain"] = groups_of(read_again(report_of(ABOUT, looks_at(strict, paths))))
    for guard, code in (("warn", "c"), ("abstain", "no-answer")):
        values = [one[0].value.value for one in said[guard][0].get_qualitative_evaluations()]
        assert values[0].startswith(code)
        assert values[1] == "373066001"  # yes: unlike the training images
        assert len(probabilities_of(said[guard][0])) == 2
    assert len(said["abstain"][1].get_qualitative_evaluations()) == 1


def test_an_image_that_cannot_be_read_is_in_the_report_with_its_reason(answerer, tmp_path):
    bad = image(1, 1, PixelData=b"\0\0")
    with speaking("es"):
        looks = looks_at(answerer, saved(tmp_path, bad, image(1, 2)))
        report = read_again(report_of(ABOUT, looks))
    first, second = groups_of(report)
    assert [one[0].value.value for one in first.get_qualitative_evaluations()] == ["not-read"]
    assert probabilities_of(first) == {}
    assert "No se pudo leer:" in words_in(report)
    assert len(probabilities_of(second)) == 2
    assert report.content[0].ContentSequence[0].ConceptCodeSequence[0].CodeValue == "es-ES"


def test_a_patient_as_odd_as_real_ones_is_copied_as_it_is(answerer, tmp_path):
    from pydicom import config

    odd = image(1, 1)
    with config.disable_value_validation():
        odd.PatientSex, odd.PatientBirthDate = "UNKNOWN", "7 June 1952"
        odd.OtherPatientIDs = ["A1", "B2"]
    del odd.AccessionNumber, odd.ReferringPhysicianName
    report = report_of(ABOUT, looks_at(answerer, saved(tmp_path, odd)))
    assert (report.PatientSex, str(report.PatientBirthDate)) == ("UNKNOWN", "7 June 1952")
    again = read_again(report)
    assert list(again.OtherPatientIDs) == ["A1", "B2"]
    assert again["AccessionNumber"].value in {"", None}


@pytest.mark.parametrize("name", ["a\\b\n" + "x" * 90, "neumonía ⚕", "<script>"])
def test_class_names_of_any_kind_fit_a_code(name):
    code = class_code(name)
    assert code.value == class_code(name).value
    assert len(code.meaning) <= 64
    assert "\\" not in code.meaning
    assert len(code.value) <= 16


def test_maps_come_as_pictures_in_a_series_of_their_own(answerer, frames, tmp_path):
    with Archive() as archive:
        settings = settings_of(tmp_path / "state", archive, has_maps=True, keeps=True)
        with running(settings, answerer) as node:
            assert store(settings.port, image(1, 1), frames) == [0, 0]
            node.wait_for_state("done")
    pictures = [one for one in archive.received if one.SOPClassUID == SC_CLASS]
    assert len(pictures) == 4
    assert len(archive.reports()) == 1
    assert len({one.SOPInstanceUID for one in pictures}) == 4
    assert {one.SeriesInstanceUID for one in pictures} != {
        one.SeriesInstanceUID for one in archive.reports()
    }
    for one in pictures:
        assert (one.StudyInstanceUID, one.PatientID) == (f"{ROOT}.1", f"{PATIENT}-1")
        assert (one.DerivationDescription, one.ContentQualification) == (RESEARCH, "RESEARCH")
        pixels = one.pixel_array
        assert pixels.shape[2] == 3
        colourful = np.ptp(pixels.astype(int), axis=2).max()
        assert colourful > 60
    places = {
        (one.SourceImageSequence[0].ReferencedSOPInstanceUID,
         one.SourceImageSequence[0].get("ReferencedFrameNumber"))
        for one in pictures
    }  # fmt: skip
    assert places == {(f"{ROOT}.1.1.1", None), *((f"{ROOT}.1.1.9", one) for one in (1, 2, 3))}
    assert len(list((tmp_path / "state" / "studies").glob("*/*.dcm"))) == 2  # kept
