"""The web app in a real browser: what it asks for, what it shows, what hostile names do there."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from tests.faces.web_world import HOSTILE, cautious, elsewhere, opened_of, png, running, zipped

from tamiz.serving.answering import Answerer
from tamiz.stages.predict import predict
from tamiz.web.opened import hold

ZONE = "[data-testid=stFileUploaderDropzone] button p"
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
pytest.importorskip("streamlit", reason="streamlit is not installed")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(answerer, model):
    with running(opened_of(answerer, model)) as address:
        yield address


@pytest.fixture(scope="module")
def complaints() -> list[str]:
    """Hold what the browser complains of, and what it asks of others than the app."""
    return []


@pytest.fixture(scope="module")
def opening(browser, place, complaints):
    """Return what opens the app in a browser of its own."""
    contexts = []

    def tell(request):
        if not request.url.startswith((place, place.replace("http", "ws"), "data:", "blob:")):
            complaints.append(request.url)

    def refuse(dialog):
        complaints.append(dialog.message)
        dialog.dismiss()

    def open_app(path: str = "/", **options):
        context = browser.new_context(**{"locale": "en-GB", **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", refuse)
        page.on("request", tell)
        page.on("websocket", tell)
        page.goto(place + path)
        page.wait_for_selector("footer.tz-foot")
        return page

    yield open_app
    for context in contexts:
        context.close()


@pytest.fixture
def opened(opening, complaints, answerer, model):
    """Open the app; every complaint of the browser and every foreign request fails the test."""
    hold(opened_of(answerer, model))
    complaints.clear()
    yield opening
    assert complaints == []


@pytest.fixture(scope="module")
def shared(opening):
    """Open a page that several tests use one after the other: to load it takes longest."""
    return opening()


@pytest.fixture
def page(shared, opened):
    """Return that page, cleared of what the test before left on it."""
    anew = shared.get_by_role("button", name="Begin anew")
    if anew.count():
        anew.click()
        shared.get_by_text("No image yet").wait_for()
        settled(shared)
    return shared


def files(*named: tuple[str, bytes]):
    return [{"name": name, "mimeType": "", "buffer": content} for name, content in named]


def settled(page):
    """Wait until the page is drawn to its end: a menu opened before would close again."""
    page.wait_for_selector(".stApp[data-test-script-state=notRunning]")


def ask(page, *named: tuple[str, bytes], word: str = "Recognise"):
    page.set_input_files("input[type=file]", files(*named))
    button = page.get_by_role("button", name=word, exact=True)
    button.click()
    page.wait_for_selector(".tz-answer, .tz-tally")
    settled(page)


def test_a_photo_is_answered_with_bars_a_map_and_files_to_take_away(page, model, tmp_path):
    ask(page, ("a.png", png()))
    assert page.locator(".tz-class").inner_text().startswith("left")
    assert page.locator(".tz-row").count() == 2
    page.get_by_text("Show where the network looks").click()
    page.wait_for_selector("img.tz-layer")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Answers as CSV").click()
    path = tmp_path / "a.png"
    path.write_bytes(png())
    assert Path(taken.value.path()).read_text() == predict(model, path).csv_text()


def test_a_dicom_image_is_shown_in_the_window_that_is_chosen(page):
    data = pytest.importorskip("pydicom.data", reason="pydicom is not installed")
    content = Path(data.get_testdata_file("CT_small.dcm", download=False)).read_bytes()
    page.set_input_files("input[type=file]", files(("scan", content)))
    page.wait_for_selector(".tz-picture img")
    settled(page)
    before = page.locator(".tz-picture img").get_attribute("src")
    window = page.get_by_label("Window", exact=True)
    window.press("ArrowDown")  # by keyboard alone
    page.keyboard.type("Lun")
    page.get_by_role("option", name=re.compile("^Lung")).wait_for()
    window.press("Enter")
    page.wait_for_function(
        "before => document.querySelector('.tz-picture img').src !== before", arg=before
    )
    assert "CompressedSamples" not in page.content()  # the patient of this file


def test_an_archive_is_a_table_and_what_is_none_is_told(page):
    ask(page, ("z.zip", zipped(5)))
    page.wait_for_selector("[data-testid=stDataFrame]")
    tally = page.locator(".tz-tally").inner_text()
    assert re.match(r"5 answered.*1 not readable.*1 files that are no images", tally, re.DOTALL)


def test_hostile_names_are_shown_as_they_are(page):
    ask(page, *((name, png(number=number)) for number, name in enumerate(HOSTILE)))
    found: set[str] = set()
    for number in range(len(HOSTILE)):
        page.wait_for_function(
            """seen => { const all = document.querySelectorAll('.tz-answer .tz-file')
            return all.length === 1 && !seen.includes(all[0].innerText) }""",
            arg=sorted(found),
        )
        name = page.locator(".tz-answer .tz-file").inner_text()
        page.locator(".tz-picture figcaption", has_text=name).wait_for()
        found.add(name)
        if number + 1 < len(HOSTILE):
            page.get_by_role("button", name="Next").click()
    assert found == set(HOSTILE)
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0


def test_a_hundred_files_are_answered_in_one_go(page):
    ask(page, *((f"{n:03}.png", png(("left", "upper")[n % 2], n)) for n in range(100)))
    page.wait_for_selector(".tz-answer")
    assert "100 answered" in page.locator(".tz-tally").inner_text()
    page.get_by_label("Name contains").fill("042")
    page.keyboard.press("Enter")
    page.get_by_text("1 of 100 images").wait_for()
    page.get_by_role("region", name="Answer about 000.png").wait_for(state="detached")
    assert page.locator(".tz-answer .tz-file").inner_text() == "042.png"


def test_the_browsers_language_comes_first_and_can_be_changed_keeping_the_answer(opened):
    page = opened(locale="es-MX")
    page.get_by_text("¿Qué hay en esta imagen?").wait_for()
    page.wait_for_function("document.documentElement.lang === 'es'")
    assert "Elegir archivos" in page.locator(ZONE).evaluate(
        "e => getComputedStyle(e, '::after').content"
    )
    ask(page, ("a.png", png()), word="Reconocer")
    page.get_by_role("radio", name="EN").or_(page.get_by_role("button", name="EN")).first.click()
    page.get_by_role("region", name="Respuesta sobre a.png").wait_for(state="detached")
    assert "What is on this image?" in page.locator("h1").inner_text()
    assert page.locator(".tz-class").inner_text().startswith("left")
    assert "lang=en" in page.url


def test_an_odd_image_is_warned_of_and_silence_is_said(page, model, tmp_path):
    ask(page, ("odd.jpg", elsewhere()))
    warning = page.get_by_role("alert")
    assert "Unlike the images that this model learnt from" in warning.first.inner_text()
    folder = cautious(model, tmp_path / "cautious")
    with Answerer.load(folder) as answerer:
        hold(opened_of(answerer, folder))
        page.get_by_role("button", name="Begin anew").click()
        page.get_by_text("No image yet").wait_for()
        settled(page)
        ask(page, ("a.png", png()))
        assert "No answer" in page.locator(".tz-none").inner_text()
        assert "not sure enough" in page.get_by_role("alert").first.inner_text()


def test_the_card_is_one_click_away_and_the_answer_is_still_there_after(page):
    ask(page, ("a.png", png()))
    page.get_by_text("What this model is, its test and its limits").click()
    page.wait_for_selector("article.tz-doc table")
    assert "Limits that the run found" in page.locator("article").inner_text()
    page.get_by_role("link", name="Recognise").first.click()
    page.get_by_text("What is on this image?").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_used_at_390_pixels_by_keyboard_and_stands_out_enough(opened, scheme):
    page = opened(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    ask(page, ("a.png", png()))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    answer = page.locator(".tz-answer").bounding_box()
    picture = page.locator(".tz-picture").bounding_box()
    assert answer["y"] < picture["y"]  # the answer first, where there is one column
    ratios = page.evaluate(CONTRAST)
    assert min(ratios.values()) >= 4.5, ratios
    for _ in range(10):  # whatever the keyboard comes to is seen to be where one is
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 300)")


SEEN = """() => {
  const e = document.activeElement
  if (['BODY', 'INPUT', 'MAIN'].includes(e.tagName)) return true  // whose frame shows it, or none
  const s = getComputedStyle(e)
  return s.outlineStyle !== 'none' || s.boxShadow !== 'none'
}"""
CONTRAST = """() => {
  const rgb = c => {
    const d = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    d.fillStyle = c; d.fillRect(0, 0, 1, 1); return [...d.getImageData(0, 0, 1, 1).data]
  }
  const light = c => { const [r, g, b] = rgb(c).map(v => v / 255).map(
    v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b }
  const back = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor
    if (rgb(c)[3] > 250) return c } return 'white' }
  const found = {}
  for (const place of ['.tz-use', '.tz-head h1', '.tz-lead', '.tz-file', '.tz-class', '.tz-share',
       '.tz-name', '.tz-value', '.tz-foot', '[data-testid=stBaseButton-primary]']) {
    const e = document.querySelector(place)
    const [a, b] = [light(getComputedStyle(e).color), light(back(e))].sort((x, y) => y - x)
    found[place] = (a + 0.05) / (b + 0.05)
  }
  return found
}"""


@pytest.mark.skipif(
    os.environ.get("TAMIZ_WRITE_PICTURES") != "1",
    reason="pictures of the documentation are made with TAMIZ_WRITE_PICTURES=1",
)
def test_pictures_of_the_documentation(opened, tmp_path):
    from tamiz.stages.demo import demo

    demo(tmp_path)
    digits, folder = tmp_path / "digits", tmp_path / "run" / "model"
    sevens = [(one.name, one.read_bytes()) for one in sorted((digits / "7").iterdir())[:1]]
    many = [
        (one.name, one.read_bytes())
        for label in "0123456789"
        for one in sorted((digits / label).iterdir())[:3]
    ]
    many.append(("from-elsewhere.jpg", elsewhere()))
    wide, phone = {"width": 1200, "height": 860}, {"width": 390, "height": 844}
    with Answerer.load(folder) as answerer:
        for name, size, scheme, locale, uploads in (
            ("web-light", wide, "light", "en-GB", sevens),
            ("web-dark", wide, "dark", "en-GB", many),
            ("web-phone", phone, "light", "en-GB", [many[-1]]),
            ("web-spanish", wide, "light", "es-MX", sevens),
            ("web-empty", wide, "light", "en-GB", []),
        ):
            page = opened(viewport=size, color_scheme=scheme, locale=locale, device_scale_factor=1)
            hold(opened_of(answerer, folder))
            page.reload()
            page.wait_for_selector("footer.tz-foot")
            if uploads:
                ask(page, *uploads, word="Reconocer" if locale == "es-MX" else "Recognise")
                page.wait_for_selector(".tz-picture")
            if uploads is sevens:
                page.locator("[data-testid=stCheckbox] label").first.click()
                page.wait_for_selector("img.tz-layer")
            if uploads is many:
                page.wait_for_selector("[data-testid=stDataFrame] canvas")
            page.wait_for_timeout(1500)
            page.locator("[data-testid=stMain]").evaluate("e => e.scrollTo(0, 0)")
            height = page.locator("footer.tz-foot").bounding_box()
            page.set_viewport_size({**size, "height": int(height["y"] + height["height"]) + 24})
            page.wait_for_timeout(700)
            PICTURES.mkdir(exist_ok=True)
            page.screenshot(path=PICTURES / f"{name}.png")
