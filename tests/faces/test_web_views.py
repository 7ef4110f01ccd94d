"""What pages say about answers: words, bars, tables; names are text whatever they hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces.web_world import HOSTILE, elsewhere, png, zipped

from tamiz.core.language import speaking
from tamiz.data.report import Paragraph, Report, Section, Table
from tamiz.models.bundle import Bundle
from tamiz.rendering.markdown import render_markdown
from tamiz.serving.cards import card_text
from tamiz.serving.several import Sent, answer_together, named_apart
from tamiz.stages.predict import predict
from tamiz.web.answer_view import answer_html, percent, shown_of
from tamiz.web.batch_view import chosen_rows, tally_html
from tamiz.web.card_view import card_html

EVIL = "<b onclick=x>|`*[y](z)"


def told(**changed):
    one = {"path": "a.png", "predicted": "left", "probabilities": {"left": 0.9, "upper": 0.1}}
    return one | changed


def test_probabilities_are_never_shown_as_certain():
    assert percent(1.0) == "> 99.9 %"
    assert percent(0.99996) == "> 99.9 %"
    assert percent(0.00001) == "< 0.1 %"
    assert percent(0.0) == "0.0 %"
    assert percent(0.876) == "87.6 %"


def test_the_answer_names_class_share_and_worth():
    page = answer_html(shown_of(told()), "of 100 such answers about 88 were right")
    assert "left" in page
    assert "90.0 %" in page
    assert "of 100 such answers" in page
    assert "alert" not in page


def test_silence_is_said_before_anything_else_and_its_worth_is_not():
    page = answer_html(shown_of(told(predicted=None), limit=0.95), "of 100 such answers")
    assert page.index("not sure enough") < page.index("No answer") < page.index("90.0 %")
    assert "95.0 %" in page
    assert "of 100 such answers" not in page
    assert 'role="alert"' in page


def test_an_odd_image_is_warned_of_with_its_reason():
    page = answer_html(shown_of(told(odd="too <dark>")))
    assert "Unlike the images that this model learnt from: too &lt;dark&gt;" in page
    withheld = answer_html(shown_of(told(odd="dark", predicted=None), withholds_odd=True))
    assert "So it gives no answer" in withheld
    assert "not sure enough" not in withheld


def test_many_classes_fold_away_and_thresholds_are_marked():
    shares = {f"c{number:02}": 1 / 20 for number in range(20)}
    one = shown_of(told(predicted="c00", probabilities=shares), thresholds={"c01": 0.3})
    page = answer_html(one)
    assert "12 more classes" in page
    assert page.count('class="tz-limit"') == 1


def test_several_labels_or_none_are_told():
    both = shown_of(told(predicted=["left", "upper"]), is_multilabel=True)
    assert "left + upper" in answer_html(both)
    none = shown_of(told(predicted=[]), is_multilabel=True)
    assert none.is_answered
    assert "No answer" not in answer_html(none)


@given(st.text(min_size=1, max_size=40))
def test_no_name_becomes_markup(name):
    one = shown_of(told(path=name, predicted=name, probabilities={name: 1.0}, odd=name))
    page = answer_html(one)
    for sign in ("<script", "<img", "onerror=alert"):
        assert sign not in page.replace("&lt;", "")
    assert page.count("<") == answer_html(
        shown_of(told(path="x", predicted="x", probabilities={"x": 1.0}, odd="x"))
    ).count("<")


def test_a_card_shows_all_words_as_they_are():
    rows = ((EVIL, "0.9 (0.8–1.0)"), ("b", "c"))
    section = Section("s", EVIL, (Paragraph(EVIL), Table((EVIL, "value"), rows, EVIL)))
    page = card_html(render_markdown(Report("card", EVIL, (section,))))
    shown = "&lt;b onclick=x&gt;|`*[y](z)"
    assert page.count(shown) == 6
    assert "<td>b</td><td>c</td>" in page
    assert "<h1>" in page
    assert "<h2>" in page
    assert "<b " not in page


def test_the_card_of_a_model_in_its_run_is_in_the_readers_language(model, tmp_path):
    bundle = Bundle.load(model)
    with speaking("es"):
        spanish = card_text(str(model), bundle, bundle.identity())
        alone = tmp_path / "alone"
        bundle.save(alone)
        assert "left" in card_text(str(alone), bundle, bundle.identity())
    english = card_text(str(model), bundle, bundle.identity())
    assert "## Datos" in spanish
    assert "## Training data" in english
    assert "95% CI" in english


def test_filters_choose_by_name_class_and_state():
    answers = [
        told(path="A1.png"),
        told(path="b.png", predicted=None),
        told(path="a2.png", predicted="upper", odd="dark"),
    ]
    assert chosen_rows(answers, "a", (), "all") == [0, 2]
    assert chosen_rows(answers, "", ("upper",), "all") == [2]
    assert chosen_rows(answers, "", (), "withheld") == [1]
    assert chosen_rows(answers, "", (), "answered") == [0, 2]
    assert chosen_rows(answers, "", (), "odd") == [2]
    tally = tally_html(answers, 4, 0)
    assert "<b>2</b> answered" in tally
    assert "<b>4</b> not readable" in tally
    assert "no images" not in tally


def test_several_uploads_are_answered_as_predict_answers_each(answerer, model, tmp_path):
    uploads = named_apart(
        [
            Sent("a.png", png()),
            Sent("c:\\x\\a.png", png("upper", 1)),
            Sent("z.zip", zipped(3)),
            Sent("bad.pdf", b"%PDF-1.4"),
            Sent("empty.png", b""),
            Sent("odd.jpg", elsewhere()),
        ]
    )
    kept: list[tuple[int, str]] = []
    begun: list[int] = []
    found = answer_together(
        answerer,
        uploads,
        2**20,
        keep=lambda number, one: kept.append((number, one.name)),
        on_upload=begun.append,
    )
    assert begun == list(range(6))
    assert found.sources == (0, 1, 2, 2, 2, 5)
    names = ["a.png", "a.png (2)", *(f"z.zip!/in/00{n}.png" for n in range(3)), "odd.jpg"]
    assert list(found.answers.paths) == names
    assert kept == list(zip(found.sources, names, strict=True))
    problems = dict(found.answers.problems)
    assert set(problems) == {"z.zip!/in/bad.png", "bad.pdf", "empty.png"}
    told_all = found.answers.told()["answers"]
    for number, upload in enumerate(uploads):
        if upload.name in {"bad.pdf", "empty.png"}:
            continue
        path = tmp_path / f"{number}"
        path.write_bytes(upload.content)
        wanted = predict(model, path).told()["answers"]
        own = [one for one, at in zip(told_all, found.sources, strict=True) if at == number]
        assert [one | {"path": ""} for one in own] == [one | {"path": ""} for one in wanted]
    assert found.answers.odd is not None
    assert found.answers.odd[5]
    assert found.answers.csv_text().count("\n") == 1 + 6 + 3


def test_an_upload_beyond_the_limit_is_a_problem_of_its_own(answerer):
    found = answer_together(answerer, [Sent("a.png", png()), Sent("b.png", png() * 999)], 2**16)
    assert found.sources == (0,)
    assert [name for name, _ in found.answers.problems] == ["b.png"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text_in_tables_and_files(answerer, name):
    found = answer_together(answerer, [Sent(name, png())], 2**20)
    assert found.answers.paths == (name,)
    line = found.answers.csv_text().splitlines()[1]
    assert not line.startswith(("=", "+", "-", "@"))
