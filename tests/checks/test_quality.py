"""Bad pictures are found against the habit of the set; good sets are left in peace."""

from __future__ import annotations

import numpy as np
import pytest
from tests.probes.making import coin, evidence_of

from tamiz.checks.registry import CHECKS
from tamiz.data.evidence import Evidence, Pairs

N = 100
GOOD = {
    "brightness": 120.0, "contrast": 50.0, "sharpness": 0.5, "entropy_bits": 7.0,
    "width_px": 200.0, "height_px": 150.0,
}  # fmt: skip


def looks_with(changes=(), n=N, base=None):
    rng = np.random.default_rng(0)
    made = {
        name: value * rng.normal(1, 0.05, n) if "px" not in name else np.full(n, value)
        for name, value in {**GOOD, **(base or {})}.items()
    }
    for row, name, value in changes:
        made[name][row] = value
    return made


def suspected(name, evidence):
    result = CHECKS.get(name)(evidence)
    for values in result.scores.values():
        known = values[np.isfinite(values)]
        assert ((known >= 0) & (known <= 1)).all()
        assert values.shape == (len(evidence.manifest),)
    return {row for one in result.suspicions for rows in one.clusters for row in rows}


@pytest.mark.parametrize(
    ("check", "changes", "rows"),
    [
        ("exposure", [(3, "contrast", 0.5)], {3}),
        ("exposure", [(4, "brightness", 8.0)], {4}),
        ("exposure", [(5, "brightness", 250.0)], {5}),
        ("blur", [(6, "sharpness", 0.01)], {6}),
        ("information", [(7, "entropy_bits", 2.0)], {7}),
        ("odd_size", [(8, "width_px", 3000.0), (8, "height_px", 3000.0)], {8}),
        ("odd_size", [(9, "width_px", 2000.0)], {9}),
    ],
)
def test_what_is_planted_is_found_and_nothing_else(check, changes, rows):
    evidence = evidence_of(coin(N), figures=looks_with(changes))
    assert suspected(check, evidence) == rows


@pytest.mark.parametrize("check", ["exposure", "blur", "information", "odd_size", "odd_mode"])
def test_a_good_set_is_left_in_peace(check):
    assert suspected(check, evidence_of(coin(N), figures=looks_with())) == set()


def test_a_set_that_is_dark_by_nature_is_not_dark():
    figures = looks_with(base={"brightness": 15.0})
    assert suspected("exposure", evidence_of(coin(N), figures=figures)) == set()


def test_a_set_of_all_sizes_has_no_odd_ones():
    figures = looks_with()
    figures["width_px"] = np.random.default_rng(1).integers(150, 2200, N).astype(float)
    assert len(suspected("odd_size", evidence_of(coin(N), figures=figures))) == 0


def test_a_rare_way_of_storing_is_named():
    columns = {"mode": ["RGB"] * 97 + ["L"] * 3, "bits": [8] * 100}
    evidence = evidence_of(coin(N), columns=columns)
    assert suspected("odd_mode", evidence) == {97, 98, 99}
    what = str(CHECKS.get("odd_mode")(evidence).suspicions[0].finding.what)
    assert "L, 8 bits (3)" in what
    assert "most are RGB, 8 bits" in what


def with_pairs(labels, links, sealed=None):
    evidence = evidence_of(labels, sealed=sealed)
    first, second, kinship = zip(*links, strict=True)
    pairs = Pairs(
        np.array(first), np.array(second), kinship, np.full(len(links), 0.98, dtype=np.float32)
    )
    return Evidence(evidence.manifest, evidence.sketches, pairs, evidence.sealed)


def test_copies_are_told_by_the_most_that_was_done_to_one_of_them():
    links = [(0, 1, "re-encoded"), (1, 2, "flipped"), (5, 6, "same pixels"), (8, 9, "burst")]
    result = CHECKS.get("duplicates")(with_pairs(["a"] * 10, links))
    said = {str(one.finding.what): one.clusters for one in result.suspicions}
    assert said["Sets of pictures with mirror images among them: 1 (3 images)"] == ((0, 1, 2),)
    assert ((5, 6),) in said.values()
    assert len(said) == 2
    assert result.scores["duplicates"][0] == pytest.approx(0.02)
    assert result.scores["duplicates"][9] == 1


def test_the_same_picture_with_two_labels_is_a_warning_unless_one_is_sealed():
    links = [(0, 1, "re-encoded")]
    found = CHECKS.get("duplicates")(with_pairs(["a", "b"], links)).suspicions
    assert "The same picture with different labels: 1 time" in str(found[0].finding.what)
    found = CHECKS.get("duplicates")(with_pairs(["a", "b"], links, sealed=[False, True])).suspicions
    assert not any("different labels" in str(one.finding.what) for one in found)


def hands(extra=()):
    """Return five left hands (even rows) with the mirror images of right hands."""
    return with_pairs(
        ["3L", "3R"] * 6, [(2 * k, 2 * k + 1, "flipped") for k in range(5)] + [*extra]
    )


def test_mirror_images_that_swap_two_labels_may_be_left_and_right():
    (found, *_) = CHECKS.get("duplicates")(hands()).suspicions
    assert "Mirror images with the other label (3L / 3R): 5 times" in str(found.finding.what)
    assert "tell left from right" in str(found.finding.advice)


def test_a_copy_with_another_label_stays_an_error_beside_left_and_right():
    found = CHECKS.get("duplicates")(hands([(10, 11, "re-encoded")])).suspicions
    errors, sides, *_ = found
    assert errors.clusters == ((10, 11),)
    assert "The same picture with different labels: 1 time" in str(errors.finding.what)
    assert len(sides.clusters) == 5


def test_mirror_images_with_both_labels_alike_are_no_rule():
    links = [(0, 1, "flipped"), (2, 3, "flipped"), (4, 5, "flipped"), (6, 8, "flipped")]
    found = CHECKS.get("duplicates")(with_pairs(["a", "b"] * 6, links)).suspicions
    assert "different labels: 3 times" in str(found[0].finding.what)


def test_a_chain_of_look_alikes_through_half_the_set_is_no_picture_with_two_labels():
    chain = [(k, k + 1, "re-encoded") for k in range(60)]
    labels = ["a"] * 30 + ["b"] * 70
    result = CHECKS.get("duplicates")(with_pairs(labels, chain))
    assert result.suspicions == ()
    pair = CHECKS.get("duplicates")(with_pairs(labels, [(29, 30, "re-encoded")]))
    assert "different labels: 1 time" in str(pair.suspicions[0].finding.what)


def test_bursts_are_told_from_pairs():
    links = [(0, 1, "burst"), (1, 2, "burst"), (4, 5, "cropped")]
    found = CHECKS.get("bursts")(with_pairs(["a"] * 6, links)).suspicions
    assert found[0].clusters == ((0, 1, 2),)


@pytest.mark.parametrize("name", CHECKS.names())
@pytest.mark.parametrize("n", [0, 1, 40])
def test_every_check_bears_few_images_identical_ones_and_unknown_figures(name, n):
    grey = np.full((n, 64, 64), 7, dtype=np.uint8)
    result = CHECKS.get(name)(evidence_of(["a", "b"] * (n // 2) + ["a"] * (n % 2), grey=grey))
    assert not any(one.clusters for one in result.suspicions)
