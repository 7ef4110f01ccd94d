"""One Orthanc for the tests of this folder, filled once; a key of pseudonyms."""

from __future__ import annotations

import pytest

pytest.importorskip("pydicom")
pytest.importorskip("pynetdicom")

from tests.acquisition.orthanc import (
    DAY,
    MARCH,
    PATIENT,
    SERVER,
    ULTRASOUND,
    WEB_URL,
    Orthanc,
    draw,
    save,
    why_not,
)


@pytest.fixture(scope="session")
def key(tmp_path_factory):
    """Return the path of a key of pseudonyms."""
    from tamiz.core.pseudonyms import Pseudonyms

    path = tmp_path_factory.mktemp("key") / "pseudonyms.key"
    Pseudonyms.load(path)
    return path


@pytest.fixture(scope="session")
def pseudonyms(key):
    from tamiz.core.pseudonyms import Pseudonyms

    return Pseudonyms.load(key)


@pytest.fixture(scope="session")
def originals(tmp_path_factory):
    """Return the folder of what is stored: 2 patients, 3 studies, 4 series, 22 CT, 1 US."""
    folder = tmp_path_factory.mktemp("originals")
    save(
        folder,
        *[draw(1, 1, 1, n) for n in range(8)],
        *[draw(1, 1, 2, n) for n in range(4)],
        *[draw(1, 2, 1, n) for n in range(4)],
        *[draw(2, 1, 1, n) for n in range(6)],
        draw(2, 1, 2, 0, Modality="US", SOPClassUID=ULTRASOUND, SeriesDescription="ECO"),
    )
    return folder


@pytest.fixture(scope="session")
def orthanc(tmp_path_factory, originals):
    """Return a running Orthanc that has `originals` and compressed test files of pydicom."""
    if reason := why_not():
        pytest.skip(reason)
    from pydicom.data import get_testdata_file

    with Orthanc(tmp_path_factory.mktemp("orthanc")) as server:
        server.store(originals)
        for name, syntax in (
            ("JPEG2000.dcm", "-xw"),
            ("MR_small_RLE.dcm", "-xr"),
        ):
            server.store(get_testdata_file(name, download=False), syntax=syntax)
        yield server


@pytest.fixture(scope="session")
def brought(orthanc, key, tmp_path_factory):
    """Return the folder with one retrieval per way, and all that was printed, by way."""
    folder, said = tmp_path_factory.mktemp("brought"), {}
    for way in ("get", "move", "web"):
        words = ("--way", way, "--dicomweb", WEB_URL, "--out", folder / way)
        done = orthanc.tamiz("fetch", *SERVER, *MARCH, *words, key=key)
        assert done.code == 0, done.err
        assert "Received 19 of 19" in done.out
        said[way] = done.out + done.err
    return folder, said


@pytest.fixture
def planted():
    """Return texts that must not be found in anything written or printed."""
    return (
        "PLANTAD", "MARIBEL", PATIENT, DAY, "2021-03-14", "20210620", "2021-06-20", "19520607",
        "1.2.826.0.1.77", "ACCPLANTED9", "STUDYPLANTED",
    )  # fmt: skip
