"""Which augmentations the plan proposes for which kind of image."""

from __future__ import annotations

from typing import Any

import pytest

from tamiz.data.manifest import Manifest
from tamiz.engine.augment.pipeline import Pipeline
from tamiz.stages.policies import (
    POLICIES,
    KindFacts,
    augmentation_for,
    candidates_for,
    kind_facts,
    policy_for,
)
from tamiz.stages.symmetry import MirrorFacts

HARMLESS = MirrorFacts(0.8, 0.82, 0.1, 2000)
HARMFUL = MirrorFacts(0.9, 0.5, 0.1, 2000)
SUGGESTED: list[dict[str, Any]] = [{"name": "shift", "fraction": 0.07}, {"name": "flip"}]


def manifest(tmp_path, paths, **columns):
    return Manifest.from_columns({"path": paths, **columns}, tmp_path)


def names(tables):
    return [table["name"] for table in tables]


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        (KindFacts(frozenset({"DX"}), mirror=HARMLESS), "radiograph"),
        (KindFacts(frozenset({"CR", "DX"}), mirror=HARMLESS), "radiograph"),
        (KindFacts(frozenset({"CT"}), mirror=HARMLESS), "tomography"),
        (KindFacts(frozenset({"SM"})), "histology"),
        (KindFacts(is_tiles=True), "histology"),
        (KindFacts(named_radiographs=True, mirror=HARMLESS), "radiograph"),
        (KindFacts(mirror=HARMLESS), "natural"),
        (KindFacts(is_grey=True, mirror=HARMLESS), "clothes"),
        (KindFacts(is_grey=True, mirror=HARMFUL), "digits"),
        (KindFacts(), "none"),
    ],
)
def test_the_kind_follows_from_the_facts(facts, kind):
    assert facts.kind == kind


@pytest.mark.parametrize("modality", ["DX", "CR", "CT", "MR"])
def test_radiographs_and_sections_are_not_mirrored_even_where_that_looks_harmless(modality):
    facts = KindFacts(frozenset({modality}), mirror=HARMLESS)
    tables, reason = augmentation_for(facts, SUGGESTED, has_few_epochs=False)
    assert names(tables) == ["shift"]
    assert modality in str(reason)
    assert "train.augment" in str(reason)


def test_where_mirroring_was_measured_the_plan_does_as_before_and_says_how_to_switch_it_off():
    facts = KindFacts(mirror=HARMLESS)
    tables, reason = augmentation_for(facts, SUGGESTED, has_few_epochs=False)
    assert tables == SUGGESTED
    assert "take flip out of train.augment" in str(reason)
    few, _ = augmentation_for(facts, SUGGESTED, has_few_epochs=True)
    assert names(few) == ["flip"]
    other, reason = augmentation_for(KindFacts(mirror=HARMFUL), SUGGESTED, has_few_epochs=True)
    assert names(other) == ["shift"]
    assert "no mirroring" in str(reason)


def test_tiles_of_slides_get_all_eight_symmetries():
    tables, reason = augmentation_for(KindFacts(is_tiles=True), SUGGESTED, has_few_epochs=True)
    assert tables == [{"name": "flip"}, {"name": "rotate", "angles": [0, 90, 180, 270]}]
    assert "8" in str(reason)


@pytest.mark.parametrize("kind", POLICIES)
def test_every_policy_can_be_trained_with_and_has_its_reason(kind):
    policy = policy_for(kind)
    assert Pipeline(policy.tables).parts
    assert str(policy.reason)
    if policy.mirroring == "never":
        assert "flip" not in names(policy.tables)
        assert all(t.get("degrees", 0) <= 10 for t in policy.tables if t["name"] == "rotate")


@pytest.mark.parametrize(
    ("source", "path", "is_radiograph"),
    [
        ("data/chest_xray", "NORMAL/1.jpeg", True),
        ("data/covid_chestxray/images", "1.png", True),
        ("photos", "CXR_1/1.png", True),
        ("photos", "radiografías/1.png", True),
        ("orchestra", "violin/1.png", False),
        ("chestnuts", "ripe/1.png", False),
    ],
)
def test_names_of_folders_tell_radiographs(tmp_path, source, path, is_radiograph):
    rows = manifest(tmp_path, [path])
    facts = kind_facts(rows, str(tmp_path / source), HARMLESS, is_grey=False)
    assert facts.named_radiographs == is_radiograph


def test_dicom_columns_and_regions_of_slides_are_seen(tmp_path):
    dicom = manifest(tmp_path, ["a", "b"], modality=["dx", "CR "])
    assert kind_facts(dicom, "in", None, is_grey=True).modalities == {"DX", "CR"}
    where = {"x": [0], "y": [0], "width": [256], "height": [256]}
    tile = manifest(tmp_path, ["slide.svs"], **where)
    assert kind_facts(tile, "in", None, is_grey=False).kind == "histology"
    box = manifest(tmp_path, ["street.jpg"], **where)
    assert not kind_facts(box, "in", None, is_grey=False).is_tiles


def test_candidates_are_the_recipes_own_first_and_no_colours_for_grey_images():
    own: list[Any] = [{"name": "flip", "axis": "vertical"}, {"name": "brightness", "fraction": 0.1}]
    made = candidates_for("natural", own, is_grey=True)
    assert made[:2] == own
    assert names(made).count("brightness") == 1
    assert "colour" not in names(made)
    assert "colour" in names(candidates_for("natural", own, is_grey=False))
