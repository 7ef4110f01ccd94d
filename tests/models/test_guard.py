"""The guard: distances and checks whose truth is known, and limits that keep their promise."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import TamizError, WrongData
from tamiz.core.language import set_language
from tamiz.data.image import Image, Kind
from tamiz.models.bundle import Bundle
from tamiz.models.guard import Guard, joined_verdicts
from tamiz.models.guard_fitting import (
    CHECKS_RATE,
    DISTANCE_RATE,
    Seen,
    conformal_limit,
    fit_checks,
    fit_guard,
    shrunk_covariance,
)
from tamiz.models.input_facts import FACTS, facts_of, view_of

NAMES = [fact.name for fact in FACTS]
N_FEATURES = 12


def pictures(rng, n, side=32, middle=100.0):
    """Return n grey pictures: smooth, dark at the edge, all of one kind."""
    ramp = np.sin(np.linspace(0, np.pi, side))
    made = []
    for _ in range(n):
        grey = middle * rng.uniform(0.8, 1.2) * np.outer(ramp, ramp) + rng.normal(
            0, 2, (side, side)
        )
        made.append(np.clip(grey + 10, 0, 255).astype(np.uint8)[..., None])
    return made


def facts(arrays, kind=Kind.DISPLAY):
    return facts_of([view_of(Image(pixels, kind), pixels) for pixels in arrays])


def seen(rng, n, group_size=1):
    """Return n images of two classes, whose features vary along one line far more than else."""
    classes = np.arange(n) % 2
    spread = np.ones(N_FEATURES)
    spread[0] = 30.0
    features = rng.normal(0, spread, (n, N_FEATURES)) + 20.0 * classes[:, None] * (
        np.arange(12) == 1
    )
    return Seen(
        features=features.astype(np.float32),
        classes=classes,
        group=np.array([f"g{at // group_size:05d}" for at in range(n)]),
        looked=np.arange(n),
        facts=facts(pictures(rng, n)),
    )


@pytest.fixture(scope="module")
def guard():
    rng = np.random.default_rng(0)
    made = fit_guard(("net.a", "net.b"), seen(rng, 400), seen(rng, 400))
    assert made is not None
    return made


def row(**changes):
    """Return features that differ from a class's middle in the named columns."""
    made = np.zeros((1, N_FEATURES), np.float32)
    for name, value in changes.items():
        made[0, int(name[1:])] = value
    return made


def test_distance_is_measured_in_the_spread_of_the_class(guard):
    along, across = guard.distance(row(f0=60.0)), guard.distance(row(f5=60.0))
    assert along[0] < guard.distance.limit < across[0]


def test_between_two_classes_is_odd_and_at_either_is_not(guard):
    found = [guard.distance(row(f1=value))[0] for value in (0.0, 10.0, 20.0)]
    assert found[1] > guard.distance.limit > max(found[0], found[2])


def test_usual_images_are_at_a_distance_of_about_one(guard):
    found = guard.distance(seen(np.random.default_rng(5), 300).features)
    assert 0.8 < np.median(found) < 1.2


def test_a_distance_is_that_of_the_textbook(guard):
    """All directions are kept here, so it is the Mahalanobis distance of the shrunk covariance."""
    train = seen(np.random.default_rng(0), 400)
    scaled = (train.features - guard.distance.mean) / guard.distance.scale
    centres = np.stack([scaled[train.classes == one].mean(axis=0) for one in (0, 1)])
    inverse = np.linalg.inv(shrunk_covariance((scaled - centres[train.classes]).astype(float)))
    asked = seen(np.random.default_rng(9), 20).features
    rows = (asked - guard.distance.mean) / guard.distance.scale
    away = rows[:, None] - centres
    wanted = np.sqrt(np.einsum("ncd,de,nce->nc", away, inverse, away).min(axis=1) / N_FEATURES)
    np.testing.assert_allclose(guard.distance(asked), wanted, rtol=2e-3)


def test_shrinkage_is_that_of_ledoit_and_wolf():
    """Their formula, written out: how far single rows' products are from the covariance."""
    rows = np.random.default_rng(1).normal(size=(30, 9)) * np.arange(1, 10)
    sample = rows.T @ rows / 30
    plain = np.eye(9) * np.trace(sample) / 9
    noise = sum(((np.outer(one, one) - sample) ** 2).sum() for one in rows) / 30**2
    share = noise / ((sample - plain) ** 2).sum()
    assert 0 < share < 1
    np.testing.assert_allclose(shrunk_covariance(rows), (1 - share) * sample + share * plain)


