import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tamiz.core.errors import WrongData
from tamiz.core.language import Text, speaking, text
from tamiz.data.report import (
    Chart,
    Code,
    Estimate,
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

REPORT = Report(
    "evaluate",
    text("rendering.summary"),
    (
        Section(
            "all",
            "All",
            (
                Paragraph(text("rendering.show_items", n=3)),
                Table(("a", "b"), (("x", Estimate(0.5, 0.4, 0.6, 9, 3, "wilson")), (None, True))),
                Chart("line", "T", "x", "y", (Series("s", (1, 2), (0.1, 0.2), None, (0.2, 0.3)),)),
                Pictures((Picture(b"\x89PNG one", "one"), Picture(b"\x89PNG two")), "p"),
                Findings((Finding(Severity.STOP, "w", "a", "c", ("i", "j")),)),
                Code("x = 1", "code"),
            ),
        ),
    ),
    (Paragraph("short"),),
    {"test": {"accuracy": {"value": 0.5, "list": [1, 2]}, "type": "Table"}},
)


def test_loading_gives_back_what_was_saved(tmp_path):
    REPORT.save(tmp_path)
    assert Report.load(tmp_path) == REPORT


def test_saving_twice_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        REPORT.save(tmp_path / name)
    one, other = ((tmp_path / n / "report.json").read_bytes() for n in ("a", "b"))
    assert one == other


def test_equal_pictures_are_stored_once(tmp_path):
    twice = Pictures((Picture(b"same", "a"), Picture(b"same", "b")))
    Report("r", "t", (Section("s", "s", (twice,)),)).save(tmp_path)
    assert len(list((tmp_path / "figures").iterdir())) == 1


def test_figures_that_are_not_finite_survive_as_missing(tmp_path):
    nan = float("nan")
    blocks = (
        Table(("a",), ((nan,), (Estimate(nan, n=3),))),
        Chart("line", "t", "x", "y", (Series("s", (1, 2), (nan, float("inf"))),)),
    )
    Report("r", "t", (Section("s", "s", blocks),)).save(tmp_path)
    loaded: Any = Report.load(tmp_path)
    table, chart = loaded.sections[0].blocks
    assert table.rows[0][0] is None
    assert math.isnan(table.rows[1][0].value)
    assert all(map(math.isnan, chart.series[0].y))


def test_numpy_numbers_paths_and_undecodable_names_can_be_saved(tmp_path):
    said = Text("rendering.enlarge", {"caption": Path("a/b")})
    rows: Any = ((np.int64(3),), (np.float32(0.5),), ("half \udce9",))
    Report("r", said, summary=(Table(("a",), rows),), values={"n": np.array([1, 2])}).save(tmp_path)
    loaded: Any = Report.load(tmp_path)
    assert loaded.summary[0].rows == ((3,), (0.5,), ("half \\udce9",))
    assert loaded.values == {"n": [1, 2]}
    assert str(loaded.title) == "Open larger: a/b"


def test_text_of_another_version_keeps_its_words(tmp_path):
    REPORT.save(tmp_path)
    path = tmp_path / "report.json"
    path.write_text(path.read_text().replace("rendering.summary", "rendering.gone"))
    assert Report.load(tmp_path).title == "Summary"


def test_text_that_gained_a_field_since_keeps_its_words(tmp_path):
    Report("evaluate", text("metrics.few_groups", n=3, needed=10)).save(tmp_path)
    path = tmp_path / "report.json"
    content = json.loads(path.read_text())
    del content["title"]["values"]["needed"]
    path.write_text(json.dumps(content))
    assert Report.load(tmp_path).title == content["title"]["text"]


def test_words_of_tamiz_among_the_items_are_in_the_language_of_the_reader(tmp_path):
    items = (text("splits.leak_near", names="a.png ~ b.png"), "c.png")
    found = Findings((Finding(Severity.STOP, "w", items=items),))
    Report("audit", "A", (), (found,)).save(tmp_path)
    (again,) = Report.load(tmp_path).summary
    assert isinstance(again, Findings)
    with speaking("es"):
        assert [str(one) for one in again.findings[0].items] == [
            "casi idénticas: a.png ~ b.png",
            "c.png",
        ]


def test_picture_outside_the_folder_is_refused(tmp_path):
    REPORT.save(tmp_path)
    path = tmp_path / "report.json"
    content = json.loads(path.read_text())
    content["sections"][0]["blocks"][3]["pictures"][0]["png"] = "../../etc/passwd"
    path.write_text(json.dumps(content))
    with pytest.raises(WrongData, match="damaged"):
        Report.load(tmp_path)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "null", "{}", '{"type": "Report"}', '{"type": "Report", "stage": 1, "x": 2}'],
)
def test_damaged_file_is_named(tmp_path, content):
    (tmp_path / "report.json").write_text(content)
    with pytest.raises(WrongData, match=r"report\.json"):
        Report.load(tmp_path)


def test_missing_picture_is_said(tmp_path):
    REPORT.save(tmp_path)
    next((tmp_path / "figures").iterdir()).unlink()
    with pytest.raises(WrongData, match="damaged"):
        Report.load(tmp_path)


def test_ragged_table_is_refused():
    with pytest.raises(ValueError, match="row 1 has 1 cells for 2 columns"):
        Table(("a", "b"), ((1, 2), (1,)))


def test_series_of_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="2 x but 1 y"):
        Series("s", (1, 2), (1.0,))
