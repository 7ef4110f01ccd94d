"""A key of its own for every test, and a small mixed source."""

from __future__ import annotations

import pytest
from tests.stages.converted import colours, film, one

from tamiz.inputs import dicom_headers
from tamiz.testing.sources import write_files


@pytest.fixture(autouse=True)
def key(tmp_path, monkeypatch):
    """Keep away from the key of whoever runs these tests, and from that of the last test."""
    place = tmp_path / "safe" / "key"
    monkeypatch.setenv("TAMIZ_KEY_FILE", str(place))
    dicom_headers._pseudonyms.cache_clear()
    yield place
    dicom_headers._pseudonyms.cache_clear()


@pytest.fixture
def mixed(tmp_path):
    """Return a source with greys, colours, frames, an MR and a MONOCHROME1."""
    files = {
        "s1/ct.dcm": one(1),
        "s1/mr": one(2, Modality="MR", RescaleIntercept=0, WindowCenter=900, WindowWidth=700),
        "s2/film.dcm": film(3, 3),
        "s2/photo.DCM": colours(4),
        "s2/x.y.dcm": one(5, PhotometricInterpretation="MONOCHROME1", Modality="CR"),
    }
    return write_files(tmp_path / "in", files)
