"""The ledger of looks: counted beside the data, whole or seen to be changed."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.data.looks_ledger import LookRecord, LooksLedger, part_key

RECORD = LookRecord(
    when="2026-01-02T03:04:05+00:00",
    who="ada",
    run="first",
    bundle="0123456789abcdef",
    part="aaaa",
    n=10,
    metric="accuracy",
)


@pytest.fixture
def ledger(tmp_path):
    return LooksLedger(tmp_path / "photos.looks.jsonl", is_beside=True)


def test_a_ledger_lies_beside_the_data(tmp_path, monkeypatch):
    monkeypatch.delenv("TAMIZ_LOOKS")
    (tmp_path / "photos").mkdir()
    found = LooksLedger.of(tmp_path / "photos")
    assert found.place == tmp_path / "photos.looks.jsonl"
    assert found.is_beside


def test_a_ledger_lies_where_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv("TAMIZ_LOOKS", str(tmp_path / "elsewhere"))
    one, other = (
        LooksLedger.of(tmp_path / "a" / "photos"),
        LooksLedger.of(tmp_path / "b" / "photos"),
    )
    assert one.place.parent == tmp_path / "elsewhere"
    assert one.place != other.place
    assert not one.is_beside


def test_where_the_datas_folder_is_read_only_the_users_state_folder_holds_it(tmp_path, monkeypatch):
    monkeypatch.delenv("TAMIZ_LOOKS")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    found = LooksLedger.of(tmp_path / "photos")
    assert found.place.parent == tmp_path / "state" / "tamiz" / "looks"
    assert not found.is_beside


def test_what_is_appended_is_read_and_the_file_is_whole(ledger):
    assert ledger.read() == ([], True)
    other = replace(RECORD, run="second", bundle="f" * 16)
    for record in (RECORD, other):
        ledger.append(record)
    assert ledger.read() == ([RECORD, other], True)


def test_the_figure_of_a_look_takes_the_place_of_its_start(ledger):
    shown = replace(RECORD, value=0.9, low=0.8, high=0.95)
    ledger.append(RECORD)
    ledger.append(shown)
    assert ledger.read() == ([shown], True)


@pytest.mark.parametrize("fault", ["changed", "removed", "garbage", "cut"])
def test_a_line_changed_removed_or_damaged_is_seen(ledger, fault):
    for number in range(3):
        ledger.append(replace(RECORD, run=f"run-{number}"))
    lines = ledger.place.read_bytes().splitlines(keepends=True)
    content = {
        "changed": [lines[0].replace(b"run-0", b"run-9"), *lines[1:]],
        "removed": [lines[0], lines[2]],
        "garbage": [*lines, b"not json\n"],
        "cut": [*lines[:2], lines[2][:30]],
    }[fault]
    ledger.place.write_bytes(b"".join(content))
    records, is_whole = ledger.read()
    assert not is_whole
    assert len(records) >= 2


def test_a_line_cut_short_does_not_swallow_the_next_look(ledger):
    ledger.append(RECORD)
    with ledger.place.open("ab") as opened:
        opened.write(b'{"when": "2026')
    later = replace(RECORD, run="later")
    ledger.append(later)
    records, is_whole = ledger.read()
    assert records == [RECORD, later]
    assert not is_whole


def test_looks_of_many_at_once_are_all_kept_and_the_chain_holds(ledger):
    records = [replace(RECORD, run=f"run-{number}") for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ledger.append, records))
    found, is_whole = ledger.read()
    assert is_whole
    assert sorted(one.run for one in found) == sorted(one.run for one in records)


def test_a_look_holds_no_path(ledger):
    ledger.append(RECORD)
    stored = json.loads(ledger.place.read_text())
    assert set(stored) == {
        "when", "who", "run", "bundle", "part", "n", "metric", "value", "low", "high", "after"
    }  # fmt: skip


@given(st.lists(st.text(min_size=1, max_size=5), unique=True, max_size=8), st.randoms())
def test_a_parts_key_does_not_depend_on_the_order(contents, random):
    mixed = list(contents)
    random.shuffle(mixed)
    assert part_key(mixed) == part_key(contents)
    assert part_key([*contents, "one more image"]) != part_key(contents)


@pytest.mark.parametrize(("field", "value"), [("value", "much"), ("when", 5), ("n", None)])
def test_a_field_of_another_kind_is_a_damaged_line(ledger, field, value):
    ledger.append(RECORD)
    content = json.loads(ledger.place.read_bytes())
    ledger.place.write_text(json.dumps({**content, field: value}) + "\n", encoding="utf-8")
    assert ledger.read() == ([], False)
