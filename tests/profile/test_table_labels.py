"""Labels that are several, none, the same twice or very rare are named, with what mends them."""

from __future__ import annotations

import shlex

import pytest

from tamiz.core.language import set_language
from tamiz.data.report import Severity
from tamiz.profile.label_words import label_findings, suspicious_labels


def found_in(*labels, n=50):
    return {(one.kind, one.label) for one in suspicious_labels(dict.fromkeys(labels, n))}


@pytest.mark.parametrize(
    "label", ["COVID-19, ARDS", "COVID-19;ARDS", "COVID-19 | ARDS", "ARDS/COVID-19", "ARDS + X",
              "ards & other", "COVID-19 y ARDS"],
)  # fmt: skip
def test_a_label_that_holds_another_label_is_several(label):
    found = suspicious_labels({"COVID-19": 50, "ARDS": 20, label: 12})
    assert [(one.kind, one.label) for one in found] == [("several labels", label)]
    assert len(found[0].parts) == 2


def test_the_first_part_that_is_a_label_is_proposed():
    (found,) = suspicious_labels({"COVID-19": 50, "ARDS": 20, "COVID-19, ARDS": 12})
    assert found.relabel == ("COVID-19, ARDS=COVID-19",)


def test_parts_that_share_a_word_with_a_label_are_asked_about_only():
    (finding,) = label_findings({"T-shirt/top": 90, "Shirt": 90})
    assert finding.severity is Severity.NOTE
    assert "leave it" in str(finding.advice)


@pytest.mark.parametrize("label", ["and/or", "HER2+", "Salt, pepper", "x-ray", "A+B"])
def test_a_label_whose_parts_are_unknown_is_one(label):
    assert found_in(label, "cat") == set()


@pytest.mark.parametrize(
    "label", ["todo", "TODO", "unknown", "n/a", "?", "???", "-", "sin etiqueta", "Pendiente",
              "por hacer", "Sin clasificar", "not labelled"],
)  # fmt: skip
def test_words_that_nobody_has_answered_with_are_no_label(label):
    (found,) = suspicious_labels({label: 30, "cat": 50})
    assert (found.kind, found.relabel) == ("no label", (f"{label}=",))


def test_plus_and_minus_are_answers():
    assert found_in("+", "-") == set()


@pytest.mark.parametrize("label", ["other", "none", "normal", "No Finding", "0", "+", "negativo"])
def test_answers_stay_labels(label):
    assert found_in(label, "cat") == set()


@pytest.mark.parametrize(
    ("label", "other"),
    [("Cat", "cat"), ("cat", "cat "), ("Perro", "perro"), ("neumonía", "neumonia"),
     ("No Finding", "no_finding"), ("кот", "Кот")],
)  # fmt: skip
def test_labels_that_differ_in_writing_only_are_one(label, other):
    (found,) = suspicious_labels({label: 30, other: 12, "fish": 30})
    assert (found.kind, found.label, found.parts) == ("same label", label, (other,))
    assert found.relabel == (f"{other}={label}",)
    assert found.n == 12


@pytest.mark.parametrize("pair", [("C", "C++"), ("A1", "A2"), ("+", "-1"), ("gato", "pato")])
def test_labels_that_differ_in_more_stay_two(pair):
    assert found_in(*pair) == set()


def test_rare_labels_share_one_finding_the_rarest_first():
    (finding,) = label_findings({"a": 100, "b": 9, "c": 1})
    assert "c (1), b (9)" in str(finding.what)
    assert finding.items == ("c", "b")


def test_the_command_can_be_typed_whatever_the_label():
    for label in ["unknown", 'todo" ; $(rm -rf x), `cat`', "it's, cat", "{x}, cat", "a=b, cat"]:
        findings = label_findings({label: 20, "cat": 50})
        words = shlex.split(findings[0].command.replace("{source}", "folder"))
        assert words[:3] == ["tamiz", "run", "folder"]
        assert words[4].rpartition("=")[0] == label


def test_findings_are_said_in_both_languages():
    for language in ("en", "es"):
        set_language(language)
        for finding in label_findings({"a, b": 5, "a": 50, "todo": 12, "A": 11}):
            assert str(finding.what)
            assert str(finding.advice)


def test_no_labels_are_borne():
    assert suspicious_labels({}) == ()
    assert label_findings({"": 5, " ": 2}) == ()
