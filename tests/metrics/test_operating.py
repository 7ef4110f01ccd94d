"""Operating points: thresholds from validation, rates with intervals, costs and silence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongUse
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.data.report import Estimate
from tamiz.metrics.decision import WITHHELD, Decision, abstention_limit
from tamiz.metrics.operating import (
    Cuts,
    check_decision,
    choose_threshold,
    cuts_of,
    decide,
    decision_by,
    guaranteed,
    needed_for,
    parse_rule,
)
from tamiz.metrics.operating_blocks import confusion_at, cost_table, point_tables, sensitivity_on
from tamiz.metrics.operating_curves import (
    average_precision,
    net_benefit,
    pr_curve,
    roc_area,
    roc_curve,
    thinned,
)
from tamiz.metrics.operating_figures import (
    FIGURES,
    measure_points,
    measure_withholding,
    predictive_values,
)

OPTIONS = EvaluateOptions(resamples=200)
CLASSES = ("well", "sick")


def ends(one: Estimate | None) -> tuple[float, float, float]:
    """Return low, value and high of a figure that has all three."""
    assert one is not None
    assert one.low is not None
    assert one.high is not None
    return one.low, one.value, one.high


def threshold_of(made: Cuts, rule: str) -> float:
    found = choose_threshold(made, rule)
    assert found is not None
    return found


def drawn(seed: int, n: int = 200, *, per_group: int = 1, k: int = 2, ties: bool = False):
    rng = np.random.default_rng(seed)
    target = rng.integers(0, k, n)
    scores = rng.normal(0, 1, (n, k))
    scores[np.arange(n), target] += 1.5
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    if ties:
        shares = np.round(shares[:, 1], 1)
        shares = np.stack([1 - shares, shares], axis=1)
    return Predictions(
        classes=CLASSES if k == 2 else tuple("abcdefgh"[:k]),
        item=np.array([f"{i:05d}" for i in range(n)]),
        group=np.array([f"{i // per_group:05d}" for i in range(n)]),
        target=target,
        probabilities=shares,
    )


def cuts(seed: int, *, ties: bool = False):
    known = drawn(seed, 60, ties=ties)
    return cuts_of(known.probabilities[:, 1], known.target == 1), known


@given(st.integers(0, 500), st.floats(0.01, 1), st.floats(0.01, 1), st.booleans())
def test_a_higher_target_sensitivity_never_gives_a_higher_threshold(seed, one, other, ties):
    made, _ = cuts(seed, ties=ties)
    low, high = sorted((one, other))
    easy, hard = (threshold_of(made, f"sensitivity:{target}") for target in (low, high))
    assert hard <= easy
    easy, hard = (threshold_of(made, f"specificity:{target}") for target in (low, high))
    assert hard >= easy


@given(st.integers(0, 500), st.sampled_from([0.5, 0.8, 0.9, 0.95, 1.0]), st.booleans())
def test_targets_are_reached_on_validation_and_just_so(seed, target, ties):
    made, known = cuts(seed, ties=ties)
    is_sick, shares = known.target == 1, known.probabilities[:, 1]
    threshold = threshold_of(made, f"sensitivity:{target}")
    assert (shares[is_sick] >= threshold).mean() >= target
    higher = shares[shares >= threshold].min() + 1e-9
    assert (shares[is_sick] >= higher).mean() < target
    assert sensitivity_on(made, threshold) == (shares[is_sick] >= threshold).sum()
    threshold = threshold_of(made, f"specificity:{target}")
    assert (shares[~is_sick] < threshold).mean() >= target


@given(st.integers(0, 300), st.booleans())
def test_best_f1_and_best_youden_are_the_best_of_all_cuts(seed, ties):
    made, known = cuts(seed, ties=ties)
    is_sick, shares = known.target == 1, known.probabilities[:, 1]
    tried = np.unique(shares)

    def f1(threshold):
        is_flagged = shares >= threshold
        return 2 * (is_flagged & is_sick).sum() / (is_flagged.sum() + is_sick.sum())

    assert f1(threshold_of(made, "f1")) == pytest.approx(max(map(f1, tried)))
    youden = max((shares[is_sick] >= t).mean() - (shares[~is_sick] >= t).mean() for t in tried)
    t = threshold_of(made, "youden")
    found = (shares[is_sick] >= t).mean() - (shares[~is_sick] >= t).mean()
    assert found == pytest.approx(youden)


@given(st.integers(0, 500), st.booleans())
def test_curves_are_those_of_scikit_learn(seed, ties):
    from sklearn import metrics as theirs

    made, known = cuts(seed, ties=ties)
    is_sick, shares = known.target == 1, known.probabilities[:, 1]
    across, up, _ = theirs.roc_curve(is_sick, shares, drop_intermediate=False)
    assert roc_curve(made)[0] == pytest.approx(across, abs=1e-12)
    assert roc_curve(made)[1] == pytest.approx(up, abs=1e-12)
    assert roc_area(made) == pytest.approx(theirs.roc_auc_score(is_sick, shares), abs=1e-12)
    precision, recall, _ = theirs.precision_recall_curve(is_sick, shares)
    assert pr_curve(made)[0] == pytest.approx(recall[-2::-1], abs=1e-12)
    assert pr_curve(made)[1] == pytest.approx(precision[-2::-1], abs=1e-12)
    average = theirs.average_precision_score(is_sick, shares)
    assert average_precision(made) == pytest.approx(average, abs=1e-12)


@given(st.integers(0, 200))
def test_a_thinned_curve_has_the_same_area(seed):
    made, _ = cuts(seed)
    across, up = thinned(*roc_curve(made))
    area = float((np.diff(across) * (up[1:] + up[:-1])).sum() / 2)
    assert area == pytest.approx(roc_area(made), abs=1e-12)


@given(st.integers(0, 300))
def test_ppv_at_the_samples_prevalence_is_the_samples_ppv(seed):
    known = drawn(seed, 80)
    share = float((known.target == 1).mean())
    options = replace(OPTIONS, resamples=100, prevalence=share)
    (point,) = measure_points([Decision()], "sick", known, options)
    for name in ("ppv", "npv"):
        low, value, high = ends(point.figures[f"{name}_at"])
        assert value == pytest.approx(ends(point.figures[name])[1], abs=1e-12)
        assert low <= value <= high


def test_a_rare_disease_has_a_low_ppv():
    ppv, npv = predictive_values(0.9, 0.9, 0.01)
    assert float(ppv) == pytest.approx(0.0833, abs=1e-4)
    assert float(npv) == pytest.approx(0.99888, abs=1e-4)


@pytest.mark.parametrize("per_group", [1, 4])
def test_figures_of_a_point_follow_from_its_counts_and_lie_in_their_intervals(per_group):
    known = drawn(1, per_group=per_group)
    (point,) = measure_points([Decision("f1", "sick", 0.4)], "sick", known, OPTIONS)
    tp, fp, fn, tn = point.counts
    is_flagged = known.probabilities[:, 1] >= 0.4
    assert tp == (is_flagged & (known.target == 1)).sum()
    assert tn == (~is_flagged & (known.target == 0)).sum()
    wanted = {
        "sensitivity": tp / (tp + fn),
        "specificity": tn / (tn + fp),
        "ppv": tp / (tp + fp),
        "npv": tn / (tn + fn),
        "f1": 2 * tp / (2 * tp + fp + fn),
        "accuracy": (tp + tn) / 200,
        "flagged": (tp + fp) / 200,
    }
    assert set(wanted) == set(FIGURES)
    for name, value in wanted.items():
        low, found, high = ends(point.figures[name])
        assert found == pytest.approx(value)
        assert low < value < high


def test_with_few_groups_figures_come_without_interval_and_say_why():
    known = drawn(2, 40, per_group=8)
    (point,) = measure_points([Decision()], "sick", known, OPTIONS)
    for one in point.figures.values():
        assert one is not None
        assert one.low is None
        assert "groups" in str(one.note)


def test_a_class_that_is_absent_leaves_its_rates_undefined():
    known = replace(drawn(3), target=np.zeros(200, np.int64))
    options = replace(OPTIONS, prevalence=0.1)
    (point,) = measure_points([Decision("f1", "sick", 2.0)], "sick", known, options)
    assert point.figures["sensitivity"] is None
    assert point.figures["ppv"] is None
    assert point.figures["ppv_at"] is None
    assert ends(point.figures["specificity"])[1] == 1.0
    assert len(point_tables([point], "f1", known, "test", options)) == 3


def test_what_a_target_guarantees_is_the_one_sided_binomial_limit():
    from scipy.stats import binom

    bound = guaranteed(36, 38)
    assert binom.sf(35, 38, bound) == pytest.approx(0.05, abs=1e-9)
    assert guaranteed(0, 38) == 0.0
    assert needed_for(0.95) == 59
    assert guaranteed(59, 59) >= 0.95 > guaranteed(58, 58)
    assert needed_for(1.0) == 0


def test_the_cheapest_answer_has_the_lowest_expected_cost():
    known = drawn(4, k=3)
    options = replace(OPTIONS, decide="cost", costs={"a": {"b": 10, "c": 10}})
    decision = decide(options, known.classes, None)
    answers = decision.answers(known.probabilities, known.classes)
    expected = known.probabilities @ np.array(decision.costs)
    assert (expected[np.arange(200), answers] == expected.min(axis=1)).all()
    _, found = cost_table(decision, known, "test", 0.95)
    assert found["cost"].value < found["most_probable"].value
    gap = found["cost"].value - found["most_probable"].value
    assert found["difference"].value == pytest.approx(gap)


@given(st.integers(0, 100), st.floats(0.05, 0.95))
def test_two_classes_cost_rule_is_the_threshold_of_the_odds(seed, threshold):
    known = drawn(seed, 50)
    costs = ((0.0, threshold), (1 - threshold, 0.0))  # a false alarm, a miss
    by_cost = Decision("cost", costs=costs).choices(known.probabilities, known.classes)
    by_threshold = Decision("f1", "sick", threshold).choices(known.probabilities, known.classes)
    assert (by_cost == by_threshold).all()


def test_a_threshold_of_one_class_of_many_leaves_the_rest_to_the_most_probable():
    shares = np.array([[0.3, 0.5, 0.2], [0.1, 0.5, 0.4], [0.35, 0.25, 0.4]])
    made = Decision("f1", "a", 0.25).answers(shares, ("a", "b", "c"))
    assert made.tolist() == [0, 1, 0]


@given(st.integers(0, 200), st.floats(0, 0.9), st.booleans())
def test_at_most_the_share_that_may_be_withheld_is_withheld(seed, share, ties):
    known = drawn(seed, 50, ties=ties)
    decision = decide(replace(OPTIONS, abstain=share), CLASSES, known)
    answers = decision.answers(known.probabilities, CLASSES)
    assert (answers == WITHHELD).mean() <= share + 1e-9
    if not ties:
        assert (answers == WITHHELD).sum() == int(share * 50 + 1e-9)


@given(
    st.integers(0, 100),
    st.sampled_from(
        [Decision(), Decision("f1", "b", 0.2), Decision("cost", costs=((0, 5), (1, 0)))]
    ),
)
def test_confidence_lies_between_0_and_1(seed, decision):
    k = 2 if decision.costs else 3
    known = drawn(seed, 30, k=k)
    made = decision.confidence(known.probabilities, known.classes)
    assert ((made >= 0) & (made <= 1)).all()


def test_without_a_share_every_image_is_answered():
    assert abstention_limit(np.array([0.5, 0.9]), 0.0) == 0.0
    assert abstention_limit(np.array([0.5, 0.9]), 0.4) == 0.0  # less than one of two
    assert 0.5 < abstention_limit(np.array([0.5, 0.9]), 0.5) < 0.9


def test_withholding_the_least_sure_answers_makes_the_rest_more_accurate():
    known = drawn(5, 2000)
    decision = decide(replace(OPTIONS, abstain=0.3), CLASSES, known)
    found = measure_withholding(decision, known, OPTIONS)
    assert found.n_withheld == 600
    assert ends(found.coverage)[1] == pytest.approx(0.7)
    _, of_all, highest = ends(found.accuracy_of_all)
    assert ends(found.accuracy)[0] > highest
    coverage, risk = found.curve
    assert coverage[-1] == 1
    assert risk[-1] == pytest.approx(1 - of_all)
    low, area, high = ends(found.area)
    assert low < area < high < risk[-1]


def test_the_area_is_the_mean_risk_over_all_coverages():
    shares = np.array([[0.1, 0.9], [0.2, 0.8], [0.7, 0.3], [0.4, 0.6]])
    items = np.array(list("abcd"))
    known = Predictions(CLASSES, items, items, np.array([1, 0, 0, 1]), shares)
    found = measure_withholding(Decision(), known, OPTIONS)
    assert found.area.value == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 4) / 4)
    assert found.area.note is not None


def test_net_benefit_at_a_threshold_weighs_false_alarms_by_its_odds():
    known = drawn(6, 400)
    found = net_benefit(known.probabilities[:, 1], known.target == 1, known.group, OPTIONS)
    at = 10
    t = found.thresholds[at]
    is_flagged = known.probabilities[:, 1] >= t
    hits = (is_flagged & (known.target == 1)).mean()
    alarms = (is_flagged & (known.target == 0)).mean()
    assert found.model[at] == pytest.approx(hits - alarms * t / (1 - t))
    share = (known.target == 1).mean()
    assert found.treat_all[at] == pytest.approx(share - (1 - share) * t / (1 - t))
    assert (found.low <= found.model).all()


def test_the_confusion_matrix_has_a_column_for_silence():
    known = drawn(7)
    plain = confusion_at(Decision("f1", "sick", 0.3), known, "test")
    assert plain is not None
    assert len(plain.columns) == 3
    silent = confusion_at(Decision(abstain_below=0.8), known, "test")
    assert silent is not None
    assert len(silent.columns) == 4
    assert sum(int(str(cell)) for row in silent.rows for cell in row[1:]) == 200


@pytest.mark.parametrize(
    ("options", "classes", "has_val", "words"),
    [
        ({"decide": "best"}, CLASSES, True, "evaluate.decide"),
        ({"decide": "sensitivity"}, CLASSES, True, "most-probable"),
        ({"decide": "sensitivity:95"}, CLASSES, True, "sensitivity:0.95"),
        ({"decide": "specificity:x"}, CLASSES, True, "specificity:x"),
        ({"positive": "ill"}, CLASSES, True, "well, sick"),
        ({"decide": "f1"}, ("a", "b", "c"), True, "--positive: a, b, c"),
        ({"decide": "cost"}, CLASSES, True, "evaluate.costs"),
        ({"costs": {"sick": {"well": 3}}}, CLASSES, True, "decide = cost"),
        ({"decide": "cost", "costs": {"ill": {"well": 3}}}, CLASSES, True, "well, sick"),
        ({"decide": "cost", "costs": {"sick": {"well": -1}}}, CLASSES, True, "sick.well"),
        ({"decide": "cost", "costs": {"sick": 3}}, CLASSES, True, "costs.sick"),
        ({"abstain": 0.1}, CLASSES, False, "evaluate.abstain"),
        ({"decide": "youden"}, CLASSES, False, "split.val_fraction"),
    ],
)
def test_wishes_that_cannot_be_met_are_told_in_one_line(options, classes, has_val, words):
    with pytest.raises(WrongUse) as error:
        check_decision(EvaluateOptions(**options), classes, has_val=has_val)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_wishes_that_can_be_met_pass():
    check_decision(EvaluateOptions(), ("a", "b", "c"), has_val=False)
    check_decision(EvaluateOptions(decide=" F1 ", positive="a"), ("a", "b", "c"), has_val=True)
    assert parse_rule(" Sensitivity:0.9") == ("sensitivity", 0.9)


def test_validation_rows_without_the_class_choose_no_threshold():
    known = replace(drawn(8), target=np.zeros(200, np.int64))
    options = replace(OPTIONS, decide="sensitivity:0.9")
    assert decision_by("f1", options, CLASSES, known) is None
    assert decide(options, CLASSES, known) == Decision()


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_decision_is_the_same_after_writing_and_reading(threshold, limit):
    import json

    for one in (
        Decision(),
        Decision("f1", "sick", threshold, (), limit),
        Decision("cost", costs=((0.0, 1.0), (threshold, 0.0))),
        Decision(abstain_below=limit),
    ):
        facts = json.loads(json.dumps(one.facts()))
        assert Decision.from_facts(facts, CLASSES) == one


@pytest.mark.parametrize(
    "changes",
    [
        {"positive": "ill"},
        {"costs": [[0, 1]]},
        {"threshold": "0.5"},
        {"abstain_below": None},
        {"threshold": float("nan")},
    ],
)
def test_a_damaged_decision_is_refused(changes):
    facts = {**Decision("f1", "sick", 0.5).facts(), **changes}
    with pytest.raises((TypeError, ValueError)):
        Decision.from_facts(facts, CLASSES)
