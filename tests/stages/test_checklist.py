from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from tamiz.core.errors import WrongUse
from tamiz.core.language import say, set_language
from tamiz.core.recipe import DataOptions, EvaluateOptions, Recipe
from tamiz.data.checklist import Answered
from tamiz.data.checklists import CHECKLISTS
from tamiz.data.report import Table
from tamiz.rendering.html import render_html
from tamiz.rendering.markdown import render_markdown
from tamiz.stages.card import model_card
from tamiz.stages.checklist import (
    checklist_names,
    checklist_report,
    checklists_section,
    filled_of,
    write_checklists,
)
from tamiz.stages.checklist_answers import answers_of
from tamiz.stages.results_in_words import results_paragraphs
from tamiz.stages.run_facts import PartFacts, RunFacts


def figure(value, low=None, high=None, n=104, n_groups=60):
    return {
        "value": value, "low": low, "high": high, "n": n, "n_groups": n_groups,
        "method": "bootstrap" if low is not None else "",
    }  # fmt: skip


BUNDLE = {
    "classes": ["NORMAL", "PNEUMONIA"],
    "input": {"size_px": 48, "channels": 3},
    "model": {"name": "small", "options": {}},
    "steps": [{"name": "rgb"}, {"name": "resize", "size_px": 48}],
    "training": {"n_parameters": 292994, "best_epoch": 4, "epochs": 6},
    "temperature": 0.9,
    "versions": {"tamiz": "0.1.0", "torch": "2.15.0"},
    "weights": {"sha256": "ab" * 32},
    "start": {},
}
METRICS = {
    "test": {
        "accuracy": figure(0.941, 0.92, 0.957),
        "auroc": figure(0.99, 0.948, 0.998),
        "ece": figure(0.047, 0.021, 0.083),
    },
    "by_class": {
        "test": {
            "NORMAL": {"recall": figure(0.884, 0.75, 0.951, 43, 40)},
            "PNEUMONIA": {"recall": figure(0.967, 0.845, 0.994, 61, 20)},
        }
    },
    "baselines": {
        "prior": {"accuracy": figure(0.587, 0.424, 0.732)},
        "nearest-thumbnail": {"accuracy": figure(0.93, 0.83, 0.95)},
    },
}
VALUES: dict[str, Any] = {
    "index": {"kind": "folder", "missing": 0},
    "check": {"formats": {"JPEG": 700}},
    "clean": {"checks": {"blur": {"suspected": 2}}},
    "audit": {
        "shortcuts": {
            "probes": {
                "corners": {"auroc": 0.9, "flagged": True},
                "whole": {"auroc": 0.9, "flagged": True},
            }
        }
    },
}
CHEST = RunFacts(
    recipe=Recipe(data=DataOptions(source="/home/perez-garcia/chest", group="patient_id")),
    source="chest",
    parts={
        "train": PartFacts(527, 299, {"NORMAL": 209, "PNEUMONIA": 318}),
        "val": PartFacts(67, 43, {"NORMAL": 27, "PNEUMONIA": 40}),
        "test": PartFacts(104, 60, {"NORMAL": 43, "PNEUMONIA": 61}),
    },
    fates={"train": 527, "val": 67, "test": 104, "duplicate": 2},
    has_groups=True,
    are_patients=True,
    bundle=BUNDLE,
    metrics=METRICS,
    values=VALUES,
    looks=1,
)
EMPTY = RunFacts(recipe=Recipe(data=DataOptions(source="/x/chest")), source="chest")


def words(facts):
    return "\n".join(map(str, results_paragraphs(facts)))


def states(name, facts):
    return {one.item.number: one.how for one in filled_of(name, facts)}


def test_the_main_figure_is_told_with_interval_n_and_patients():
    assert (
        "The model classified 94.1% (95% CI 92.0 to 95.7; 104 images of 60 patients) of the test "
        "images correctly."
    ) in words(CHEST)
    set_language("es")
    assert (
        "El modelo clasificó bien el 94.1\u00a0% (IC del 95\u00a0%: 92.0 a 95.7; 104 imágenes de "
        "60 pacientes) de las imágenes de prueba."
    ) in words(CHEST)


def test_two_classes_have_sensitivity_and_specificity_of_the_class_looked_for():
    assert "With 'PNEUMONIA' as the class looked for, sensitivity was 96.7%" in words(CHEST)
    asked = replace(CHEST.recipe, evaluate=EvaluateOptions(positive="NORMAL"))
    told = words(replace(CHEST, recipe=asked))
    assert "With 'NORMAL' as the class looked for, sensitivity was 88.4%" in told


