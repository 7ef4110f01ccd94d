from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tamiz.core.language import set_language
from tamiz.data.manifest import Manifest
from tamiz.data.report import Chart, Paragraph, Report, Table
from tamiz.data.sketches import COLOUR_SIDE, FIGURES, Sketches
from tamiz.profile.images import ImageFacts, ImageReport, image_sections

ROOT = Path("/nowhere")


def manifest_of(n: int, **columns: Any) -> Manifest:
    made: dict[str, Any] = {
        "path": [f"{i:04}.png" for i in range(n)],
        "label": [("cat", "dog")[i % 2] for i in range(n)],
        "group": [f"g{i // 2 * 2 + i % 2}" for i in range(n)],
        "width_px": [100] * n,
        "height_px": [80] * n,
        "format": ["PNG"] * n,
        "mode": ["RGB"] * n,
        "bits": [8] * n,
    }
    return Manifest.from_columns(made | columns, ROOT)


def sketches_of(manifest: Manifest, **figures) -> Sketches:
    n = len(manifest)
    random = np.random.default_rng(0)
    made = {name: np.full(n, np.nan, np.float32) for name in FIGURES}
    for name in ("brightness", "contrast", "red", "green", "blue", "sharpness"):
        made[name] = random.normal(100, 10, n).astype(np.float32)
    made["colourfulness"] = np.full(n, 20, np.float32)
    made |= {name: np.asarray(values, np.float32) for name, values in figures.items()}
    grey = np.zeros((n, 32, 32), np.uint8)
    colour = np.zeros((n, COLOUR_SIDE, COLOUR_SIDE, 3), np.uint8)
    return Sketches(tuple(manifest.column("item")), made, grey, colour)


def blocks_of(report: ImageReport, kind: type) -> list[Any]:
    return [block for part in report.sections for block in part.blocks if isinstance(block, kind)]


def said(report: ImageReport) -> str:
    return " | ".join(str(one.what) for one in report.findings)


def charts_of(report: ImageReport) -> dict[str, Chart]:
    return {str(chart.title): chart for chart in blocks_of(report, Chart)}


def test_counts_by_format_mode_and_bits():
    manifest = manifest_of(
        5, format=["PNG", "PNG", "JPEG", "JPEG", "JPEG"], mode=["L", "RGB", "RGB", "RGB", "RGB"]
    )
    report = image_sections(ImageFacts(manifest))
    kinds = blocks_of(report, Table)[0]
    assert [(row[0], str(row[1]), row[2], row[3]) for row in kinds.rows] == [
        ("JPEG", "colour (RGB)", 8, 3),
        ("PNG", "grey (L)", 8, 1),
        ("PNG", "colour (RGB)", 8, 1),
    ]
    assert report.values["modes"] == {"RGB": 4, "L": 1}
    assert "Colours are stored in 2 ways: colour (RGB) 4, grey (L) 1" in said(report)


def test_the_same_colours_are_one_way_whoever_reads_them():
    manifest = manifest_of(3, format=["TIFF", "TIFF", "PNG"], mode=["uint8 x 3", "RGB", "RGB"])
    report = image_sections(ImageFacts(manifest))
    assert report.values["modes"] == {"RGB": 3}
    assert "Colours are stored in" not in said(report)


def test_one_size_is_said_and_not_drawn():
    report = image_sections(ImageFacts(manifest_of(6)))
    assert "All 6 images measure 100 x 80 px." in [
        str(p.text) for p in blocks_of(report, Paragraph)
    ]
    assert charts_of(report) == {}
    assert (report.largest, report.smallest) == ((), ())


def test_sizes_are_drawn_summarised_and_their_extremes_shown_with_all_fields():
    n = 40
    width = list(range(100, 100 + n))
    manifest = manifest_of(n, width_px=width, doctor=["Ada"] + [None] * (n - 1))
    report = image_sections(ImageFacts(manifest))
    charts = charts_of(report)
    assert {"Widths", "Width divided by height", "Width against height"} <= set(charts)
    assert charts["Widths"].kind == "histogram"
    assert sum(charts["Widths"].series[0].y) == n
    assert [str(one.name) for one in charts["Width against height"].series] == ["cat", "dog"]
    assert report.largest == (39, 38, 37)
    assert report.smallest == (0, 1, 2)
    fields = {str(row[0]): row[1:] for row in blocks_of(report, Table)[-1].rows}
    assert fields["path"][0] == "0039.png"
    assert fields["doctor"] == (None, None, None, "Ada", None, None)
    assert fields["width_px"] == ("139", "138", "137", "100", "101", "102")
    summary = report.values["sizes"]["width_px"]
    assert (summary["min"], summary["max"], summary["mean"]) == (100, 139, 119.5)


def test_area_below_the_density_is_the_number_of_images():
    width = np.random.default_rng(0).normal(500, 50, 300).round().tolist()
    chart = charts_of(image_sections(ImageFacts(manifest_of(300, width_px=width))))["Widths"]
    line = chart.lines[0]
    area = float(np.trapezoid(line.y, [float(x) for x in line.x])) / chart.bin_width
    assert area == pytest.approx(300, rel=0.05)


def test_crowded_scatter_plot_is_thinned_and_says_so():
    n = 5000
    random = np.random.default_rng(0)
    sizes = {"width_px": random.integers(50, 5000, n), "height_px": random.integers(50, 5000, n)}
    facts = ImageFacts(manifest_of(n, **sizes), seed=3)
    report = image_sections(facts)
    chart = charts_of(report)["Width against height"]
    assert sum(len(one.x) for one in chart.series) == 2000
    assert chart.log_x
    assert any("drawn at random (seed 3)" in str(p.text) for p in blocks_of(report, Paragraph))
    assert image_sections(facts) == report