def test_a_feature_that_never_moved_in_training_is_missed_when_it_does():
    rng = np.random.default_rng(2)
    train, val = seen(rng, 200), seen(rng, 200)
    for part in (train, val):
        part.features[:, 3] = 7.0
    made = fit_guard(("net.a",), train, val)
    assert made is not None
    assert made.distance is not None
    usual = row(f3=7.0)
    assert made.distance(usual)[0] < made.distance.limit < made.distance(row(f3=9.0))[0]


def test_features_that_are_no_numbers_are_as_far_as_can_be(guard):
    broken = row(f2=np.nan)
    assert guard.distance(broken)[0] > 1e6
    assert guard.judge(broken, None).is_odd.all()


def test_a_distance_does_not_depend_on_the_company(guard):
    rows = seen(np.random.default_rng(3), 257).features
    alone = np.concatenate([guard.distance(rows[at : at + 1]) for at in range(len(rows))])
    np.testing.assert_array_equal(guard.distance(rows), alone)


@given(st.integers(33, 400), st.integers(0, 1000))
def test_a_new_image_is_above_the_limit_with_at_most_the_rate(n, seed):
    """Of n + 1 values in random order the last is above the limit in at most that share."""
    values = np.random.default_rng(seed).permutation(n + 1).astype(float) + 1
    n_above = sum(
        values[at] > (conformal_limit(np.delete(values, at), DISTANCE_RATE) or 0.0)
        for at in range(n + 1)
    )
    assert n_above / (n + 1) <= DISTANCE_RATE + 1e-9


def test_too_few_images_give_no_limit():
    assert conformal_limit(np.arange(1.0, 33.0), DISTANCE_RATE) is None
    assert conformal_limit(np.arange(1.0, 34.0), DISTANCE_RATE) == 33.0
    assert conformal_limit(np.arange(1.0, 99.0), CHECKS_RATE) is None
    assert conformal_limit(np.zeros(0), CHECKS_RATE) is None
    assert (
        fit_guard(("net.a",), seen(np.random.default_rng(0), 20), seen(np.random.default_rng(1), 9))
        is None
    )


def test_checks_are_ranked_with_training_images_where_validation_images_are_few():
    rng = np.random.default_rng(4)
    made = fit_guard(("net.a",), seen(rng, 300), seen(rng, 20))
    assert made is not None
    assert made.distance is None
    assert made.checks is not None
    assert set(made.false_alarms) == {"checks", "all"}


def test_the_stated_rate_is_about_what_new_images_give():
    rng = np.random.default_rng(6)
    made = fit_guard(("net.a",), seen(rng, 500), seen(rng, 1000, group_size=4))
    assert made is not None
    stated = made.false_alarms["all"]
    assert stated["n"] == 1000
    assert stated["n_groups"] == 250
    assert stated["low"] < stated["value"] < stated["high"] < 0.08
    new = seen(rng, 1500)
    found = made.judge(new.features, new.facts).is_odd.mean()
    assert found <= 0.05
    assert abs(found - stated["value"]) < 0.025


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (lambda p: 255 - p, "brightness"),
        (lambda p: np.repeat(p, 3, axis=2) // np.array([1, 2, 4], np.uint8), "colour where"),
        (lambda p: np.kron(p, np.ones((8, 8, 1), np.uint8)), "short side"),
        (lambda p: np.kron(p, np.ones((3, 1, 1), np.uint8)), "width over height"),
        (lambda p: p // 12, "below"),
        (lambda p: np.random.default_rng(0).integers(0, 256, p.shape).astype(np.uint8), ""),
    ],
)
def test_a_picture_of_another_kind_is_odd_and_says_in_what(guard, changed, said):
    plain = pictures(np.random.default_rng(7), 1)[0]
    usual = np.zeros((1, N_FEATURES), np.float32)
    verdict = guard.judge(usual, facts([changed(plain)]))
    assert verdict.is_odd.tolist() == [True]
    assert said in str(verdict.reasons[0])
    assert guard.judge(usual, facts([plain])).reasons == (None,)


