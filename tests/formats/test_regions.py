"""Names of parts: what is written is read again, and nothing else is taken for a part."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.data.image import Region
from tamiz.formats.files import locate, split_path
from tamiz.formats.regions import Place, place_of, with_region

files = st.text(min_size=1, max_size=30)
edges = st.integers(0, 999_999_999)
regions = st.builds(Region, edges, edges, edges, edges)
sides = st.none() | st.integers(1, 99_999)


@given(files, regions, sides)
def test_what_is_named_is_found_again(file, region, side_px):
    assert place_of(with_region(file, region, side_px)) == Place(file, region, side_px)


@given(files, regions, sides, regions, sides)
def test_a_file_whose_own_name_looks_like_a_part_keeps_its_name(file, own, own_px, region, side_px):
    odd = with_region(file, own, own_px)
    assert place_of(with_region(odd, region, side_px)) == Place(odd, region, side_px)


@given(files, regions, sides, regions, sides)
def test_two_parts_have_two_names(file, one, one_px, other, other_px):
    are_same = (one, one_px) == (other, other_px)
    assert (with_region(file, one, one_px) == with_region(file, other, other_px)) == are_same


@pytest.mark.parametrize(
    "name",
    [
        "a.tif", "a#b.tif", "#xywh=1,2,3,4", "a.tif#xywh=", "a.tif#xywh=1,2,3",
        "a#xywh=1,2,3,4.tif", "a.tif#xywh=-1,2,3,4", "a.tif#xywh=1.5,2,3,4",
        "a.tif#xywh=1,2,3,4&px=", "a.tif#xywh=a,b,c,d", "a.tif#xywh=1,2,3,4 ",
        "a.tif#xywh=1,2,3,4&px=256&px=3", "a.tif#xywh=٣,2,3,4", "a.tif#xywh=1234567890,2,3,4",
        "a.tif#XYWH=1,2,3,4",
    ],
)  # fmt: skip
def test_other_names_are_files(name):
    assert place_of(name) == Place(name, None, None)


def test_what_lies_on_disk_goes_before_what_a_name_seems_to_say(tmp_path):
    odd = "a.tif#xywh=1,2,3,4"
    assert locate(tmp_path, odd) == f"{tmp_path}/a.tif"
    (tmp_path / odd).write_bytes(b"x")
    assert locate(tmp_path, odd) == f"{tmp_path}/{odd}"
    assert split_path(tmp_path, odd) == (odd, "")


def test_parts_inside_archives_lead_to_the_archive():
    assert split_path(Path("/nowhere"), "a.zip!/b/c.png#xywh=1,2,3,4&px=5") == ("a.zip", "b/c.png")
