"""A real archive sends studies and gets the reports back, by C-STORE and by STOW-RS."""

from __future__ import annotations

import io
import signal
import time

import pytest

pytest.importorskip("highdicom")
pytest.importorskip("pynetdicom")

from tests.acquisition.orthanc import WEB_URL, Orthanc, save, why_not
from tests.faces.node_orthanc import ask, file_of, listening, reports_in, started
from tests.faces.node_world import ROOT, study

from tamiz.stages.predict import predict


def wait_for_reports(orthanc, n):
    until = time.monotonic() + 30
    while len(found := reports_in(orthanc)) < n:
        assert time.monotonic() < until, found
        time.sleep(0.1)
    return found


def probabilities_in(report):
    return {
        group.source_images[0].referenced_sop_instance_uid: [
            one[0].value for one in group.get_measurements()
        ]
        for group in report.content.get_image_measurement_groups()
    }


@pytest.mark.long
def test_orthanc_sends_studies_and_has_the_reports_in_them_afterwards(model, tmp_path):
    if reason := why_not():
        pytest.skip(reason)
    from highdicom.sr import srread

    images = save(tmp_path / "images", *study(1, 2), *study(2, 1))
    state, quick = tmp_path / "state", ("--quiet-seconds", 0.4)
    with Orthanc(tmp_path / "orthanc") as orthanc:
        orthanc.store(images)
        studies = {
            ask(orthanc, f"/studies/{one}")["MainDicomTags"]["StudyInstanceUID"]: one
            for one in ask(orthanc, "/studies")
        }
        first = started(orthanc, model, state, *quick)
        listening(first)
        sent = ask(orthanc, "/modalities/TAMIZ/store", [studies[f"{ROOT}.1"]])
        assert (sent["InstancesCount"], sent["FailedInstancesCount"]) == (2, 0)
        wait_for_reports(orthanc, 1)
        first.kill()
        first.communicate()
        second = started(orthanc, model, state, *quick, answer_to=WEB_URL)
        listening(second)
        assert ask(orthanc, "/modalities/TAMIZ/store", list(studies.values())) is not None
        names = wait_for_reports(orthanc, 2)
        time.sleep(1.0)
        assert reports_in(orthanc) == names  # the first study came again and is answered once
        second.send_signal(signal.SIGTERM)
        _, told = second.communicate(timeout=20)
        assert second.returncode == 0, told
        files = [file_of(orthanc, one) for one in names]
    reports = [srread(io.BytesIO(one)) for one in files]
    assert {one.StudyInstanceUID for one in reports} == set(studies)
    found = {uid: row for one in reports for uid, row in probabilities_in(one).items()}
    wanted = {
        dataset.SOPInstanceUID: list(row["probabilities"].values())
        for dataset, row in zip(
            [*study(1, 2), *study(2, 1)], predict(model, images).told()["answers"], strict=True
        )
    }
    assert found == wanted
