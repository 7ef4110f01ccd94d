"""Looks at the test part are counted beside the data, over all runs, and corrected for."""

from __future__ import annotations

import json

import pytest
from tests.end_to_end.conftest import draw_classes

import tamiz as package
from tamiz.data.looks_ledger import LooksLedger
from tamiz.data.report import Findings

SETTINGS = {
    "model.name": "softmax", "train.epochs": 2, "train.batch_size": 16, "evaluate.resamples": 200,
}  # fmt: skip


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory):
    """Return (source, reports of two runs with other seeds on the same split)."""
    folder = tmp_path_factory.mktemp("looks")
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("TAMIZ_LOOKS")
        source = draw_classes(folder / "photos", 30)
        reports = [
            package.run(source, folder / f"run-{seed}", {**SETTINGS, "train.seed": seed})
            for seed in (0, 1)
        ]
    return source, folder, reports


def words_of(report):
    return [
        str(one.what)
        for block in report.all_blocks()
        if isinstance(block, Findings)
        for one in block.findings
    ]


def test_each_run_adds_its_look_beside_the_data_with_its_figure(looked_at):
    source, _, reports = looked_at
    records, is_whole = LooksLedger(source.with_name("photos.looks.jsonl"), is_beside=True).read()
    assert is_whole
    assert [one.run for one in records] == ["run-0", "run-1"]
    assert len({one.part for one in records}) == 1
    stated = [report.values["test"]["accuracy"]["value"] for report in reports]
    assert [one.value for one in records] == stated


def test_the_first_look_needs_no_warning_and_the_second_model_gets_a_correction(looked_at):
    _, folder, reports = looked_at
    assert not any("models were measured" in words for words in words_of(reports[0]))
    [warning] = {words for words in words_of(reports[1]) if "models were measured" in words}
    assert warning.startswith("2 models were measured on this part")
    values = reports[1].values["looks"]
    assert "looks" not in json.loads((folder / "run-1" / "metrics.json").read_text())
    assert (values["looks"], values["models"], values["runs"]) == (2, 2, 2)


def test_a_ledger_that_lost_a_line_is_told(looked_at):
    source, folder, _ = looked_at
    place = source.with_name("photos.looks.jsonl")
    whole = place.read_bytes()
    place.write_bytes(b"".join(whole.splitlines(keepends=True)[1:]))
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("TAMIZ_LOOKS")
        report = package.run(source, folder / "run-2", {**SETTINGS, "train.seed": 2})
    place.write_bytes(whole)
    assert any("changed by hand or is damaged" in words for words in words_of(report))


def test_the_ledger_is_no_part_of_the_data(looked_at):
    source, folder, reports = looked_at
    assert "photos.looks.jsonl" not in (folder / "run-1" / "files.json").read_text()
    assert reports[1].values["ledger"] == reports[0].values["ledger"]
    assert source.is_dir()
