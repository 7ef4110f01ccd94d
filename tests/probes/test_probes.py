"""A planted shortcut is flagged by what can see it; shuffled labels are not flagged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.probes.making import coin, evidence_of

from tamiz.core.language import Text
from tamiz.probes.asking import rows_to_ask
from tamiz.probes.centres import centres_of
from tamiz.probes.chance import aurocs, ranked
from tamiz.probes.registry import PROBES
from tamiz.probes.report_blocks import audit_sections

N = 200


def silent(_done, _total):
    return None


def audited(evidence):
    return audit_sections(evidence, on_progress=silent)


def flagged(evidence):
    probes = audited(evidence).values["probes"]
    return {name for name, facts in probes.items() if facts.get("flagged")}


def with_marker(labels, seed=0):
    grey = np.random.default_rng(seed).integers(0, 200, (len(labels), 64, 64)).astype(np.uint8)
    grey[np.array(labels) == "b", :8, :8] = 255
    return grey


def test_a_marker_in_a_corner_is_seen_by_corners_and_border_and_said_in_words():
    labels = coin(N)
    evidence = evidence_of(labels, grey=with_marker(labels))
    report = audited(evidence)
    assert {"corners", "border", "middle_blacked_out"} <= flagged(evidence)
    probe = report.values["probes"]["corners"]
    assert probe["p_corrected"] < 0.01
    assert probe["auroc"] > 0.98
    assert any("From the four corners alone" in str(one.what) for one in report.findings)


def test_a_marker_in_the_middle_is_not_seen_by_what_does_not_see_the_middle():
    labels = coin(N)
    grey = np.random.default_rng(1).integers(0, 200, (N, 64, 64)).astype(np.uint8)
    grey[np.array(labels) == "b", 26:38, 26:38] = 255
    assert flagged(evidence_of(labels, grey=grey)) & {
        "corners", "border", "background", "middle_blacked_out"
    } == set()  # fmt: skip


@pytest.mark.parametrize(
    ("probe", "figures"),
    [("file_size", ("file_bytes",)), ("image_size", ("width_px", "height_px")),
     ("exposure", ("brightness",)), ("storage", ("jpeg_table",))],
)  # fmt: skip
def test_a_figure_that_differs_between_the_classes_is_flagged(probe, figures):
    labels = coin(N)
    rng = np.random.default_rng(2)
    values = 1000 + 300 * (np.array(labels) == "b") + rng.normal(0, 100, N)
    others = {"width_px": np.full(N, 64), "height_px": np.full(N, 64)}
    if probe == "exposure":
        from tamiz.probes.parts import _EXPOSURE

        others |= dict.fromkeys(_EXPOSURE, np.zeros(N))
    evidence = evidence_of(labels, figures={**others, **dict.fromkeys(figures, values)})
    assert probe in flagged(evidence)


def test_a_figure_whose_middle_values_belong_to_one_class_is_flagged_too():
    labels = coin(N)
    rng = np.random.default_rng(3)
    is_b = np.array(labels) == "b"
    values = np.where(is_b, rng.normal(0, 0.3, N), rng.choice([-1, 1], N) * rng.normal(2, 0.3, N))
    assert "file_size" in flagged(evidence_of(labels, figures={"file_bytes": np.exp(values) * 999}))


def test_a_centre_that_tells_the_label_is_flagged_and_the_lopsided_one_named():
    labels = ["a"] * 100 + ["b"] * 100
    centre = ["1"] * 80 + ["2"] * 20 + ["1"] * 20 + ["2"] * 80
    evidence = evidence_of(labels, columns={"centre": centre})
    report = audited(evidence)
    assert "centre" in flagged(evidence)
    said = [str(one.what) for one in report.findings]
    assert any("Centre 1 has 80 a, 20 b" in words or "Centre 2 has 80 b" in words for words in said)
    assert report.values["centres_ready"] == ["1", "2"]


def test_columns_of_the_table_are_asked_but_ids_and_measured_ones_are_not():
    labels = coin(N)
    view = ["PA" if (label == "a") != (i % 10 == 0) else "AP" for i, label in enumerate(labels)]
    told = {"table_view": view, "file": [f"id{i}" for i in range(N)], "content_sha256": labels}
    assert "metadata" in flagged(evidence_of(labels, columns=told))
    told = {"file": [f"{i:06d}" for i in range(N)], "format": labels, "label_given": labels}
    probes = audited(evidence_of(labels, columns=told)).values["probes"]
    assert "auroc" not in probes["metadata"]


@pytest.mark.parametrize("seed", range(6))
def test_shuffled_labels_are_not_flagged(seed):
    labels = coin(N)
    grey = with_marker(labels)
    shuffled = np.random.default_rng(seed).permutation(labels).tolist()
    assert flagged(evidence_of(shuffled, grey=grey)) == set()


def test_many_pictures_of_each_patient_are_one_fact_each():
    """Yagis 2021: random labels look learnable when slices of a patient are on both sides."""
    for seed in range(3):
        rng = np.random.default_rng(seed)
        patients = rng.integers(0, 256, (80, 16, 16))
        slices = np.repeat(patients, 6, axis=0) + rng.normal(0, 3, (480, 16, 16))
        grey = np.kron(np.clip(slices, 0, 255), np.ones((1, 4, 4))).astype(np.uint8)
        labels = np.repeat(rng.permutation(["a", "b"] * 40), 6).tolist()
        evidence = evidence_of(labels, groups=np.repeat(np.arange(80), 6), grey=grey)
        probe = audited(evidence).values["probes"]["whole"]
        # cross-validation of noise errs below 0.5: what is held out is missing from the mean
        assert probe["low"] < 0.5
        assert probe["p"] > 0.01
        assert probe["n_groups"] == 80


def test_labels_of_the_test_part_are_not_looked_at():
    labels = coin(N)
    sealed = np.arange(N) % 4 == 0
    other = [("b" if label == "a" else "a") if s else label
             for label, s in zip(labels, sealed, strict=True)]  # fmt: skip
    grey = with_marker(labels)
    one, two = (
        audited(evidence_of(some, grey=grey, sealed=sealed)).values for some in (labels, other)
    )
    assert one == two


@pytest.mark.parametrize("labels", [["a"] * 50, ["a"] * 45 + ["b"] * 5, [None] * 50, []])
def test_too_few_classes_are_a_reason_in_words(labels):
    evidence = evidence_of(labels)
    asked = rows_to_ask(evidence)
    assert isinstance(asked, Text)
    assert "fewer than two classes have 10 labelled groups" in str(asked)
    assert audited(evidence).findings == ()


def test_a_table_without_pictures_is_asked_about_its_columns_only():
    labels = coin(N)
    centre = ["1" if label == "a" else "2" for label in labels]
    evidence = evidence_of(
        labels, grey=np.zeros((N, 64, 64), dtype=np.uint8), columns={"centre": centre}
    )
    asked = {n for n, facts in audited(evidence).values["probes"].items() if "auroc" in facts}
    assert asked == {"centre"}


def test_every_probe_answers_with_one_row_each_or_not_at_all():
    evidence = evidence_of(coin(20), columns={"centre": ["<b>1</b>", "🏥"] * 10})
    for name in PROBES.names():
        features = PROBES.get(name)(evidence)
        assert features is None or features.shape[0] == 20, name


def test_without_centres_there_is_nothing_to_say_of_them():
    assert centres_of(evidence_of(coin(20))) is None


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=40))
def test_ranks_are_those_of_scipy(values):
    from scipy.stats import rankdata

    line = np.array(values, dtype=np.float32)[None]
    assert ranked(line)[0].tolist() == rankdata(values).tolist()


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=4, max_size=60))
def test_auroc_is_that_of_scikit_learn(pairs):
    from sklearn.metrics import roc_auc_score

    truth = [is_in for _, is_in in pairs]
    if len(set(truth)) < 2:
        return
    answers = np.array([value for value, _ in pairs], dtype=np.float32)[:, None]
    labels = np.array([[0 if is_in else 1 for is_in in truth]])
    expected = roc_auc_score(truth, answers[:, 0])
    assert float(aurocs(answers, labels, 1)[0]) == pytest.approx(expected)