def test_uneven_classes_are_told_with_what_guessing_would_get():
    labels = ["rare"] + ["usual"] * 9
    (found,) = image_sections(ImageFacts(manifest_of(10, label=labels))).findings
    assert found.severity == "warning"
    assert "'usual' has 90.0% of the 10 images (9), 'rare' 1" in str(found.what)
    assert "right in 90.0% of cases" in str(found.advice)
    assert found.effect == pytest.approx(0.4)


def test_even_classes_of_one_kind_give_no_finding():
    manifest = manifest_of(200)
    assert image_sections(ImageFacts(manifest, sketches_of(manifest))).findings == ()


def test_brighter_class_is_found_with_its_size_and_certainty():
    manifest = manifest_of(200)
    random = np.random.default_rng(1)
    bright = random.normal(100, 10, 200) + np.array([0, 60] * 100)
    (found,) = image_sections(
        ImageFacts(manifest, sketches_of(manifest, brightness=bright))
    ).findings
    assert "brightness (0-255): lower in class 'cat' (mean 99.26" in str(found.what)
    assert "this holds in 100% of cases" in str(found.what)
    assert str(found.certainty).startswith("p < 0.001 over 200 groups")
    assert found.effect == pytest.approx(0.5, abs=0.01)


def test_one_bright_patient_with_many_images_is_no_proof():
    manifest = manifest_of(200, group=["one", "two", "three", "four"] * 50)
    bright = np.array([100, 160] * 100)
    assert (
        image_sections(ImageFacts(manifest, sketches_of(manifest, brightness=bright))).findings
        == ()
    )


def test_centre_whose_images_differ_is_found():
    centres = [("north", "north", "south", "south")[i % 4] for i in range(400)]
    manifest = manifest_of(400, centre=centres)
    contrast = np.random.default_rng(0).normal(50, 3, 400) + 20 * np.array(
        [c == "south" for c in centres]
    )
    facts = ImageFacts(manifest, sketches_of(manifest, contrast=contrast), centre="centre")
    (found,) = image_sections(facts).findings
    assert "contrast (sd of grey): lower in centre 'north'" in str(found.what)
    assert {"Contrast by centre", "Contrast by class"} <= set(charts_of(image_sections(facts)))


def test_few_images_of_another_size_are_listed():
    width = [100] * 200
    width[7] = width[9] = 3000
    report = image_sections(ImageFacts(manifest_of(200, width_px=width)))
    (found,) = report.findings
    assert "2 images are of quite another size" in str(found.what)
    assert found.items == ("0007.png", "0009.png")


def test_mixed_scale_is_a_warning_and_missing_scale_is_said():
    mixed = image_sections(ImageFacts(manifest_of(4, um_per_px=[0.25, 0.25, 0.5, None])))
    assert "from 0.25 to 0.5 micrometres" in said(mixed)
    silent = image_sections(ImageFacts(manifest_of(4)))
    assert any("No file says" in str(p.text) for p in blocks_of(silent, Paragraph))


def test_contact_rows_come_from_different_groups_and_every_class():
    n = 60
    manifest = manifest_of(n, group=[f"p{i % 20}" for i in range(n)])
    contact = image_sections(ImageFacts(manifest, seed=1)).contact
    groups = manifest.column("group")
    assert list(contact) == ["cat", "dog"]
    for label, rows in contact.items():
        assert len(rows) == 8
        assert len({groups[row] for row in rows}) == 8
        assert {manifest.column("label")[row] for row in rows} == {label}


def test_unlabelled_images_unknown_sizes_and_nothing_at_all_are_no_trouble():
    bare = Manifest.from_columns({"path": ["a", "b"]}, ROOT)
    report = image_sections(ImageFacts(bare, sketches_of(bare)))
    assert list(report.contact) == [""]
    assert "The sizes are not known yet." in [str(p.text) for p in blocks_of(report, Paragraph)]
    assert image_sections(ImageFacts(Manifest.from_columns({"path": []}, ROOT))) == ImageReport()


def test_looks_of_other_rows_are_refused():
    with pytest.raises(ValueError, match="4 sketches for 5 rows"):
        ImageFacts(manifest_of(5), sketches_of(manifest_of(4)))


def test_report_survives_saving_in_both_languages(tmp_path):
    manifest = manifest_of(60, width_px=list(range(60, 120)), label=["a", "b", "c"] * 20)
    made = image_sections(ImageFacts(manifest, sketches_of(manifest)))
    report = Report("explore", "T", made.sections, values=made.values)
    set_language("es")
    report.save(tmp_path)
    loaded = Report.load(tmp_path)
    assert str(loaded.sections[1].title) == "Tamaños"
    set_language("en")
    assert str(loaded.sections[1].title) == "Sizes"


@pytest.mark.shared_data
def test_real_radiographs_and_their_three_ways_of_colour(shared_data):
    from tamiz.formats.headers import as_columns, scan_many

    folder = shared_data / "covid_chestxray" / "images"
    names = sorted(path.name for path in folder.iterdir())
    manifest = Manifest.from_columns({"path": names}, folder)
    manifest = manifest.with_columns(as_columns(scan_many(names, folder)))
    report = image_sections(ImageFacts(manifest))
    assert report.values["modes"] == {"RGB": 175, "L": 45, "RGBA": 38}
