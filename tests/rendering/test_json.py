import json

from tamiz.rendering.json import render_json


def test_json_is_the_saved_report(plain_report, tmp_path):
    plain_report.save(tmp_path)
    assert render_json(plain_report) == (tmp_path / "report.json").read_text(encoding="utf-8")


def test_json_holds_every_block_and_the_figures(plain_report):
    content = json.loads(render_json(plain_report))
    kinds = {block["type"] for part in content["sections"] for block in part["blocks"]}
    assert kinds == {"Paragraph", "Table", "Chart", "Pictures", "Findings", "Code"}
    assert content["values"] == {"test": {"accuracy": {"value": 0.934}}}


def test_json_speaks_the_language_asked_for(plain_report):
    assert '"text": "sin datos"' in render_json(plain_report, language="es")
    assert '"text": "no data"' in render_json(plain_report)


def test_hostile_names_are_valid_json(hostile_report):
    assert json.loads(render_json(hostile_report))["title"].startswith("<script>")
    render_json(hostile_report).encode("utf-8")