def test_a_threshold_set_on_validation_gives_the_figures_of_its_answers():
    point = {
        "rule": "sensitivity:0.95", "threshold": 0.73, "accuracy": figure(0.952, 0.9, 0.98),
        "sensitivity": figure(0.951, 0.762, 0.992, 61, 20),
        "specificity": figure(0.953, 0.834, 0.988, 43, 40),
    }  # fmt: skip
    found = {"decision": {"rule": "sensitivity:0.95"}, "positive": "PNEUMONIA", "points": [point]}
    told = words(replace(CHEST, metrics=METRICS | {"operating": found}))
    assert "The model classified 95.2%" in told
    assert "whose threshold (0.730) was set on the validation part, sensitivity was 95.1%" in told
    assert "By the most probable class, which the tables of figures" in told


def test_a_baseline_inside_the_interval_is_not_beaten():
    assert "shown to be better than answering with the class frequencies alone" in words(CHEST)
    assert "but not than copying the label of the most similar thumbnail" in words(CHEST)


def test_a_paired_comparison_decides_where_there_is_one():
    paired = {name: {"verdict": "better"} for name in ("prior", "nearest-thumbnail")}
    told = words(replace(CHEST, metrics=METRICS | {"against_baselines": paired}))
    assert "but not than" not in told


@pytest.mark.parametrize("language", ["en", "es"])
def test_one_is_singular(language):
    set_language(language)
    one = PartFacts(1, 1, {"NORMAL": 1})
    facts = replace(
        CHEST, parts={"train": one, "val": one, "test": one}, fates={"train": 1, "unreadable": 1}
    )
    told = words(facts) + str(answers_of(facts))
    plurals = r"\b1 (images|patients|files|groups|imágenes|pacientes|archivos|grupos)\b"
    assert not re.search(plurals, told)


def test_limits_are_those_that_the_run_found():
    assert "With 60 patients judged" in words(CHEST)
    assert "(the corners)" in words(CHEST)
    assert "was looked at 3 times" in words(replace(CHEST, looks=3))
    assert "5 models were measured on this test part" in words(replace(CHEST, models_tried=5))
    assert "This is not a valid evaluation" in words(replace(CHEST, leaks=True))
    assert "No patient is in two parts" not in words(replace(CHEST, leaks=True))


def test_without_groups_the_reader_is_warned_and_no_patient_is_named():
    told = words(replace(CHEST, has_groups=False, are_patients=False))
    assert "Nothing says which images belong together" in told
    assert "patients" not in told.replace("of one patient", "")


def test_a_figure_without_interval_says_why():
    metrics = METRICS | {"test": {"accuracy": figure(0.9, n=8, n_groups=4)}}
    assert "90.0% (no interval: too few groups; 8 images of 4 patients)" in words(
        replace(CHEST, metrics=metrics)
    )


def test_several_labels_and_pooled_patients_have_words_of_their_own():
    labels = METRICS | {"test": {"exact_match": figure(0.5, 0.4, 0.6), "f1_micro": figure(0.7)}}
    values = VALUES | {"index": {"kind": "table", "is_multilabel": True}}
    told = words(replace(CHEST, metrics=labels, values=values))
    assert "All labels were right for 50.0%" in told
    pooled = METRICS | {"test": {"accuracy": figure(0.9, 0.8, 0.95, n=60)}}
    told = words(replace(CHEST, metrics=pooled))
    assert "90.0% (95% CI 80.0 to 95.0; 60 patients) of the test patients" in told


def test_the_worst_subgroup_is_told_with_its_test():
    levels = {"F": {"accuracy": figure(0.8, 0.7, 0.9)}, "M": {"accuracy": figure(0.95, 0.9, 1.0)}}
    column = {"metric": "accuracy", "levels": levels, "worst": "F", "p_corrected": 0.4}
    told = words(replace(CHEST, metrics=METRICS | {"subgroups": {"sex": column}}))
    assert "the lowest figure is that of 'F'" in told
    assert "no difference between the groups is shown (p = 0.400" in told
    assert "was not measured" in told  # nothing is external yet
    assert "for all ages" not in told


def test_a_run_without_figures_says_so():
    assert words(EMPTY) == say("results.none")


def test_external_data_explanations_and_experiments_are_not_done_until_they_are():
    before = states("claim", CHEST)
    assert before["30"] is before["31"] is before["33"] is Answered.NOT_DONE
    more = replace(
        CHEST,
        external={"north": {"north": {"accuracy": figure(0.8, 0.7, 0.9)}}},
        explained=3,
        sanity={"labels": {}},
    )
    after = states("claim", more)
    assert after["30"] is after["31"] is after["33"] is Answered.YES
    assert "On the external set 'north', 80.0%" in words(more)


