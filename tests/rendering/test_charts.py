import json
import re
import sys
import threading
from xml.etree import ElementTree as ET

import pytest

from tamiz.data.report import Chart, Report, Section, Series
from tamiz.rendering.charts import chart_png, chart_svg, describe, is_wide
from tamiz.rendering.words import one_line

LINE = Chart(
    "line",
    "Loss",
    "Epoch",
    "Loss (nats)",
    (
        Series("train", (1, 2, 3), (0.9, 0.5, 0.2), (0.8, 0.4, 0.1), (1.0, 0.6, 0.3)),
        Series("val", (1, 2, 3), (1.0, 0.7, 0.6)),
    ),
)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


def words_of(svg: str) -> list[str]:
    return [e.text or "" for e in parsed(svg).iter() if e.tag.endswith("text")]


def test_same_chart_gives_the_same_bytes():
    assert chart_svg(LINE) == chart_svg(LINE)
    assert chart_png(LINE) == chart_png(LINE)


def test_svg_is_an_image_with_a_name_and_a_description():
    svg = chart_svg(LINE, name="c1")
    assert svg.startswith("<svg ")
    assert 'role="img"' in svg
    assert '<title id="c1-title">Loss</title>' in svg
    assert "train: 3 points, from 0.200 to 0.900" in svg


def test_svg_holds_texts_as_texts_axes_and_legend():
    words = words_of(chart_svg(LINE))
    assert {"Epoch", "Loss (nats)", "train", "val"} <= set(words)


def test_svg_has_no_style_date_or_stand_in_colour():
    svg = chart_svg(LINE)
    for absent in ("style", "<metadata", "<?xml", "DOCTYPE", "#fe01", "#fe02", "matplotlib"):
        assert absent not in svg
    assert set(re.findall(r"https?://[^\"]+", svg)) == {"http://www.w3.org/2000/svg"}


def test_colours_follow_the_page():
    svg = chart_svg(LINE)
    assert "var(--series-1, #0072b2)" in svg
    assert "var(--series-2, #d55e00)" in svg
    assert "var(--muted, " in svg


def test_ids_start_with_the_name_of_the_chart():
    ids = re.findall(r' id="([^"]+)"', chart_svg(LINE, name="chart-7"))
    assert ids
    assert all(one.startswith("chart-7-") for one in ids)


@pytest.mark.parametrize("kind", ["line", "bar", "scatter"])
def test_hostile_names_are_text_in_every_kind(kind, hostile_names):
    series = tuple(
        Series(name, hostile_names, (0.5,) * len(hostile_names)) for name in hostile_names
    )
    svg = chart_svg(Chart(kind, hostile_names[0], hostile_names[1], hostile_names[2], series))
    tags = {e.tag.rpartition("}")[2] for e in parsed(svg).iter()}
    assert tags <= {"svg", "title", "desc", "g", "path", "text", "use", "defs", "clipPath", "rect"}
    assert any("<script>" in word for word in words_of(svg))
    chart_png(Chart(kind, hostile_names[0], "x", "y", series))


def test_formula_signs_in_a_name_stay_signs():
    chart = Chart("bar", "T", "x", "y", (Series("n", ("$a_b$", "$"), (1, 2)),))
    assert "$a_b$" in words_of(chart_svg(chart))


def test_long_names_are_shortened_in_the_middle():
    assert one_line("a" * 50 + "z", 10) == "aaaaaa…aaz"
    chart = Chart("bar", "T", "x", "y", (Series("n", ("a" * 400, "b"), (1, 2)),))
    assert max(map(len, words_of(chart_svg(chart)))) < 40


@pytest.mark.parametrize(
    "series",
    [
        (),
        (Series("none", (), ()),),
        (Series("nan", (1, 2), (float("nan"), float("inf"))),),
        (Series("one", (1,), (0.5,)),),
        (Series("zero", (1, 2), (0.0, 0.0)),),
        (Series("negative", (-1, 2), (-5.0, 7.0)),),
        tuple(Series(f"s{i}", (1, 2), (i, i + 1)) for i in range(20)),
    ],
)
@pytest.mark.parametrize("kind", ["line", "bar", "scatter"])
@pytest.mark.parametrize("log_y", [False, True])
def test_odd_series_are_drawn(kind, series, log_y):
    assert chart_svg(Chart(kind, "T", "x", "y", series, log_y=log_y)).endswith("</svg>")


def test_reliability_diagram_spans_the_square_and_names_its_diagonal():
    chart = Chart("scatter", "R", "p", "share", (Series("test", (0.4,), (0.5,)),), diagonal=True)
    words = words_of(chart_svg(chart))
    assert "perfect agreement" in words
    assert {"0.0", "1.0"} <= set(words)


