"""Pseudonyms: the same under one key, unrelated under another, and a key for its owner alone."""

from __future__ import annotations

import os
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.reduction import ForkingPickler

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.pseudonyms import MAX_SHIFT_DAYS, Pseudonyms, default_key_path, is_pseudonym

A, B = Pseudonyms(bytes(32)), Pseudonyms(bytes([1]) * 32)
originals = st.text(max_size=40)
uids = st.from_regex(r"[0-9]{1,8}(\.[0-9]{1,8}){1,6}", fullmatch=True)


@pytest.fixture(autouse=True)
def key(tmp_path, monkeypatch):
    """Keep away from the key of whoever runs these tests."""
    monkeypatch.setenv("TAMIZ_KEY_FILE", str(tmp_path / "safe" / "key"))
    return tmp_path / "safe" / "key"


@given(originals)
def test_a_name_is_the_same_each_time_and_looks_like_one(original):
    name = A.name("patient", original)
    assert name == Pseudonyms(bytes(32)).name("patient", original)
    assert is_pseudonym(name)


@given(originals, originals)
def test_two_originals_never_share_a_name(one, other):
    assert (A.name("patient", one) == A.name("patient", other)) == (one == other)


@given(originals)
def test_key_and_kind_both_change_the_name(original):
    names = {A.name("patient", original), B.name("patient", original), A.name("study", original)}
    assert len(names) == 3


@given(st.text(min_size=4, max_size=40))
def test_no_name_holds_its_original(original):
    assert original.casefold() not in A.name("patient", original).casefold()


def test_names_with_characters_that_utf8_cannot_hold_have_one_too():
    assert is_pseudonym(A.name("source", "\udce9.dcm"))


@given(uids)
def test_a_uid_is_a_valid_uid_made_of_a_random_uuid(original):
    made = A.uid(original)
    assert re.fullmatch(r"2\.25\.[1-9][0-9]*", made)
    assert len(made) <= 64
    number = uuid.UUID(int=int(made.removeprefix("2.25.")))
    assert (number.version, number.variant) == (4, uuid.RFC_4122)


@given(uids, uids)
def test_two_uids_never_become_one(one, other):
    assert (A.uid(one) == A.uid(other)) == (one == other)


@given(originals)
def test_dates_move_back_by_a_day_to_a_year_always_by_the_same(patient):
    assert -MAX_SHIFT_DAYS <= A.shift_days(patient) <= -1
    assert A.shift_days(patient) == Pseudonyms(bytes(32)).shift_days(patient)


def test_patients_move_by_different_numbers_of_days():
    assert len({A.shift_days(str(patient)) for patient in range(200)}) > 100


@pytest.mark.parametrize(
    "value",
    ["", "TZ", "TZ0123456789abcde", "TZ0123456789abcdef0", "TZ0123456789ABCDEF",
     "tz0123456789abcdef", "0123456789abcdef", "TZ0123456789abcdeg", "TZTZ0123456789abcd"],
)  # fmt: skip
def test_what_only_resembles_a_pseudonym_is_none(value):
    assert not is_pseudonym(value)


def test_those_that_a_worker_gets_give_the_same_names():
    again = ForkingPickler.loads(ForkingPickler.dumps(A))
    assert again.name("patient", "x") == A.name("patient", "x")


def test_a_key_is_made_where_none_is_for_its_owner_alone(key):
    Pseudonyms.load()
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700
    assert re.fullmatch(r"[0-9a-f]{64}\n", key.read_text())
    assert [one.name for one in key.parent.iterdir()] == ["key"]


def test_a_loose_umask_does_not_open_the_key(key):
    before = os.umask(0)
    try:
        Pseudonyms.load()
    finally:
        os.umask(before)
    assert key.stat().st_mode & 0o777 == 0o600


def test_the_key_is_kept_and_gives_the_same_names_again(key):
    first = Pseudonyms.load().name("patient", "x")
    words = key.read_text()
    assert Pseudonyms.load().name("patient", "x") == first
    assert key.read_text() == words


def test_a_named_key_goes_before_the_usual_one(key, tmp_path):
    Pseudonyms.load(tmp_path / "other")
    assert (tmp_path / "other").exists()
    assert not key.exists()


def test_two_keys_are_never_the_same(tmp_path):
    names = {Pseudonyms.load(tmp_path / str(n)).name("patient", "x") for n in range(5)}
    assert len(names) == 5


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o777])
def test_a_key_that_others_may_reach_is_refused(key, mode):
    Pseudonyms.load()
    key.chmod(mode)
    with pytest.raises(WrongUse, match=f"may be read by others .mode {mode:o}.") as error:
        Pseudonyms.load()
    assert "chmod 600" in str(error.value)
    assert str(key) in str(error.value)
    assert key.read_text().strip() not in str(error.value)


@pytest.mark.parametrize("words", ["", "abc", "0" * 62, "0" * 66, "z" * 64, "é" * 64, "0x" * 32])
def test_a_file_that_holds_no_key_is_refused_without_repeating_it(tmp_path, words):
    place = tmp_path / "wrong"
    place.write_text(words, encoding="utf-8")
    place.chmod(0o600)
    with pytest.raises(WrongData, match="64 hexadecimal digits") as error:
        Pseudonyms.load(place)
    assert "--key" in str(error.value)
    assert not words or words not in str(error.value)
    assert place.read_text(encoding="utf-8") == words


def test_a_folder_in_place_of_the_key_is_said(tmp_path):
    (tmp_path / "folder").mkdir(mode=0o700)
    with pytest.raises(WrongUse, match="folder"):
        Pseudonyms.load(tmp_path / "folder")


def test_a_key_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongUse, match="cannot look in here"):
        Pseudonyms.load(tmp_path / "file" / "key")


def test_a_part_that_cannot_become_the_key_is_not_left_behind(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "no links here")

    monkeypatch.setattr("os.link", refuse)
    with pytest.raises(WrongUse):
        Pseudonyms.load(tmp_path / "key")
    assert list(tmp_path.iterdir()) == []


def test_many_that_make_the_key_at_once_get_the_same_one(key):
    with ThreadPoolExecutor(16) as pool:
        made = set(pool.map(lambda _: Pseudonyms.load().name("patient", "x"), range(64)))
    assert len(made) == 1
    assert [one.name for one in key.parent.iterdir()] == ["key"]


def test_the_usual_place_is_the_users_config(monkeypatch, tmp_path):
    monkeypatch.delenv("TAMIZ_KEY_FILE")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert default_key_path() == tmp_path / "tamiz" / "pseudonyms.key"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_key_path() == tmp_path / ".config" / "tamiz" / "pseudonyms.key"


def test_a_tilde_in_the_environment_is_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TAMIZ_KEY_FILE", "~/mine.key")
    assert default_key_path() == tmp_path / "mine.key"