def test_what_only_a_person_knows_stays_open():
    assert states("claim", CHEST)["44"] is Answered.OPEN
    assert states("tripod-ai", CHEST)["17"] is Answered.OPEN
    assert states("metrics", CHEST)["7"] is Answered.OPEN


def test_a_division_that_is_not_by_patient_earns_no_point():
    assert states("metrics", CHEST)["18"] is Answered.YES
    assert states("metrics", replace(CHEST, has_groups=False))["18"] is Answered.OPEN
    assert states("metrics", replace(CHEST, leaks=True))["18"] is Answered.OPEN


@pytest.mark.parametrize("name", CHECKLISTS)
def test_a_run_that_is_not_evaluated_answers_nothing_of_results(name):
    for one in filled_of(name, EMPTY):
        assert one.how in {Answered.OPEN, Answered.NOT_DONE}


def test_metrics_gives_no_score_while_items_wait():
    told = render_markdown(checklist_report("metrics", CHEST))
    assert "No METRICS score is given" in told


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", CHECKLISTS)
def test_page_and_markdown_hold_the_same_items(name, language):
    set_language(language)
    report = checklist_report(name, CHEST)
    page = " ".join(re.sub(r"<[^>]+>", " ", html.unescape(render_html(report))).split())
    written = re.sub(r"\\(.)", r"\1", render_markdown(report))
    for one in filled_of(name, CHEST):
        subject = say(f"{CHECKLISTS[name].area}.n_{one.item.number}")
        assert f"| {one.item.number} | {subject} |" in written
        assert f"{one.item.number} {subject}" in page


def test_no_path_and_no_name_of_a_folder_is_in_what_is_written(tmp_path):
    write_checklists(list(CHECKLISTS), CHEST, tmp_path)
    written = [path.read_text() for path in tmp_path.iterdir()]
    assert len(written) == 2 * len(CHECKLISTS)
    card = model_card(CHEST)
    written += [render_markdown(card), render_html(card), words(CHEST)]
    assert not any("perez-garcia" in one for one in written)


def test_the_report_counts_the_items_of_each_list():
    section = checklists_section({name: filled_of(name, CHEST) for name in CHECKLISTS})
    table = section.blocks[-1]
    assert isinstance(table, Table)
    for row in table.rows:
        counts = [cell for cell in row if isinstance(cell, int)]
        assert counts[0] == sum(counts[1:])


def test_an_unknown_list_is_named_with_those_that_there_are():
    with pytest.raises(WrongUse) as error:
        checklist_names("claim,clam")
    assert "--checklist: there is no checklist 'clam'" in str(error.value)
    assert "claim, tripod-ai, metrics" in str(error.value)
    assert checklist_names(" claim, METRICS,claim") == ("claim", "metrics")


@pytest.mark.parametrize("asked", ["", ","])
def test_no_list_at_all_is_refused(asked):
    with pytest.raises(WrongUse):
        checklist_names(asked)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_card_tells_use_data_figures_and_limits_and_leaves_open_what_it_cannot_know(language):
    set_language(language)
    written = render_markdown(model_card(CHEST))
    for key in ("use", "out_of_scope", "data", "testing", "figures", "limits", "how", "licence"):
        assert f"## {say(f'card.{key}')}\n" in written
    assert say("card.use_open") in written
    assert say("card.licence_open") in written
    assert "0.941 (0.920–0.957)" in written


def test_what_the_user_said_of_use_and_licence_stands_in_the_card():
    bundle = BUNDLE | {"intended_use": "second reading", "licence": "CC BY 4.0"}
    written = render_markdown(model_card(replace(CHEST, bundle=bundle)))
    assert "second reading" in written
    assert "CC BY 4.0" in written
    assert say("card.use_open") not in written


def test_reports_survive_being_saved_and_read_in_another_language(tmp_path):
    report = checklist_report("claim", CHEST)
    report.save(tmp_path)
    set_language("es")
    read = type(report).load(tmp_path)
    assert render_markdown(read) == render_markdown(report)
    assert json.loads((tmp_path / "report.json").read_text())["stage"] == "checklist"


def test_the_guards_false_alarms_stand_in_the_card_with_their_interval():
    bundle = BUNDLE | {"guard": {"false_alarms": {"all": figure(0.03, 0.01, 0.08, 67, 43)}}}
    written = render_markdown(model_card(replace(CHEST, bundle=bundle)))
    assert "wrong to warn in 3.0% (95% CI 1.0 to 8.0; 67 images of 43 patients) of" in written
    assert say("card.no_guard") not in written
