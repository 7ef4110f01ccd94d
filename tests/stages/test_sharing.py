"""What workers on other machines are asked before work is sent to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tamiz.core.urls import on_disk
from tamiz.stages import sharing


@pytest.fixture
def asked(monkeypatch):
    """Hold what workers elsewhere are asked for."""
    told: list[list[Path]] = []
    monkeypatch.setattr(sharing, "is_elsewhere", lambda: True)
    monkeypatch.setattr(sharing, "check_paths", lambda places, _out=None: told.append(places))
    return told


def test_a_folder_and_some_of_its_files_must_be_seen_by_all(asked, tmp_path):
    for name in ("a.png", "b.png", "c.png"):
        (tmp_path / name).touch()
    sharing.check_shared(tmp_path, ["a.png", "b.png", "c.png"])
    assert asked == [[tmp_path, *(tmp_path / name for name in ("a.png", "b.png", "c.png"))]]


def test_a_source_by_url_need_not_be_shared_since_each_machine_fetches_it(asked):
    sharing.check_shared(on_disk("memory://bucket/photos"), ["a.png"])
    assert asked == [[]]


def test_nobody_is_asked_where_work_stays_here(asked, tmp_path, monkeypatch):
    monkeypatch.setattr(sharing, "is_elsewhere", lambda: False)
    sharing.check_shared(tmp_path, ["a.png"])
    assert asked == []
