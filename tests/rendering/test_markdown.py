from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.language import text
from tamiz.data.report import (
    Code,
    Estimate,
    Finding,
    Findings,
    Paragraph,
    Picture,
    Pictures,
    Report,
    Section,
    Severity,
    Table,
)
from tamiz.rendering.markdown import plain, render_markdown


def of(*blocks):
    return Report("card", "a title", (Section("one", "a section", blocks),))


def test_headings_paragraphs_and_tables_become_markdown():
    made = render_markdown(of(Paragraph("first\n\nsecond"), Table(("a", "n"), (("x", 3),), "cap")))
    assert made == (
        "# a title\n\n## a section\n\nfirst\n\nsecond\n\n**cap**\n\n"
        "| a | n |\n| --- | --- |\n| x | 3 |\n"
    )


def test_a_figure_has_its_interval():
    made = render_markdown(of(Table(("a",), ((Estimate(0.9333, 0.859, 0.969, 104, 60),),))))
    assert "| 0.933 (0.859–0.969) |" in made


def test_findings_code_and_pictures_are_told():
    finding = Finding(Severity.WARNING, "few groups", "gather more")
    made = render_markdown(
        of(Findings((finding,)), Code("a ``` b", "how"), Pictures((Picture(b"x"),), "shown"))
    )
    assert "- **Warning**: few groups gather more" in made
    assert "````\na ``` b\n````" in made
    assert "_shown: " in made


@pytest.mark.parametrize("language", ["en", "es"])
def test_texts_are_said_in_the_language_asked_for(language):
    made = render_markdown(of(Paragraph(text("checklist.open"))), language=language)
    assert ("open" in made) == (language == "en")


def test_names_are_text_whatever_they_hold():
    made = render_markdown(of(Table(("a",), (("<b>|[x](y)*_`#",),))))
    assert "| \\<b\\>\\|\\[x\\](y)\\*\\_\\`\\# |" in made


@given(st.text(max_size=40))
def test_a_name_never_ends_a_cell_or_opens_a_tag(name):
    made = plain(name)
    assert "\n" not in made
    for sign in "<|[":
        assert made.count(sign) == made.count(f"\\{sign}")
