"""The page in a real browser: what it may do, what it does, what it looks like at 390 px."""

import pytest

from tamiz.data.report import Finding, Findings, Picture, Report, Section, Severity, Table
from tamiz.rendering.html import render_html

pytestmark = pytest.mark.slow


@pytest.fixture
def opened(browser, tmp_path):
    """Open a report as a file; every complaint of the browser fails the test."""
    complaints: list[str] = []
    pages = []

    def refuse(dialog):
        complaints.append(dialog.message)
        dialog.dismiss()

    def open_report(report, **options):
        path = tmp_path / "report.html"
        path.write_text(render_html(report), encoding="utf-8")
        page = browser.new_page(**options)
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", refuse)
        page.on("request", lambda r: complaints.append(r.url) if r.url.startswith("http") else None)
        page.goto(path.as_uri())
        pages.append(page)
        return page

    yield open_report
    for page in pages:
        page.close()
    assert complaints == []


def column(page, table: str, i: int) -> list[str]:
    script = f"rows => rows.slice(0, 4).map(row => row.cells[{i}].textContent)"
    return list(page.eval_on_selector_all(f"{table} tbody tr", script))


def test_hostile_page_runs_nothing_and_complains_of_nothing(opened, hostile_report):
    page = opened(hostile_report)
    assert page.title().startswith("<script>")
    assert page.locator("main b").count() == 0


def test_click_sorts_up_down_and_back(opened, plain_report):
    page = opened(plain_report)
    table = "table[data-long]"
    button = page.locator(f"{table} th button").nth(1)
    header = page.locator(f"{table} th").nth(1)
    button.click()
    assert header.get_attribute("aria-sort") == "ascending"
    button.click()
    assert column(page, table, 1) == ["249", "248", "247", "246"]
    assert header.get_attribute("aria-sort") == "descending"
    button.click()
    assert header.get_attribute("aria-sort") is None
    assert column(page, table, 1) == ["0", "1", "2", "3"]


def test_keyboard_sorts_words_with_numbers_in_them(opened, plain_report):
    page = opened(plain_report)
    table = "table[data-long]"
    page.locator(f"{table} th button").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert column(page, table, 0) == ["file 249", "file 248", "file 247", "file 246"]


def test_long_table_is_folded_until_asked(opened, plain_report):
    page = opened(plain_report)
    rows = page.locator("table[data-long] tbody tr:visible")
    assert rows.count() == 25
    page.get_by_role("button", name="Show all 250 rows").click()
    assert rows.count() == 250
    page.get_by_role("button", name="Show fewer rows").click()
    assert rows.count() == 25


def test_picture_opens_larger_goes_on_and_closes(opened, plain_report):
    page = opened(plain_report)
    page.locator(".thumb").first.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog")
    assert dialog.is_visible()
    assert dialog.locator("figcaption").text_content() == "cat"
    assert dialog.locator("img").bounding_box()["width"] > 200
    page.keyboard.press("ArrowRight")
    assert dialog.locator("figcaption").text_content() == "dog"
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    page.locator(".thumb").nth(2).click()
    dialog.get_by_role("button", name="Close").click()
    assert not dialog.is_visible()


def test_theme_follows_the_system_until_the_reader_chooses(opened, plain_report):
    page = opened(plain_report, color_scheme="dark")
    colour = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(colour) == "rgb(20, 23, 26)"
    page.locator("#theme").click()
    assert page.evaluate(colour) == "rgb(250, 250, 248)"
    page.reload()
    assert page.evaluate(colour) == "rgb(250, 250, 248)"


def test_charts_take_the_colours_of_the_theme(opened, plain_report):
    page = opened(plain_report, color_scheme="dark")
    script = "e => [...e.querySelectorAll('path')].map(p => getComputedStyle(p).fill)"
    assert "rgb(90, 174, 224)" in page.eval_on_selector(".chart", script)


@pytest.mark.parametrize("width", [320, 390, 800, 1360])
def test_page_never_scrolls_sideways(opened, plain_report, hostile_report, width):
    for report in (plain_report, hostile_report):
        page = opened(report, viewport={"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_copy_button_answers(opened, plain_report):
    page = opened(plain_report)
    page.context.grant_permissions(["clipboard-write", "clipboard-read"])
    page.locator(".code .copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "cat\ndog\nbird"


def test_paper_is_light_and_without_buttons(opened, plain_report):
    page = opened(plain_report, color_scheme="dark")
    page.locator("#theme").click()
    page.locator("#theme").click()
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("button:visible").evaluate_all("all => all.every(b => b.matches('.thumb'))")
    assert page.locator("nav").is_hidden()
    assert page.pdf().startswith(b"%PDF")


def test_labels_of_charts_stay_inside_their_drawing(opened, plain_report):
    page = opened(plain_report, viewport={"width": 1360, "height": 900})
    outside = page.evaluate(
        """() => [...document.querySelectorAll('svg.chart')].flatMap(svg => {
          const box = svg.getBoundingClientRect();
          return [...svg.querySelectorAll('text')].filter(t => {
            const r = t.getBoundingClientRect();
            return r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1
              || r.bottom > box.bottom + 1;
          }).map(t => t.textContent);
        })"""
    )
    assert outside == []


def finding_with_pictures(make_png, n: int) -> Report:
    pictures = tuple(Picture(make_png(i * 10), f"picture <b>{i}</b>\nnext line") for i in range(n))
    finding = Finding(
        Severity.WARNING, "what", "do", "tamiz x", certainty="sure", pictures=pictures
    )
    tables = tuple(Table(("a", "b"), ((1, 2), (3, 4)), f"Table {i}") for i in range(30))
    sections = (Section("one", "One", tables), Section("two", "Two", tables))
    return Report("explore", "T", sections, (Findings((finding,)),))


def test_pictures_of_a_finding_go_on_into_the_folded_ones(opened, make_png):
    page = opened(finding_with_pictures(make_png, 14))
    assert page.locator(".finding .thumb:visible").count() == 12
    page.locator(".finding .thumb").first.click()
    dialog = page.locator("dialog")
    assert dialog.locator(".position").text_content() == "1 / 14"
    assert dialog.locator("figcaption").text_content() == "picture <b>0</b>\nnext line"
    assert dialog.locator("img").bounding_box()["width"] > 300
    page.keyboard.press("ArrowLeft")
    assert dialog.locator(".position").text_content() == "14 / 14"
    page.keyboard.press("Escape")
    assert not dialog.is_visible()


def test_picture_grows_without_scripts(opened, make_png):
    page = opened(finding_with_pictures(make_png, 3), java_script_enabled=False)
    image = page.locator(".finding .thumb img").first
    small = image.bounding_box()["width"]
    page.locator(".finding .thumb").first.click()
    assert image.bounding_box()["width"] > 2 * small
    assert page.locator("table tbody tr:visible").count() == 120


def test_contents_unfold_where_the_reader_is_and_lead_there(opened, make_png):
    page = opened(finding_with_pictures(make_png, 1), viewport={"width": 1360, "height": 900})
    page.locator(".contents a", has_text="Two").click()
    page.locator(".contents li.here", has_text="Two").wait_for()
    place = page.locator(".contents a[href='#two--30']")
    assert place.is_visible()
    assert page.locator(".contents a[href='#one--30']").is_hidden()
    place.click()
    page.wait_for_timeout(800)
    assert page.locator("#two--30").bounding_box()["y"] < 900
