"""The report of a table: its sections, its findings, its figures; whatever the table holds."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from tamiz.core.language import set_language
from tamiz.data.report import Chart, Findings, Paragraph, Report, Section, Severity, Table
from tamiz.profile.table_blocks import table_sections
from tamiz.profile.table_facts import TableFacts, examine, shortened


def facts(columns, **options):
    return TableFacts(columns, "items.csv", **options)


def animals(n=120, **more):
    """Return a table whose centre tells the label in part, with patients of one or two rows."""
    rng = np.random.default_rng(0)
    patient = [f"p{i * 3 // 4:03d}" for i in range(n)]
    label = ["cat" if int(one[1:]) % 3 else "dog" for one in patient]
    centre = [str(1 if (kind == "cat") == (int(one[1:]) % 7 != 0) else 2)
              for one, kind in zip(patient, label, strict=True)]  # fmt: skip
    columns = {
        "file": [f"{i:04d}.png" for i in range(n)],
        "patient": patient,
        "centre": centre,
        "age": [str(one) for one in rng.integers(20, 90, n)],
        "label": label,
        **more,
    }
    return facts(columns, label="label", group="patient", centre="centre", path="file")


def as_report(found):
    sections = (Section("findings", "Findings", (Findings(found.findings),)), *found.sections)
    return Report("explore", "Explore", sections, found.summary, found.values)


def keys_of(found):
    return [getattr(one.what, "key", "") for one in found.findings]


def figures_of(table):
    """Return the rows of a table as lists; untyped, for a cell may hold anything."""
    return [list(row) for row in table.rows]


def finding_of(found, key):
    return next(one for one in found.findings if getattr(one.what, "key", "") == f"profile.{key}")


def test_all_sections_stand_there_in_reading_order():
    anchors = [one.anchor for one in table_sections(animals()).sections]
    assert anchors == ["table", "columns", "values", "numbers", "labels", "groups", "associations"]


def test_what_does_not_apply_is_left_out():
    found = table_sections(facts({"a": ["x", "y"]}))
    assert [one.anchor for one in found.sections] == ["table", "columns", "values"]
    assert found.findings == ()


def test_a_centre_that_goes_with_the_label_is_told_with_its_most_lopsided_value():
    finding = finding_of(table_sections(animals()), "centre")
    assert finding.severity is Severity.WARNING
    assert finding.command == "tamiz audit {source}"
    assert "centre 2 has" in str(finding.what)
    assert "dog" in str(finding.what)
    assert "over 90 groups" in str(finding.certainty)
    assert 0 < finding.effect <= 1


def test_a_column_of_chance_is_not_told():
    found = table_sections(animals(scanner=[str(i % 3) for i in range(120)]))
    assert keys_of(found).count("profile.centre") == 1


def test_a_strong_column_that_is_no_centre_is_a_note():
    view = ["front" if label == "cat" else "side" for label in animals().columns["label"]]
    finding = finding_of(table_sections(animals(view=view)), "goes_with_label")
    assert finding.severity is Severity.NOTE
    assert finding.items == ("view",)


def test_cross_tables_hold_counts_and_shares_of_rows():
    section = table_sections(animals()).sections[-1]
    tables = [block for block in section.blocks if isinstance(block, Table)]
    cross = tables[1]
    assert [str(name) for name in cross.columns[:4]] == ["centre", "cat", "dog", "all"]
    for row in figures_of(cross):
        assert row[1] + row[2] == row[3]
        assert row[4] == pytest.approx(row[1] / row[3])
        assert row[4] + row[5] == pytest.approx(1)
    assert cross.rows[-1][3] == 120
    charts = [block for block in section.blocks if isinstance(block, Chart)]
    assert len(charts) == len(tables) - 1


@pytest.mark.parametrize("n_values", [3, 9])
def test_cross_tables_of_many_labels_still_add_up(n_values):
    label = [f"class{i % 14:02d}" for i in range(420)]
    column = [f"v{i % n_values}" for i in range(420)]
    found = table_sections(facts({"label": label, "kind": column}, label="label"))
    tables = [one for one in found.sections[-1].blocks if isinstance(one, Table)][1:]
    whole = [cell for row in tables[0].rows for cell in row if isinstance(cell, int)]
    assert sum(whole) == 2 * 420
    assert all(len(one.columns) <= 12 for one in tables)


def test_twelve_cross_tables_are_shown_and_all_are_in_the_list():
    rng = np.random.default_rng(1)
    columns = {f"c{k:02d}": rng.choice(["x", "y"], 200).tolist() for k in range(15)}
    columns["label"] = rng.choice(["a", "b"], 200).tolist()
    section = table_sections(facts(columns, label="label")).sections[-1]
    tables = [block for block in section.blocks if isinstance(block, Table)]
    assert len(tables) == 1 + 12
    assert len(tables[0].rows) == 15


def test_what_always_answering_the_largest_class_gives_is_said():
    found = table_sections(facts({"label": ["CE"] * 29 + ["LAA"] * 11}, label="label"))
    finding = finding_of(found, "imbalance")
    assert "always answering 'CE' is right 72.5 %" in str(finding.what)
    assert "balanced accuracy" in str(finding.advice)
    even = table_sections(facts({"label": ["a", "b"] * 20}, label="label"))
    assert "profile.imbalance" not in keys_of(even)


def test_repeated_rows_are_counted_and_their_lines_named():
    columns = {"a": ["x", "y", "x", "z", "x"], "b": ["1", "2", "1", "3", "1"]}
    found = table_sections(facts(columns, lines=(2, 3, 9, 10, 11)))
    finding = finding_of(found, "repeated_rows_found")
    assert found.values["repeated_rows"] == 2
    assert finding.items == ("items.csv:2, 9, 11",)


def test_a_file_named_twice_is_told_and_more_so_with_two_labels():
    columns = {"file": ["a.png", "b.png", "a.png", ""], "label": ["x", "y", "y", "x"]}
    found = table_sections(facts(columns, path="file", label="label"))
    assert finding_of(found, "named_twice").items == ("items.csv:2, 4 (a.png)",)
    assert finding_of(found, "named_at_odds").severity is Severity.WARNING
    made = table_sections(facts({"id": ["1", "1"], "n": ["0", "1"]}, paths=("1_0", "1_1")))
    assert made.values["files_named_twice"] == 0


def test_ids_that_nearly_all_come_once_are_told_where_they_repeat():
    ids = [f"scan{i}" for i in range(60)]
    ids[40] = "scan7"
    found = table_sections(facts({"image_id": ids, "label": ["a", "b"] * 30}, label="label"))
    assert finding_of(found, "repeated_id").items == ("items.csv:9, 42 (scan7)",)


def test_groups_with_two_labels_are_told():
    columns = {"patient": ["1", "1", "2", ""], "label": ["a", "b", "a", "b"]}
    found = table_sections(facts(columns, group="patient", label="label"))
    assert finding_of(found, "mixed_groups").items == ("1",)
    assert found.values["groups"]["by_size"] == {"1": 2, "2": 1}


def test_odd_columns_and_cells_are_told():
    n = 20
    columns = {
        "age": ["-3"] + [str(20 + i) for i in range(n - 1)],
        "temperature": [str(-i) for i in range(n)],
        "column_3": ["note"] + [""] * (n - 1),
        "folder": ["images"] * n,
        "nothing": [""] * n,
        "smoker": ["yes", "NA"] * (n // 2),
        "size": ["12", "12", "12", "large"] * (n // 4),
        "tags": ["[1, 2]", "[3]"] * (n // 2),
    }
    found = table_sections(facts(columns, unnamed=("column_3",)))
    assert finding_of(found, "negative").items == ("age",)
    assert "-3" in str(finding_of(found, "negative").what)
    assert finding_of(found, "unnamed").items == ("column_3",)
    assert finding_of(found, "mostly_missing").items == ("column_3",)
    assert finding_of(found, "empty_columns").items == ("nothing",)
    assert "folder" in finding_of(found, "constant").items
    assert finding_of(found, "missing_words").items == ("smoker",)
    assert finding_of(found, "mixed").items == ("size",)
    assert finding_of(found, "lists").items == ("tags",)


def test_a_correction_reaches_the_table_of_columns():
    found = table_sections(facts({"age": ["1", "2"] * 9}, corrections={"age": "continuous"}))
    assert found.values["variables"]["age"]["class"] == "continuous"
    assert found.values["variables"]["age"]["is_corrected"]


def test_findings_are_sorted_the_gravest_first():
    ranks = [finding.rank for finding in table_sections(animals(x=[""] * 120)).findings]
    assert ranks == sorted(ranks)


def test_hostile_names_and_cells_reach_the_page_as_text():
    from tamiz.rendering.html import render_html

    columns = {
        "<script>alert(1)</script>": ["<img src=x onerror=alert(1)>", "b"] * 30,
        "line\nbreak 🙂": ["x\ud800", "{source}"] * 30,
        "": ["[1, 2]", "a|b"] * 30,
        "label": ["<b>a</b>", "{n} $x$"] * 30,
    }
    page = render_html(as_report(table_sections(facts(columns, label="label"))))
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_the_report_can_be_kept_and_read_again_in_both_languages(tmp_path):
    found = table_sections(animals(odd=["a;b", "NA"] * 60, view=["x", "y"] * 60))
    report = as_report(found)
    report.save(tmp_path)
    assert Report.load(tmp_path).sections == report.sections
    said = json.loads((tmp_path / "report.json").read_text())["values"]
    assert said["rows"] == 120
    for language in ("en", "es"):
        set_language(language)
        json.dumps(report.to_json())


def test_the_same_table_gives_the_same_report():
    there, back = (as_report(table_sections(animals())).to_json() for _ in range(2))
    assert there == back


@pytest.mark.parametrize("columns", [{}, {"a": []}, {"a": ["x"]}, {"a": [""]}])
def test_hardly_any_table_is_borne(columns):
    name = next(iter(columns), None)
    found = table_sections(facts(columns, label=name, group=name, path=name))
    assert found.values["columns"] == len(columns)


def test_words_are_cut_in_the_middle_and_kept_on_one_line():
    assert shortened("a\nb") == "a b"
    assert shortened("x" * 100, 11) == "xxxxxx…xxxx"
    assert len(shortened("y" * 99, 40)) == 40


def test_many_sizes_of_groups_are_put_together():
    groups = [f"g{size}" for size in range(1, 40) for _ in range(size)]
    found = table_sections(facts({"g": groups}, group="g"))
    section = next(one for one in found.sections if one.anchor == "groups")
    table = next(block for block in section.blocks if isinstance(block, Table))
    assert len(table.rows) <= 10
    assert sum(row[1] for row in figures_of(table)) == 39
    assert sum(row[3] for row in figures_of(table)) == len(groups)


def read(path):
    with path.open(newline="", encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    names = [name or f"column_{i}" for i, name in enumerate(head, start=1)]
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


@pytest.mark.shared_data
def test_the_table_of_the_stroke_slides(shared_data):
    table = TableFacts(
        read(shared_data / "stroke" / "train.csv"), "train.csv",
        label="label", group="patient_id", centre="center_id", path="image_id",
    )  # fmt: skip
    found = table_sections(table)
    values = found.values
    assert (values["rows"], values["columns"], values["repeated_rows"]) == (754, 5, 0)
    assert values["labels"] == {
        "CE": {"n": 547, "n_groups": 457},
        "LAA": {"n": 207, "n_groups": 175},
    }
    assert values["groups"]["by_size"] == {"1": 543, "2": 68, "3": 13, "4": 4, "5": 4}
    assert values["groups"]["n"] == 632
    centre = finding_of(found, "centre")
    assert "center_id 3 has 27 LAA, 22 CE" in str(centre.what)
    assert "632 groups" in str(centre.certainty)
    assert "72.5 %" in str(finding_of(found, "imbalance").what)


@pytest.mark.shared_data
def test_the_table_of_the_chest_radiographs(shared_data):
    columns = read(shared_data / "covid_chestxray" / "metadata.csv")
    table = TableFacts(
        columns, "metadata.csv", label="finding", group="patientid", path="filename",
        unnamed=("column_29",),
    )  # fmt: skip
    found = table_sections(table)
    assert (found.values["rows"], found.values["files_named_twice"]) == (751, 5)
    offset = found.values["variables"]["offset"]
    assert (offset["n_missing"], offset["numbers"]["n_negative"]) == (183, 29)
    assert finding_of(found, "negative").items == ("offset",)
    assert finding_of(found, "unnamed").items == ("column_29",)
    assert "'COVID-19', 'ARDS'" in str(finding_of(found, "several_labels").what)
    assert finding_of(found, "no_label").command == 'tamiz run {source} --relabel "todo="'
    files = {path.name for path in (shared_data / "covid_chestxray" / "images").iterdir()}
    rows = [i for i, name in enumerate(columns["filename"]) if name in files]
    matched = {name: [cells[i] for i in rows] for name, cells in columns.items()}
    seen = examine(TableFacts(matched, "metadata.csv", label="finding", path="filename"))
    assert (seen.n_rows, seen.n_twice_named) == (261, 3)
    counts = {one.label: one.n for one in seen.labels}
    assert (counts["COVID-19, ARDS"], counts["todo"]) == (12, 24)


def test_combinations_of_labels_are_not_counted_as_labels():
    cells = ["hand"] * 3 + ["finger + hand"] * 4 + ["finger"] * 2 + ["-", ""]
    found = table_sections(facts({"parts": cells}, label="parts", joint=" + "))
    said = "2 labels, in 4 combinations, in 10 rows; rows with each: hand 7, finger 6"
    assert said in [str(one.text) for one in found.summary if isinstance(one, Paragraph)]
    overview, labels = (
        next(one for one in found.sections if one.anchor == name) for name in ("table", "labels")
    )
    counted = {str(what): n for what, n in figures_of(overview.blocks[0])}
    assert counted["different labels in 'parts'"] == 2
    assert counted["different combinations of labels in 'parts'"] == 4
    assert str(labels.title) == "Combinations of labels"
    assert figures_of(labels.blocks[0])[0][:2] == ["finger + hand", 4]
