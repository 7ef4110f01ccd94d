"""The looks at decisions and at calibration, on predictions whose truth is known."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from tamiz.core.errors import WrongUse
from tamiz.core.language import set_language
from tamiz.core.recipe import Recipe
from tamiz.data.contracts import Policy
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.data.report import Report, Table
from tamiz.data.run_folder import Run
from tamiz.metrics.calibration import Calibration, softmax
from tamiz.metrics.decision import Decision
from tamiz.metrics.intervals import Measured
from tamiz.metrics.registry import METRICS
from tamiz.models.bundle import Bundle
from tamiz.models.ensemble import ensemble_of
from tamiz.rendering.terminal import print_report
from tamiz.stages.answers import Answers
from tamiz.stages.evaluation import Evaluation, Piece
from tamiz.stages.pieces.calibration import calibration_piece
from tamiz.stages.pieces.operating import operating_piece, refuse_wishes, with_decision

CLASSES = ("well", "sick")


def bundle_of(classes: tuple[str, ...] = CLASSES, **changes: Any) -> Bundle:
    made = Bundle(
        classes=classes, size_px=8, channels=1, model="softmax", options={}, steps=(),
        policy=Policy(), mean=(0.5,), std=(0.2,), weights={},
    )  # fmt: skip
    return replace(made, **changes)


def answers(bundle: Bundle, seed: int, n: int = 400, *, per_group: int = 2) -> Predictions:
    """Return the bundle's answers: the network's scores are the truth times three."""
    rng = np.random.default_rng(seed)
    k = len(bundle.classes)
    scores = rng.normal(0, 1.5, (n, k))
    below = softmax(scores).cumsum(axis=1)
    items = np.array([f"{seed}:{i:04d}" for i in range(n)])
    return Predictions(
        classes=bundle.classes,
        item=items,
        group=items[np.arange(n) // per_group],
        target=(rng.random((n, 1)) > below).sum(axis=1).clip(0, k - 1),
        probabilities=bundle.probabilities_of(scores * 3),
        bundle=bundle.identity(),
    )


def evaluation_of(tmp_path: Any, bundle: Bundle, **wishes: Any) -> Evaluation:
    recipe = Recipe()
    options = replace(recipe.evaluate, resamples=200, **wishes)
    return Evaluation(
        recipe=replace(recipe, evaluate=options),
        run=Run(tmp_path),
        bundle=bundle,
        part="test",
        predictions=answers(bundle, 1),
        val=answers(bundle, 2),
        rows=Manifest.from_columns({"path": []}, tmp_path),
        measured=Measured({}, {}, 400, 200),
    )


def ignore(_: object) -> None:
    """Hear nothing."""


def in_words(piece: Piece) -> str:
    """Return all that a piece says."""
    return words_of(Report("evaluate", "x", piece.sections, (), {}))


def words_of(report: Report) -> str:
    """Return what a terminal shows of a whole report, as one line."""
    heard = io.StringIO()
    print_report(report, console=Console(file=heard, width=200), is_full=True)
    return " ".join(heard.getvalue().split())


def table_rows(piece: Piece, section: int = 0) -> list[Table]:
    return [block for block in piece.sections[section].blocks if isinstance(block, Table)]


def test_two_classes_have_points_curves_and_a_marked_choice(tmp_path):
    evaluation = evaluation_of(tmp_path, bundle_of(temperature=3.0), decide="sensitivity:0.9")
    piece = operating_piece(evaluation, ignore)
    values = piece.values["operating"]
    assert values["decision"]["rule"] == "sensitivity:0.9"
    assert len(values["points"]) == 8
    assert [str(row[0]) for row in table_rows(piece)[0].rows].count(
        "sensitivity 90 % (chosen)"
    ) == 1
    chosen = next(one for one in values["points"] if one["rule"] == "sensitivity:0.9")
    assert chosen["sensitivity"]["value"] == pytest.approx(0.9, abs=0.08)
    assert chosen["tp"] + chosen["fn"] == int((evaluation.predictions.target == 1).sum())
    assert [section.anchor for section in piece.sections] == ["operating", "withheld"]
    json.dumps(values)


def test_a_rule_in_other_words_is_not_told_twice(tmp_path):
    evaluation = evaluation_of(tmp_path, bundle_of(), decide="Sensitivity:0.90")
    points = operating_piece(evaluation, ignore).values["operating"]["points"]
    assert len(points) == 8


def test_thresholds_never_depend_on_the_part_that_is_measured(tmp_path):
    evaluation = evaluation_of(tmp_path, bundle_of(), decide="youden", abstain=0.2)
    other = replace(evaluation, predictions=answers(bundle_of(), 77))
    made, again = (
        operating_piece(one, ignore).values["operating"]["decision"] for one in (evaluation, other)
    )
    assert made == again


def test_many_classes_have_points_only_for_the_one_that_is_named(tmp_path):
    many = bundle_of(("a", "b", "c"))
    plain = operating_piece(evaluation_of(tmp_path, many), ignore)
    assert [section.anchor for section in plain.sections] == ["withheld"]
    named = operating_piece(evaluation_of(tmp_path, many, positive="b", decide="f1"), ignore)
    assert [section.anchor for section in named.sections] == ["operating", "withheld"]
    costly = evaluation_of(tmp_path, many, decide="cost", costs={"a": {"b": 20}})
    piece = operating_piece(costly, ignore)
    assert "costs" in piece.values["operating"]
    assert len(table_rows(piece)) == 2


def test_too_few_positives_to_guarantee_a_sensitivity_is_said(tmp_path):
    evaluation = evaluation_of(tmp_path, bundle_of(), decide="sensitivity:0.99")
    piece = operating_piece(evaluation, ignore)
    assert any("299 are needed" in str(one.what) for one in piece.findings)


def test_a_target_missed_on_the_part_is_said(tmp_path):
    evaluation = evaluation_of(tmp_path, bundle_of(), decide="sensitivity:0.95")
    seen = evaluation.predictions
    shy = np.stack([1 - seen.probabilities[:, 1] / 1000, seen.probabilities[:, 1] / 1000], axis=1)
    unlike = replace(evaluation, predictions=replace(seen, probabilities=shy))
    piece = operating_piece(unlike, ignore)
    assert any("was to be at least 95 %" in str(one.what) for one in piece.findings)


def test_without_positives_on_validation_the_most_probable_class_stays_and_it_is_said(tmp_path):
    evaluation = evaluation_of(tmp_path, bundle_of(), decide="f1")
    assert evaluation.val is not None
    val = replace(evaluation.val, target=np.zeros(400, np.int64))
    piece = operating_piece(replace(evaluation, val=val), ignore)
    assert piece.values["operating"]["decision"] == {"rule": "most-probable"}
    assert any("no threshold could be chosen" in str(one.what) for one in piece.findings)


def test_without_validation_the_models_own_decision_is_measured(tmp_path):
    own = bundle_of(decision=Decision("youden", "sick", 0.37, (), 0.6))
    evaluation = replace(evaluation_of(tmp_path, own), val=None, part="elsewhere")
    values = operating_piece(evaluation, ignore).values["operating"]
    assert values["decision"]["threshold"] == 0.37
    assert [one["rule"] for one in values["points"]] == ["most-probable", "youden"]
    assert values["withheld"]["n_withheld"] > 0


def test_several_labels_and_figures_of_patients_leave_the_models_decision_alone(tmp_path):
    labels = bundle_of(is_multilabel=True, thresholds=(0.5, 0.5))
    evaluation = evaluation_of(tmp_path, bundle_of())
    options = replace(evaluation.recipe.evaluate, decide="f1")
    assert with_decision(labels, options, evaluation.val, is_pooled=False).decision.is_usual
    assert with_decision(bundle_of(), options, evaluation.val, is_pooled=True).decision.is_usual
    assert not with_decision(
        bundle_of(), options, evaluation.val, is_pooled=False
    ).decision.is_usual
    with pytest.raises(WrongUse, match="threshold for each label"):
        refuse_wishes(options, labels, has_val=True)


@pytest.mark.parametrize("vector", [False, True])
def test_calibration_is_taken_back_and_shown_to_help(tmp_path, vector):
    calibration: dict[str, Any] = (
        {"scales": (1 / 3, 1 / 3.2), "shifts": (0.01, -0.01)} if vector else {}
    )
    evaluation = evaluation_of(tmp_path, bundle_of(temperature=3.0, **calibration))
    values = calibration_piece(evaluation, ignore).values["calibration"]
    assert values["how"] == ("vector" if vector else "temperature")
    found = values["before_and_after"]["part"]
    assert found["log_loss"]["difference"]["high"] < 0
    assert found["ece"]["before"]["value"] > 0.1 > found["ece"]["after"]["value"]
    plain = answers(bundle_of(), 1)  # the same rows, uncalibrated
    for name in ("log_loss", "ece", "brier"):
        wanted = METRICS.get(name)(plain)
        assert found[name]["before"]["value"] == pytest.approx(wanted, abs=1e-9)
    parts = values["brier_parts"]
    whole = parts["reliability"] - parts["resolution"] + parts["uncertainty"] + parts["within"]
    assert whole == pytest.approx(found["brier"]["after"]["value"], abs=1e-12)


def test_a_calibration_that_does_harm_is_a_warning(tmp_path):
    evaluation = evaluation_of(tmp_path, bundle_of(temperature=0.3))
    piece = calibration_piece(evaluation, ignore)
    assert any("made the log loss worse" in str(one.what) for one in piece.findings)


def test_means_of_networks_and_uncalibrated_ones_say_why_there_is_no_before(tmp_path):
    single = bundle_of(temperature=3.0)
    whole = ensemble_of([single, single])
    evaluation = evaluation_of(tmp_path, single)
    of_ensemble = calibration_piece(replace(evaluation, bundle=whole), ignore)
    assert "mean cannot be taken apart" in in_words(of_ensemble)
    pooled = calibration_piece(replace(evaluation, is_pooled=True), ignore)
    assert "mean of several images" in in_words(pooled)
    plain = calibration_piece(evaluation_of(tmp_path, bundle_of()), ignore)
    assert "no calibration is in force" in in_words(plain)
    for piece in (of_ensemble, pooled, plain):
        assert piece.values["calibration"]["before_and_after"] == {}
        assert piece.summary == ()


@pytest.mark.parametrize("language", ["en", "es"])
def test_everything_can_be_said_in_both_languages(tmp_path, language):
    wishes = {"decide": "cost", "costs": {"sick": {"well": 5}}, "abstain": 0.1, "prevalence": 0.02}
    evaluation = evaluation_of(tmp_path, bundle_of(temperature=2.0), **wishes)
    set_language(language)
    for look in (operating_piece, calibration_piece):
        for part in (evaluation, replace(evaluation, part="oof", is_pooled=True)):
            assert len(in_words(look(part, ignore))) > 500


def test_answers_follow_the_decision_and_keep_silent_where_it_says_so(tmp_path):
    shares = np.array([[0.7, 0.3], [0.9, 0.1], [0.78, 0.22]])
    items = np.array(list("abc"))
    table = Predictions(CLASSES, items, items, np.full(3, -1), shares)
    plain = Answers(("a", "b", "c"), table, (("bad.png", "broken"),), ())
    plain.save_csv(tmp_path / "plain.csv")
    assert (tmp_path / "plain.csv").read_text().splitlines()[0].startswith("path,predicted,p_well")
    decided = replace(plain, decision=Decision("f1", "sick", 0.25, (), 0.55))
    decided.save_csv(tmp_path / "decided.csv")
    lines = [line.split(",") for line in (tmp_path / "decided.csv").read_text().splitlines()]
    assert lines[0][:3] == ["path", "predicted", "answered"]
    assert [line[1:3] for line in lines[1:]] == [
        ["sick", "yes"], ["well", "yes"], ["-", "no"], ["", ""],
    ]  # fmt: skip
    assert len({len(line) for line in lines}) == 1
    report = decided.report()
    assert [one["predicted"] for one in report.values["answers"]] == ["sick", "well", None]
    words = words_of(report)
    assert "from a probability of 0.2500 on" in words
    assert "No answer on 1 of 3 images" in words


def test_a_bundle_keeps_calibration_and_decision_and_older_ones_are_read(tmp_path):
    decision = Decision("youden", "sick", 0.4, (), 0.6)
    made = bundle_of().with_calibration(Calibration((0.5, 0.7), (0.1, -0.1)), 1.7)
    made = made.with_decision(decision)
    facts = made.facts()
    assert facts["temperature"] == 1.7
    assert facts["scales"] == [0.5, 0.7]
    plain = made.with_temperature(2.0).with_decision(Decision())
    assert not {"scales", "shifts", "decision"} & plain.facts().keys()
    assert plain.calibration == Calibration.of_temperature(2.0, 2)
    assert made.with_calibration(Calibration.of_temperature(1.7, 2), 1.7).scales == ()