def test_grey_is_odd_where_training_images_have_colour():
    rng = np.random.default_rng(8)
    red = [np.concatenate([p, p // 2, p // 4], axis=2) for p in pictures(rng, 300)]
    part = replace(seen(rng, 300), facts=facts(red))
    made = fit_guard(("net.a",), part, part)
    assert made is not None
    verdict = made.judge(None, facts(pictures(rng, 1)))
    assert str(verdict.reasons[0]) == "grey where training images have colour"
    set_language("es")
    assert "gris cuando" in str(verdict.reasons[0])


def test_values_that_mean_something_else_are_odd(guard):
    verdict = guard.judge(None, facts(pictures(np.random.default_rng(0), 1), Kind.HOUNSFIELD))
    assert "mean something else" in str(verdict.reasons[0])


def test_limits_are_told_as_they_are_read(guard):
    told = guard.facts()["checks"]["facts"]["short_side_px"]["range"]
    assert told[0] < 32 / 2 < 32 * 2 < told[1]


def test_facts_of_a_large_picture_are_those_of_its_small_copy():
    small = pictures(np.random.default_rng(0), 1, side=64)[0]
    large = np.kron(small, np.ones((8, 8, 1), np.uint8))
    one, other = facts([small]), facts([large])
    assert other[0, NAMES.index("short_side_px")] == 512
    for name in ("brightness", "contrast", "edge_brightness"):
        at = NAMES.index(name)
        assert abs(one[0, at] - other[0, at]) < 3


def test_tones_of_other_than_8_bit_values_are_those_that_the_network_reads():
    prepared = pictures(np.random.default_rng(0), 1)[0]
    raw = Image(np.full((40, 50, 1), 900, np.uint16), Kind.RAW)
    made = facts_of([view_of(raw, prepared)])
    assert made[0, 0] == 40
    assert made[0, NAMES.index("brightness")] == facts([prepared])[0, NAMES.index("brightness")]


def test_pictures_of_a_few_pixels_have_facts_too():
    tiny = [np.full((2, 1, 1), 9, np.uint8), np.zeros((1, 1, 3), np.uint8)]
    assert np.isfinite(facts(tiny)).all()
    assert np.isfinite(fit_checks(facts(tiny)).reaches(facts(tiny))).all()


def test_most_members_decide(guard):
    usual, odd = row(), row(f5=60.0)
    no, yes = guard.judge(usual, None), guard.judge(odd, None)
    assert joined_verdicts([yes, no, yes]).is_odd.tolist() == [True]
    assert joined_verdicts([yes, no, no]).reasons == (None,)
    assert str(joined_verdicts([no, yes, yes]).reasons[0]).startswith("unlike the training images")


def with_guard(make_bundle, guard):
    return replace(make_bundle(), guard=guard)


def test_a_bundle_keeps_its_guard_and_its_identity(make_bundle, guard, tmp_path):
    plain = make_bundle()
    saved = with_guard(make_bundle, guard)
    assert saved.identity() == plain.identity()
    saved.save(tmp_path)
    loaded = Bundle.load(tmp_path)
    assert loaded.guard is not None
    assert loaded.guard.facts() == guard.facts()
    asked = seen(np.random.default_rng(1), 40)
    one, other = (g.judge(asked.features, asked.facts) for g in (guard, loaded.guard))
    np.testing.assert_array_equal(one.oddness, other.oddness)
    assert (tmp_path / "guard.safetensors").stat().st_size < 2**20
    plain.save(tmp_path)
    assert Bundle.load(tmp_path).guard is None
    assert not (tmp_path / "guard.safetensors").exists()


def test_a_guard_of_checks_alone_needs_no_file(make_bundle, guard, tmp_path):
    with_guard(make_bundle, replace(guard, distance=None)).save(tmp_path)
    assert not (tmp_path / "guard.safetensors").exists()
    loaded = Bundle.load(tmp_path).guard
    assert loaded is not None
    assert loaded.distance is None
    assert loaded.checks == guard.checks


def test_a_changed_guard_is_refused(make_bundle, guard, tmp_path):
    with_guard(make_bundle, guard).save(tmp_path)
    path = tmp_path / "guard.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(WrongData, match="changed"):
        Bundle.load(tmp_path)
    path.unlink()
    with pytest.raises(WrongData, match=r"not found|no such"):
        Bundle.load(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        lambda g: g["checks"].update(limit=-1),
        lambda g: g["checks"].pop("facts"),
        lambda g: g["checks"]["facts"]["aspect"].update(below=0),
        lambda g: g.pop("false_alarms"),
        lambda g: g["distance"].update(limit="x"),
        lambda g: g.pop("sha256"),
    ],
)
def test_an_edited_guard_is_refused_in_one_line(make_bundle, guard, tmp_path, change):
    with_guard(make_bundle, guard).save(tmp_path)
    path = tmp_path / "bundle.json"
    told = json.loads(path.read_text())
    change(told["guard"])
    path.write_text(json.dumps(told))
    with pytest.raises(TamizError):
        Bundle.load(tmp_path)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("scale", np.zeros(N_FEATURES, np.float32)),
        ("mean", np.zeros(N_FEATURES + 1, np.float32)),
        ("centres", np.zeros((0, N_FEATURES), np.float32)),
        ("basis", np.full((N_FEATURES, N_FEATURES), np.nan, np.float32)),
        ("places", np.zeros(N_FEATURES, np.float32)),
    ],
)
def test_arrays_that_do_not_fit_are_refused(guard, name, made):
    with pytest.raises(ValueError, match=r"guard\.safetensors"):
        Guard.of(guard.facts(), {**guard.arrays(), name: made})
