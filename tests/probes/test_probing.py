"""The statistics under the probes: permutations by group, intervals, centres."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.probes.making import coin, evidence_of

from tamiz.core.language import set_language
from tamiz.data.report import Paragraph, Table
from tamiz.probes.asking import ProbeResult, _one, _with_holm, rows_to_ask
from tamiz.probes.centres import centre_blocks, centre_findings, centres_of
from tamiz.probes.chance import (
    Asked,
    Dealt,
    Map,
    answers,
    indicator,
    separations,
)
from tamiz.probes.interval import weighted_auroc
from tamiz.probes.report_blocks import audit_sections
from tamiz.probes.score import Scored, score


def asked_of(labels, groups=None):
    asked = rows_to_ask(evidence_of(labels, groups=groups))
    assert isinstance(asked, Asked)
    return asked


def scored(features, labels, groups=None, *, permutations, seed):
    asked = asked_of(labels, groups)
    dealt = Dealt(asked, permutations, seed)
    return score(features[asked.rows].astype(np.float32), dealt, seed=seed)


def probed(features, labels):
    return _one("any", features, Dealt(asked_of(labels), 1999, 0), 0)


def test_permuted_labels_stay_whole_in_groups_of_one_label_and_within_mixed_groups():
    groups = np.repeat(np.arange(50), 3)
    labels = np.repeat(["a", "b"] * 25, 3)
    labels[:3] = ["a", "b", "b"]
    asked = asked_of(labels.tolist(), groups)
    dealt = np.concatenate(list(Dealt(asked, 20, 0).lots()))
    mixed = asked.group[asked.rows == 0][0]
    for one in dealt:
        assert sorted(one) == sorted(asked.target)
        assert sorted(one[asked.group == mixed]) == [0, 1, 1]
        for number in set(asked.group) - {mixed}:
            assert len(set(one[asked.group == number])) == 1
    assert len({one.tobytes() for one in dealt}) == 20


def test_one_mixed_group_does_not_make_every_slice_a_fact():
    as_sure = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        groups = np.repeat(np.arange(40), 20)
        labels = np.repeat(rng.permutation(["a", "b"] * 20), 20)
        labels[0] = "b" if labels[0] == "a" else "a"
        features = np.repeat(rng.normal(size=(40, 1)), 20, axis=0)
        as_sure.append(scored(features, labels.tolist(), groups, permutations=199, seed=seed).p)
    assert np.mean(np.array(as_sure) < 0.05) <= 0.25


def test_when_every_patient_has_both_labels_they_are_told_apart_within_the_patient():
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(40), 2)
    labels = ["a", "b"] * 40
    features = (np.array(labels) == "b")[:, None] + rng.normal(0, 0.3, (80, 1))
    one = scored(features, labels, groups, permutations=499, seed=0)
    assert one.p < 0.01
    assert one.low > 0.9


def test_intervals_cover_a_half_where_there_is_nothing_to_tell():
    n_covered = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        features = rng.normal(size=(100, 10))
        one = scored(features, coin(100, seed), permutations=100, seed=seed)
        n_covered += one.low <= 0.5 <= one.high
    assert n_covered >= 34


def test_the_same_question_gets_the_same_answer():
    features = np.random.default_rng(0).normal(size=(60, 3))
    one, two = (scored(features, coin(60), permutations=99, seed=1) for _ in range(2))
    assert one == two


def test_what_is_not_a_number_and_what_is_constant_do_no_harm():
    labels = coin(100)
    is_b = np.array(labels) == "b"
    features = np.full((100, 4), np.nan, dtype=np.float32)
    features[:, 1] = 7.0
    features[:, 2] = np.where(is_b, 1.0, np.nan)  # that it is missing tells the label
    features[:, 3] = np.where(is_b, np.inf, 0.0)
    one = probed(features, labels)
    assert one.scored is not None
    assert np.isfinite([one.scored.auroc, one.scored.low, one.scored.high]).all()
    assert probed(features[:, :2], labels).scored is None


def test_a_value_that_is_missing_for_one_class_only_is_seen():
    labels = coin(100)
    features = np.where(np.array(labels) == "b", 1.0, np.nan)[:, None].astype(np.float32)
    one = probed(features, labels)
    assert one.scored is not None
    assert one.scored.auroc == 1.0


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 5))
def test_sums_of_answers_that_are_never_made_are_those_of_the_answers(seed, n_classes, k):
    rng = np.random.default_rng(seed)
    m, d, cuts = 30, 4, (0, 9, 20, 30)
    maps = [
        Map(
            start,
            stop,
            rng.normal(size=(stop - start, d)).astype(np.float32),
            rng.normal(size=(d, m - stop + start)).astype(np.float32),
        )
        for start, stop in pairwise(cuts)
    ]
    labels = rng.integers(0, max(n_classes, 2), (k, m))
    found = separations(maps, labels, n_classes)
    given_ = answers(maps, indicator(labels, n_classes)).astype(np.float64)
    for at, one in enumerate(labels):
        parted = []
        for name in range(n_classes):
            values, is_it = given_[:, at * n_classes + name], one == name
            inside = values[is_it].mean() if is_it.any() else 0.0
            outside = values[~is_it].mean() if not is_it.all() else 0.0
            parted.append((inside - outside) / max(values.std(), 1e-12))
        assert found[at] == pytest.approx(np.mean(parted), abs=1e-3)


def test_the_answers_to_a_fold_do_not_depend_on_its_own_labels():
    rng = np.random.default_rng(0)
    one = Map(
        2, 5, rng.normal(size=(3, 2)).astype(np.float32), rng.normal(size=(2, 5)).astype(np.float32)
    )
    labels = rng.integers(0, 3, (1, 8))
    other = labels.copy()
    other[0, 2:5] = (other[0, 2:5] + 1) % 3
    got, again = (answers([one], indicator(each, 3))[2:5] for each in (labels, other))
    assert np.array_equal(got, again)


def test_many_classes_are_dealt_in_smaller_lots_that_make_up_the_same_permutations():
    few = asked_of([str(i % 2) for i in range(400)])
    dealt = Dealt(few, 250, 0)
    assert [len(lot) for lot in dealt.lots()] == [100, 100, 50]
    again = np.concatenate(list(dealt.lots()))
    assert np.array_equal(again, np.concatenate(list(Dealt(few, 250, 0).lots())))
    many = asked_of([str(i % 100) for i in range(4000)])
    assert {len(lot) for lot in Dealt(many, 30, 0).lots()} == {10}


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 3)), min_size=1, max_size=30
    )
)
def test_weighted_auroc_is_that_of_the_rows_repeated(rows):
    values, is_it, times = (np.array(part) for part in zip(*rows, strict=True))
    one = weighted_auroc(
        values.astype(np.float32), is_it.astype(bool), times[:, None].astype(np.float32)
    )
    inside, outside = (
        np.repeat(values[side], times[side]) for side in (is_it.astype(bool), ~is_it.astype(bool))
    )
    if len(inside) and len(outside):
        above = (inside[:, None] > outside) + (inside[:, None] == outside) / 2
        assert one[0] == pytest.approx(above.mean())
    else:
        assert np.isnan(one[0])


@given(st.lists(st.floats(0.0005, 1.0), min_size=1, max_size=15))
def test_corrected_p_is_never_smaller_and_keeps_the_order(ps):
    made = _with_holm([ProbeResult(str(i), Scored(0.5, 0, 1, p, 9, 9)) for i, p in enumerate(ps)])
    corrected = [one.p_corrected for one in made]
    assert all(c >= p for c, p in zip(corrected, ps, strict=True))
    assert corrected[int(np.argmin(ps))] == pytest.approx(min(1.0, min(ps) * len(ps)))
    order = np.argsort(ps, kind="stable")
    assert (np.diff(np.array(corrected)[order]) >= 0).all()


def test_centres_that_differ_by_chance_are_not_called_lopsided():
    n_named = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        centre = [str(one) for one in rng.integers(0, 15, 300)]
        found = centres_of(evidence_of(coin(300, seed), columns={"centre": centre}))
        assert found is not None
        n_named += bool(centre_findings(found))
    assert n_named <= 1


def test_the_lopsided_centre_is_named_with_its_counts_in_both_languages():
    labels = ["CE"] * 179 + ["LAA"] * 7 + ["CE"] * 100 + ["LAA"] * 100
    centre = ["11"] * 186 + ["4"] * 200
    found = centres_of(evidence_of(labels, columns={"centre": centre}))
    assert found is not None
    words = centre_findings(found)[0]
    assert str(words.what) == (
        "Centre 11 has 179 CE, 7 LAA: 'CE' makes up 96 % of its groups and 50 % of the others'. "
        "A model can learn the centre"
    )
    assert "Fisher" in str(words.certainty)
    set_language("es")
    try:
        assert str(words.what).startswith("El centro 11 tiene 179 CE, 7 LAA")
    finally:
        set_language("en")


def test_a_centre_without_a_class_cannot_be_left_out_to_test_on():
    labels = ["a"] * 20 + ["b"] * 20 + ["a"] * 20 + ["a", "b"] * 10
    centre = ["1"] * 40 + ["2"] * 20 + ["3"] * 20
    found = centres_of(evidence_of(labels, columns={"centre": centre}))
    assert found is not None
    assert found.ready == ("1", "3")


def test_many_centres_and_classes_are_cut_and_said_to_be():
    labels = [str(i % 20) for i in range(2000)]
    found = centres_of(evidence_of(labels, columns={"centre": [str(i // 20) for i in range(2000)]}))
    assert found is not None
    blocks = centre_blocks(found)
    assert isinstance(blocks[0], Table)
    assert (len(blocks[0].rows), len(blocks[0].columns)) == (60, 14)
    assert isinstance(blocks[-1], Paragraph)
    assert "60 of 100 centres and 12 of 20 classes" in str(blocks[-1].text)


def test_what_stands_in_the_table_is_said_as_it_is():
    labels = coin(200)
    centre = ["<b>🏥</b>" if label == "a" else "{x}" for label in labels]
    columns = {"centre": centre, "<script>": [f"{c} & more" for c in centre], "empty": [None] * 200}
    report = audit_sections(evidence_of(labels, columns=columns), on_progress=lambda *_: None)
    said = [str(one.what) for one in report.findings]
    assert any("<b>🏥</b>" in words or "{x}" in words for words in said)
    assert report.values["probes"]["metadata"]["flagged"]


def test_several_classes_are_asked_one_against_the_rest():
    labels = [str(i % 3) for i in range(150)]
    size = [100.0 + 50 * int(label) for label in labels]
    report = audit_sections(
        evidence_of(labels, figures={"file_bytes": size}), on_progress=lambda *_: None
    )
    assert report.values["probes"]["file_size"]["auroc"] == pytest.approx(1.0)
