from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.language import has_text, say, set_language
from tamiz.data.checklist import Answered, counts_of, fill
from tamiz.data.checklists import CHECKLISTS, CLAIM, METRICS_SCORE, TRIPOD_AI

ITEMS = [(one, item) for one in CHECKLISTS.values() for item in one.items]
FACTS = sorted({name for _, item in ITEMS for name in (*item.needs, *item.also, item.unless)})
KNOWN = {name: (f"fact {name}",) for name in FACTS if name}
some_facts = st.sets(st.sampled_from(sorted(KNOWN)))


def by_number(checklist, facts):
    return {one.item.number: one for one in fill(checklist, facts)}


def test_claim_has_44_items_tripod_27_in_52_parts_and_metrics_30_in_9_categories():
    assert [item.number for item in CLAIM.items] == [str(n) for n in range(1, 45)]
    whole = {re.sub(r"\D", "", item.number) for item in TRIPOD_AI.items}
    assert whole == {str(n) for n in range(1, 28)}
    assert len({item.number for item in TRIPOD_AI.items}) == len(TRIPOD_AI.items) == 52
    assert [item.number for item in METRICS_SCORE.items] == [str(n) for n in range(1, 31)]
    assert len(METRICS_SCORE.sections) == 9


def test_the_weights_of_metrics_add_up_to_one():
    assert sum(item.weight for item in METRICS_SCORE.items) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("checklist", "item"), ITEMS, ids=[f"{one.name}-{item.number}" for one, item in ITEMS]
)
def test_every_item_has_words_and_what_a_person_must_say(checklist, item, language):
    set_language(language)
    assert say(f"{checklist.area}.n_{item.number}")
    assert say(f"{checklist.area}.s_{item.section}")
    needs_person = item.asks or not item.needs
    assert not needs_person or has_text(f"{checklist.area}.a_{item.number}")
    assert not item.todo or "tamiz" in say(f"checklist.do_{item.todo}")


@given(some_facts)
def test_counts_add_up_to_the_length_of_the_list(names):
    facts = {name: KNOWN[name] for name in names}
    for checklist in CHECKLISTS.values():
        counts = counts_of(fill(checklist, facts))
        assert sum(counts.values()) == len(checklist.items)
        assert set(counts) == set(Answered)


@given(some_facts)
def test_no_item_is_answered_without_every_fact_that_it_needs(names):
    facts = {name: KNOWN[name] for name in names}
    for checklist in CHECKLISTS.values():
        for one in fill(checklist, facts):
            if one.how in {Answered.YES, Answered.PARTLY}:
                assert one.item.needs
                assert set(one.item.needs) <= names
            if one.how in {Answered.OPEN, Answered.NOT_DONE}:
                assert one.facts == ()


@pytest.mark.parametrize(
    ("checklist", "item", "fact"),
    [(one, item, fact) for one, item in ITEMS for fact in item.needs],
    ids=[f"{one.name}-{item.number}-{fact}" for one, item in ITEMS for fact in item.needs],
)
def test_an_item_whose_fact_is_taken_away_is_open_or_not_done(checklist, item, fact):
    less = {name: told for name, told in KNOWN.items() if name not in {fact, item.unless}}
    wanted = Answered.NOT_DONE if item.todo else Answered.OPEN
    assert by_number(checklist, less)[item.number].how is wanted


@given(some_facts, st.sampled_from(sorted(KNOWN)))
def test_more_facts_never_turn_an_answer_back_into_a_question(names, more):
    facts = {name: KNOWN[name] for name in names}
    for checklist in CHECKLISTS.values():
        before, after = by_number(checklist, facts), by_number(checklist, facts | {more: ("x",)})
        for number, one in before.items():
            if one.how is Answered.YES:
                assert after[number].how in {Answered.YES, Answered.NOT_APPLICABLE}


def test_what_a_person_must_add_is_asked_until_the_fact_is_there():
    facts = {name: KNOWN[name] for name in ("performance", "by_class")}
    assert by_number(TRIPOD_AI, facts)["23a"].how is Answered.PARTLY
    assert by_number(TRIPOD_AI, facts | {"subgroups": ("by sex",)})["23a"].how is Answered.YES


def test_nothing_is_answered_of_a_run_that_shows_nothing():
    for checklist in CHECKLISTS.values():
        counts = counts_of(fill(checklist, {}))
        assert counts[Answered.YES] == counts[Answered.PARTLY] == 0
