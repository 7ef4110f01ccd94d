from __future__ import annotations

import json
import shutil

import pytest
from tests.end_to_end.conftest import tamiz

pytestmark = pytest.mark.long


@pytest.fixture
def copied(finished, tmp_path):
    """Return a copy of the finished run that a test may change."""
    return shutil.copytree(finished[1], tmp_path / "run")


def test_checklists_are_written_counted_and_kept(copied):
    done = tamiz("report", copied, "--checklist", "claim,metrics", "--json")
    counts = json.loads(done.stdout)["values"]["checklists"]
    assert sum(counts["claim"]["counts"].values()) == 44
    assert counts["claim"]["items"]["33"] == "not_done"
    assert counts["metrics"]["items"]["18"] == "open"  # nothing says which images belong together
    written = (copied / "report" / "report.html").read_text()
    assert "checklist-claim.html" in written
    (copied / "report" / "checklist-claim.md").unlink()
    tamiz("report", copied, "--lang", "es")  # the lists stay, in the other language
    assert "44 puntos" in (copied / "report" / "checklist-claim.md").read_text()


def test_what_is_written_names_no_folder_of_this_machine(copied, finished):
    source, _ = finished
    tamiz("report", copied, "--checklist", "claim,tripod-ai,metrics")
    written = [*(copied / "report").glob("checklist-*"), *(copied / "report").glob("card.*")]
    assert len(written) == 8
    for path in written:
        text = path.read_text()
        assert str(source.parent) not in text
        assert source.parent.name not in text


def test_the_report_begins_with_results_in_words_and_the_card_goes_with_the_model(copied):
    report = json.loads((copied / "report" / "report.json").read_text())
    assert report["sections"][0]["anchor"] == "results"
    assert (copied / "report" / "card.md").read_text() == (copied / "model" / "card.md").read_text()
    assert (copied / "report" / "card.html").is_file()


def test_an_unknown_checklist_is_refused_before_any_work(tmp_path):
    done = tamiz("report", tmp_path / "none", "--checklist", "stard", code=2)
    assert "there is no checklist 'stard'" in done.stderr
    assert "claim, tripod-ai, metrics" in done.stderr