def test_small_powers_are_written_as_powers():
    chart = Chart(
        "line", "T", "x", "rate", (Series("lr", (0, 1, 2), (1e-3, 1e-5, 1e-6)),), log_y=True
    )
    assert {"10⁻³", "10⁻⁶"} <= set(words_of(chart_svg(chart)))


def test_counts_have_no_decimals_and_shares_have_equal_ones():
    counts = Chart("bar", "T", "x", "n", (Series("n", ("a", "b"), (1500, 3000)),))
    assert {"1,000", "3,000"} <= set(words_of(chart_svg(counts)))
    assert {"0.00", "0.25", "1.75"} <= set(
        words_of(chart_svg(Chart("line", "T", "x", "y", (Series("s", (0, 1), (0, 1.75)),))))
    )


def test_many_bars_take_the_whole_width():
    names = tuple("abcdefghij")
    assert is_wide(Chart("bar", "T", "x", "y", tuple(Series(s, names, (1,) * 10) for s in "12")))
    assert not is_wide(LINE)


def test_a_thousand_classes_keep_the_chart_in_bounds():
    names = tuple(f"class number {i}" for i in range(1000))
    svg = chart_svg(Chart("bar", "T", "class", "n", (Series("n", names, (1,) * 1000),)))
    height = float(parsed(svg).attrib["viewBox"].split()[3])
    assert height <= 400
    assert len(words_of(svg)) < 100


def test_png_is_a_png():
    assert chart_png(LINE).startswith(b"\x89PNG")


def test_describe_speaks_of_empty_charts_too():
    assert describe(Chart("bar", "T", "class", "n", ())) == "Bar chart: n against class."


def test_pyplot_is_never_loaded():
    chart_svg(LINE)
    assert "matplotlib.pyplot" not in sys.modules


def test_charts_can_be_drawn_in_threads():
    drawn: list[str] = []
    threads = [threading.Thread(target=lambda: drawn.append(chart_svg(LINE))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(drawn)) == 1


HISTOGRAM = Chart(
    "histogram",
    "Widths",
    "width (px)",
    "images",
    (Series("images", (10.0, 20.0, 30.0), (4.0, 9.0, 2.0)),),
    bin_width=10.0,
    lines=(Series("density", (5.0, 20.0, 35.0), (1.0, 8.0, 1.0)),),
)


def test_histogram_draws_touching_bars_and_its_density_line():
    svg = chart_svg(HISTOGRAM)
    assert {"images", "density", "width (px)"} <= set(words_of(svg))
    assert describe(HISTOGRAM).startswith("Histogram: images against width (px).")
    fills = [e for e in parsed(svg).iter() if (e.get("fill") or "").startswith("var(--series-1")]
    edges = [[float(x) for x in re.findall(r"[ML] ([\d.]+)", e.get("d") or "")] for e in fills]
    bars = sorted((min(xs), max(xs)) for xs in edges if xs)[-3:]
    assert bars[0][1] == pytest.approx(bars[1][0], abs=0.02)
    assert bars[1][1] == pytest.approx(bars[2][0], abs=0.02)


@pytest.mark.parametrize("middles", [(), (3.0,), (1.0, 4.0)])
def test_histogram_without_a_width_is_still_drawn(middles):
    ys = tuple(5.0 for _ in middles)
    assert "<svg" in chart_svg(Chart("histogram", "T", "x", "n", (Series("a", middles, ys),)))


def test_logarithmic_axes_name_ones_twos_and_fives():
    points = Series("a", (100.0, 2000.0), (100.0, 90_000.0))
    words = words_of(chart_svg(Chart("scatter", "T", "w", "h", (points,), log_x=True, log_y=True)))
    assert {"100", "200", "500", "1000", "2000"} <= set(words)


def test_thousands_of_points_stay_small():
    xs = tuple(float(i % 997) for i in range(2000))
    svg = chart_svg(Chart("scatter", "T", "w", "h", (Series("a", xs, xs[::-1]),)))
    assert svg.count("<use ") >= 2000
    assert len(svg) < 130_000


def test_chart_of_an_older_report_loads_without_the_new_fields(tmp_path):
    Report("explore", "T", (Section("a", "A", (LINE, HISTOGRAM)),)).save(tmp_path)
    path = tmp_path / "report.json"
    plain = json.loads(path.read_text(encoding="utf-8"))
    old, new = plain["sections"][0]["blocks"]
    for name in ("log_x", "bin_width", "lines"):
        del old[name]
    path.write_text(json.dumps(plain), encoding="utf-8")
    assert Report.load(tmp_path).sections[0].blocks == (LINE, HISTOGRAM)
    assert new["bin_width"] == 10.0
