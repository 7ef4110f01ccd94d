"""A person's decisions: read as spreadsheets save them, kept by hand, refused where unclear."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongData
from tamiz.data.decisions import Proposal, proposals_in, read_decisions, write_proposals

HEAD = "path,frame,finding,cluster,proposal,decision,new_label,note\n"


def written(tmp_path, lines, head=HEAD):
    path = tmp_path / "decisions.csv"
    path.write_text(head + lines, encoding="utf-8")
    return path


def test_only_lines_with_a_decision_count(tmp_path):
    lines = "a.png,0,blur,1,,leave-out,,too blurred\nb.png,0,blur,1,,,,\nc.png,3,labels,2,,,cat,\n"
    made = read_decisions(written(tmp_path, lines))
    assert set(made) == {("a.png", 0), ("c.png", 3)}
    assert made["a.png", 0].is_out
    assert made["a.png", 0].note == "too blurred"
    assert made["c.png", 3].label == "cat"
    assert made["c.png", 3].line == 4


def test_a_dash_takes_a_label_away(tmp_path):
    made = read_decisions(written(tmp_path, "a.png,0,labels,1,,keep,-,\n"))
    assert made["a.png", 0].label == ""


def test_what_a_spreadsheet_makes_of_the_file_is_understood(tmp_path):
    path = tmp_path / "d.csv"
    path.write_bytes("\ufeffpath;frame;decision\nniño.png;;Leave out\n".encode())
    assert read_decisions(path)["niño.png", 0].is_out


def test_every_faulty_line_is_named_and_nothing_is_applied(tmp_path):
    lines = (
        "a.png,0,,,,delete,,\nb.png,0,,,,leave-out,cat,\nc.png,x,,,,keep,,\n"
        "d.png,0,,,,keep,,\nd.png,0,,,,leave-out,,\n"
    )
    with pytest.raises(WrongData) as error:
        read_decisions(written(tmp_path, lines))
    assert "4 lines cannot be understood" in str(error.value)
    assert "line 2: 'delete' is no decision" in error.value.details[0]
    assert "line 3" in error.value.details[1]
    assert "line 4: path is empty, or frame is no number" in error.value.details[2]
    assert "line 6: d.png#0 is decided otherwise on line 5" in error.value.details[3]


def test_a_table_of_something_else_is_refused(tmp_path):
    path = written(tmp_path, "a,b\n", head="name,class\n")
    with pytest.raises(WrongData, match=r"no column decision, path.*tamiz clean"):
        read_decisions(path)


def test_what_a_person_wrote_outlives_a_new_proposal(tmp_path):
    path = tmp_path / "decisions.csv"
    first = [Proposal("a.png", 0, "blur", 1, ""), Proposal("b.png", 0, "blur", 2, "")]
    write_proposals(first, path)
    words = path.read_text(encoding="utf-8").replace("b.png,0,blur,2,,,", "b.png,0,blur,2,,keep,")
    path.write_text(words, encoding="utf-8")
    write_proposals([Proposal("c.png", 0, "blur", 1, "")], path)
    assert list(read_decisions(path)) == [("b.png", 0)]
    assert "c.png" in path.read_text(encoding="utf-8")
    assert "a.png" not in path.read_text(encoding="utf-8")


def test_earlier_proposals_that_still_stand_are_kept_with_clusters_of_their_own(tmp_path):
    path = tmp_path / "decisions.csv"
    first = [Proposal(name, 0, "labels", k, "") for name, k in (("a", 1), ("b", 1), ("c", 2))]
    write_proposals(first, path)
    write_proposals([], path, lambda one: one.path != "c")
    assert [one.path for one in proposals_in(path)] == ["a", "b"]
    write_proposals([Proposal("a", 0, "blur", 1, "")], path, lambda one: one.finding == "labels")
    numbers = [(one.path, one.finding, one.cluster) for one in proposals_in(path)]
    assert numbers == [("a", "blur", 1), ("a", "labels", 2), ("b", "labels", 2)]


names = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(
    lambda name: name.strip() and not name.startswith("'")
)


@given(names, st.integers(0, 99))
def test_any_name_survives_the_way_through_the_table(tmp_path_factory, name, frame):
    path = tmp_path_factory.mktemp("d") / "decisions.csv"
    write_proposals([Proposal(name, frame, "blur", 1, "leave-out")], path)
    words = path.read_text(encoding="utf-8")
    path.write_text(words.replace(",leave-out,,,", ",leave-out,leave-out,,"), encoding="utf-8")
    assert list(read_decisions(path)) == [(name, frame)]
