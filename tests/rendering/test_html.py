import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from tamiz.core import language
from tamiz.data.report import (
    Chart,
    Code,
    Finding,
    Findings,
    Paragraph,
    Picture,
    Pictures,
    Report,
    Section,
    Series,
    Severity,
    Table,
)
from tamiz.rendering.html import MOST_ITEMS, render_html


class Page(HTMLParser):
    """What a browser would make of a page: its elements, their attributes, its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def without_own_files(html: str) -> str:
    """Return the page less its own style and script."""
    return re.sub(r"<(style|script)>.*?</\1>", "", html, flags=re.DOTALL)


def test_hostile_names_make_no_element_and_no_attribute(hostile_report):
    page = Page(render_html(hostile_report))
    tags = [tag for tag, _ in page.tags]
    assert tags.count("script") == 1
    assert tags.count("style") == 1
    assert "b" not in tags
    sources = {attrs["src"] for tag, attrs in page.tags if tag == "img" and "src" in attrs}
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]


def test_hostile_names_are_shown_as_text(hostile_report):
    words = "".join(Page(render_html(hostile_report)).words)
    assert "<script>alert(1)</script>" in words
    assert "{{ 7 * 7 }}" in words
    assert "49" not in re.findall(r"\{\{.*?\}\}", words)
    assert "x" * 400 in words


def test_no_control_character_reaches_the_page(hostile_report):
    html = render_html(hostile_report)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", html)
    html.encode("utf-8")


def test_page_refers_to_nothing_outside_itself(plain_report):
    html = render_html(plain_report)
    assert "http://" not in html
    assert "https://" not in html
    assert "url(" not in html.replace("url(#", "")
    addresses = [
        value
        for _, attrs in Page(html).tags
        for name, value in attrs.items()
        if name in {"src", "href", "action", "srcset"}
    ]
    assert all(value.startswith(("#", "data:")) for value in addresses)


def test_policy_allows_its_own_style_and_script_and_nothing_else(plain_report):
    html = render_html(plain_report)
    metas = [attrs for tag, attrs in Page(html).tags if tag == "meta"]
    policy = next(m["content"] for m in metas if m.get("http-equiv") == "Content-Security-Policy")
    for tag, part in (("style", "style-src"), ("script", "script-src")):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{part} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy


def test_no_inline_style_that_the_policy_would_refuse(plain_report):
    assert not [1 for _, attrs in Page(render_html(plain_report)).tags if "style" in attrs]


def test_ids_are_unique(plain_report):
    ids = [attrs["id"] for _, attrs in Page(render_html(plain_report)).tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_every_reference_within_the_page_has_its_target(plain_report):
    html = render_html(plain_report)
    tags = Page(html).tags
    ids = {attrs["id"] for _, attrs in tags if "id" in attrs}
    wanted = {attrs["href"][1:] for _, attrs in tags if attrs.get("href", "").startswith("#")}
    wanted |= set(re.findall(r"url\(#([^)]+)\)", without_own_files(html)))
    wanted |= {name for _, a in tags for name in (a.get("aria-labelledby") or "").split()}
    assert wanted <= ids


def test_same_report_gives_the_same_bytes(plain_report):
    assert render_html(plain_report) == render_html(plain_report)


def test_spanish_page_says_so_and_leaves_the_language_as_it_was(plain_report):
    html = render_html(plain_report, language="es")
    assert '<html lang="es">' in html
    assert "Resumen" in html
    assert "Entre paréntesis: intervalo del 95" in html
    assert language.current_language() == "en"


def test_unknown_language_is_refused(plain_report):
    with pytest.raises(ValueError, match="en, es"):
        render_html(plain_report, language="fr")


def test_headline_table_becomes_cards_with_interval_and_baselines(plain_report):
    html = render_html(plain_report)
    summary = html[html.index('id="summary"') : html.index('<section id="words"')]
    assert '<p class="card-label">Accuracy</p>' in summary
    assert '<span class="value">0.934</span>' in summary
    assert "(0.929–0.939)" in summary
    assert "<dt>prior</dt><dd>0.500</dd>" in summary
    assert "n = 5,000 in 725 groups" in summary


def test_missing_interval_shows_its_note(metrics_table):
    html = render_html(Report("evaluate", "T", (Section("a", "A", (metrics_table,)),)))
    assert '<span class="value">0.693</span><sup>a</sup>' in html
    assert "<sup>a</sup> no data" in html


def test_findings_stand_gravest_first(plain_report):
    html = render_html(plain_report)
    rest = html[html.index('<section id="rest"') :]
    order = re.findall(r'<li class="finding (\w+)">', rest)
    assert order == ["stop", "warning", "note"]


def test_tiny_pictures_are_marked_and_broken_ones_said(make_png):
    pictures = (
        Picture(make_png(9, 28), "tiny"),
        Picture(make_png(9, 100), "big"),
        Picture(b"no png", "broken"),
    )
    html = render_html(Report("report", "T", (Section("p", "P", (Pictures(pictures),)),)))
    images = [attrs for tag, attrs in Page(html).tags if tag == "img" and "src" in attrs]
    assert [image.get("class") for image in images] == ["tiny", None]
    assert "this picture is damaged" in html


def test_numbers_are_right_aligned_and_sort_by_value():
    table = Table(("name", "n"), (("a", 1200), ("b", 7), ("c", None)))
    html = render_html(Report("index", "T", (Section("a", "A", (table,)),)))
    assert 'class="num" data-v="1200.0">1,200<' in html
    assert '<td class=" none">–<' in html


def test_heat_shades_by_share_of_the_row():
    table = Table(("true", "a", "b"), (("a", 9, 1), ("b", 0, 5)), style="heat", unit="count")
    html = render_html(Report("evaluate", "T", (Section("a", "A", (table,)),)))
    shades = re.findall(r'<td class="num (h\d+)"', html)
    assert shades == ["h9", "h1", "h0", "h10"]


def test_comments_of_a_recipe_are_set_apart_but_not_a_hash_in_a_text():
    code = Code('[train]\nname = "a#b" # why\n', "recipe.toml")
    html = render_html(Report("plan", "T", (Section("r", "R", (code,)),)))
    assert '<span class="heading">[train]</span>' in html
    assert 'name = &#34;a#b&#34; <span class="comment"># why</span>' in html


def test_report_without_sections_or_summary_is_a_page():
    assert "<h1>Nothing</h1>" in render_html(Report("index", "Nothing"))


def test_anchors_are_made_safe_and_distinct():
    sections = (
        Section("top", "A", (Paragraph("a"),)),
        Section("a b<", "B", (Paragraph("b"),)),
        Section("a b", "C", (Paragraph("c"),)),
    )
    html = render_html(Report("index", "T", sections))
    assert re.findall(r'<section id="([^"]+)"', html) == ["top-2", "a-b", "a-b-2"]


def test_endless_table_is_cut_and_says_so():
    table = Table(("path", "n"), tuple((f"file {i}", i) for i in range(7000)))
    html = render_html(Report("index", "T", (Section("a", "A", (table,)),)))
    assert html.count("<tr>") == 5001
    assert "holds the first 5,000 of 7,000 rows; report.json holds them all" in html


def test_very_wide_matrix_stays_a_page_that_opens():
    names = tuple(f"class {i}" for i in range(400))
    rows: Any = tuple((name, *([1] * 400)) for name in names)
    table = Table(("true", *names), rows, style="heat", unit="count")
    assert len(render_html(Report("evaluate", "T", (Section("a", "A", (table,)),)))) < 8_000_000


def page_of(*blocks: Any) -> str:
    return render_html(Report("explore", "T", (Section("a", "A", blocks),)))


def test_finding_says_how_sure_it_is_and_shows_its_pictures(make_png):
    pictures = tuple(Picture(make_png(i), f"picture {i}") for i in range(14))
    finding = Finding(Severity.NOTE, "what", certainty="p < 0.001", pictures=pictures)
    html = page_of(Findings((finding,)))
    assert '<p class="certainty">How sure: p &lt; 0.001</p>' in html
    assert html.count('class="thumb"') == 14
    assert "<summary>2 more pictures</summary>" in html


def test_finding_without_certainty_claims_none():
    assert "How sure" not in page_of(Findings((Finding(Severity.NOTE, "what"),)))


def test_equally_grave_findings_stand_by_what_is_at_stake():
    findings = [
        Finding(Severity.WARNING, "small", effect=0.1),
        Finding(Severity.NOTE, "mere note", effect=0.9),
        Finding(Severity.WARNING, "large", effect=0.7),
    ]
    html = page_of(Findings(tuple(findings)))
    words = html[html.index("<section") :]
    assert words.index("large") < words.index("small") < words.index("mere note")


def test_endless_items_are_cut_and_counted():
    finding = Finding(Severity.NOTE, "what", items=tuple(f"file-{i}" for i in range(20_000)))
    html = page_of(Findings((finding,)))
    assert "<summary>Items: 20,000</summary>" in html
    assert html.count("<li>file-") == MOST_ITEMS
    assert "The first 500 of 20,000; report.json holds them all." in html


def test_section_of_many_tables_lists_them_in_the_contents():
    tables = [Table(("a",), ((i,),), f"Table {i}") for i in range(5)]
    html = page_of(*tables)
    assert '<ol class="places"><li><a href="#a--1">Table 0</a></li>' in html
    assert 'id="a--5"' in html
    assert 'class="places"' not in page_of(*tables[:3])


def test_hostile_captions_are_harmless_in_the_contents(hostile_names):
    tables = [Table(("a",), ((1,),), name) for name in hostile_names]
    page = Page(page_of(*tables))
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert "b" not in [tag for tag, _ in page.tags]


def test_report_of_many_tables_and_crowded_charts_stays_small():
    rows = tuple((f"name {i}", *range(7)) for i in range(60))
    tables = tuple(Table(("name", *"abcdefg"), rows, f"Table {i}") for i in range(40))
    xs = tuple(float(x) for x in range(2000))
    clouds = tuple(Chart("scatter", f"S {i}", "x", "y", (Series("a", xs, xs),)) for i in range(2))
    bars = Series("n", xs[:60], xs[:60])
    others = tuple(Chart("histogram", f"H {i}", "x", "n", (bars,)) for i in range(6))
    assert len(page_of(*tables, *clouds, *others)) < 1_300_000
