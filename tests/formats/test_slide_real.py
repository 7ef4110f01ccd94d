"""Real slides: what they are, and that OpenSlide gives the same pixels."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tamiz.core.errors import UnreadableItem
from tamiz.data.contracts import Policy
from tamiz.data.image import Region
from tamiz.formats.slide import Slide

pytestmark = pytest.mark.shared_data

FACTS = {
    "cmu_small_region.svs": ((2220, 2967), [1.0], 0.499, "JPEG"),
    "tcga-cr-7395-01a-01-ts1.svs": ((4443, 3567), [1.0, 2.0], None, "APERIO_JP2000_RGB"),
    "boxes.tiff": ((300, 250), [1.0, 2.0, 4.0, 8.0], None, "ADOBE_DEFLATE"),
    "kidney-48-5.tif": ((1493, 901), [1.0], None, "NONE"),
    "boxes_0.dcm": ((16, 16), [1.0], 0.499, "1.2.840.10008.1.2.4.50"),
    "boxes_1.dcm": ((16, 16), [1.0], 0.499, "1.2.840.10008.1.2.1"),
}


@pytest.mark.parametrize("name", FACTS)
def test_a_real_slide_has_its_size_levels_and_spacing(shared_data, name):
    size, levels, um, compression = FACTS[name]
    with Slide(shared_data / "slides" / "whole" / name) as slide:
        assert slide.size_px == size
        assert [level.downsample for level in slide.levels] == levels
        assert slide.um_per_px == (None if um is None else pytest.approx(um))
        assert slide.facts["compression"] == compression
        assert slide.thumbnail(100).pixels.std() > 1


@pytest.mark.skipif(importlib.util.find_spec("openslide") is None, reason="needs OpenSlide")
@pytest.mark.parametrize(
    "name", ["cmu_small_region.svs", "tcga-cr-7395-01a-01-ts1.svs", "boxes.tiff", "boxes_0.dcm"]
)
def test_openslide_gives_the_same_pixels(shared_data, name):
    from tamiz.formats.slide_openslide import open_openslide

    path = Path(shared_data / "slides" / "whole" / name)
    theirs = open_openslide(path, Policy())
    with Slide(path, threads=1) as slide:
        assert theirs.um_per_px == (slide.um_per_px or theirs.um_per_px)
        for row, column in [(0, 0), (1, 2)]:
            x, y = column * 512, row * 512
            width, height = (min(512, n - at) for n, at in zip(slide.size_px, (x, y), strict=True))
            if min(width, height) > 0:
                block = theirs.levels[0].page.block(row, column, reduction=1, is_grey=False)
                assert (slide.read(Region(x, y, width, height)).pixels == block).all()
    theirs.close()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("broken.svs", "neither TIFF nor DICOM"),
        ("unopenable.tiff", "compression, 52479, cannot be read"),
        ("unreadable.svs", "damaged"),
    ],
)
def test_a_broken_slide_says_why(shared_data, name, words):
    path = shared_data / "slides" / "broken" / name
    with pytest.raises(UnreadableItem) as error, Slide(path) as slide:
        slide.read()
    assert words in error.value.reason
    assert name in str(error.value)


def test_a_picture_of_another_kind_is_no_slide(shared_data):
    dicom = next((shared_data / "dicom" / "cornerstone").glob("CTImage*4.70*"))
    with pytest.raises(UnreadableItem, match="no whole slide"):
        Slide(dicom)
