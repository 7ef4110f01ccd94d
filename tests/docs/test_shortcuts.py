"""The page on shortcuts, done as it says: drawn, audited, trained, measured elsewhere."""

from __future__ import annotations

import json

import pytest
from tests.docs.pages import DOCS, run_commands, write_files

PAGE = DOCS / "explanation" / "shortcuts.md"
PLANTED = {
    "centre", "file_size", "image_size", "storage", "border", "corners", "background", "exposure",
    "middle_blacked_out",
}  # fmt: skip

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("shortcuts")]


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """Return the folder that a reader of the page has at its end."""
    folder = tmp_path_factory.mktemp("shortcuts")
    page = PAGE.read_text(encoding="utf-8")
    write_files(page, folder)
    run_commands(page, folder)
    return folder


def test_the_audit_flags_all_that_was_planted(followed):
    told = followed / "runs" / "cells" / "report" / "stages" / "audit" / "report.json"
    probes = json.loads(told.read_text())["values"]["audit"]["shortcuts"]["probes"]
    assert {name for name, one in probes.items() if one.get("flagged")} >= PLANTED


def test_the_network_is_good_inside_and_by_chance_elsewhere(followed):
    run = followed / "runs" / "cells"
    inside = json.loads((run / "metrics.json").read_text())["test"]["accuracy"]
    told = json.loads((run / "external" / "elsewhere" / "metrics.json").read_text())
    outside = told["elsewhere"]["accuracy"]
    assert inside["low"] > 0.7
    assert outside["low"] < 0.5 < outside["high"] < inside["low"]
