"""What is a URL, what may be written of it, and where its files lie."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongUse
from tamiz.core.urls import (
    ANY_URL,
    at_home,
    given_url,
    is_mirrored,
    is_url,
    name_of,
    on_disk,
    plain_url,
    shown,
    top_of_urls,
)

NAMES = st.text(
    st.characters(categories=["L", "N"], include_characters=" ._-+%#?=&()"), min_size=1, max_size=12
).filter(lambda name: name not in {".", ".."})


@pytest.mark.parametrize(
    ("source", "is_one"),
    [
        ("s3://bucket/photos", True),
        ("s3:/bucket/photos", True),  # what a Path makes of it
        ("memory://photos", True),
        ("https://host/archive.zip", True),
        ("foo://bar", True),
        ("photos", False),
        ("/data/photos", False),
        ("C:\\photos", False),
        ("C:/photos", False),
        ("file:///data", False),
        ("", False),
    ],
)
def test_a_url_is_told_from_a_path(source, is_one):
    assert is_url(source) is is_one


def test_a_folder_named_like_a_scheme_is_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s3:" / "bucket").mkdir(parents=True)
    assert not is_url("s3:/bucket")
    assert is_url("s3://bucket")


def test_file_urls_are_paths(tmp_path):
    (tmp_path / "my photos").mkdir()
    assert on_disk(f"file://{tmp_path}/my%20photos") == tmp_path / "my photos"
    assert on_disk(Path(f"file://{tmp_path}/my photos")) == tmp_path / "my photos"


@given(st.sampled_from(["s3", "memory", "gs"]), st.lists(NAMES, min_size=2, max_size=4))
def test_url_and_place_follow_from_each_other(scheme, parts):
    url = f"{scheme}://{'/'.join(parts)}"
    place = on_disk(url)
    assert place.is_relative_to(top_of_urls())
    assert is_mirrored(place)
    assert name_of(place) == url
    assert on_disk(str(Path(url))) == place
    assert at_home(Path("/elsewhere/cache") / place.relative_to(top_of_urls().parent)) == place


def test_the_folder_of_all_urls_has_a_name_of_its_own():
    assert name_of(top_of_urls()) == ANY_URL
    assert on_disk(ANY_URL) == top_of_urls()
    assert on_disk("photos") == Path("photos")
    assert name_of("/data/photos") == "/data/photos"


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("https://me:hush@host/a.zip", "https://host/a.zip"),
        ("https://host/a.zip?X-Amz-Signature=abc&id=5", "https://host/a.zip?id=5"),
        ("https://host/a.zip?x=0123456789012345678901234567", "https://host/a.zip"),
        ("https://host/a.zip?token=abc#part", "https://host/a.zip"),
        ("s3://AKIA:hush@bucket/a#1?.png", "s3://bucket/a#1?.png"),
        ("sftp://me:hush@host/a", "sftp://me@host/a"),
        ("abfs://box@account/a", "abfs://box@account/a"),
    ],
)
def test_what_is_written_of_a_url_has_no_secret(given, plain):
    assert plain_url(given) == plain
    assert given_url(plain) == given or "@" not in given
    assert "hush" not in shown(f"fault at {given} today")


def test_a_password_counts_for_all_below_its_url():
    plain_url("ftp://me:hush@host/photos")
    assert given_url("ftp://me@host/photos/a.png") == "ftp://me:hush@host/photos/a.png"
    assert given_url("ftp://me@host/photographs") == "ftp://me@host/photographs"


def test_errors_name_the_url_and_neither_place_nor_password():
    place = on_disk("s3://bucket/photos/a.png")
    error = WrongUse.of("errors.not_writable", where=place, reason=f"see {place}")
    assert "s3://bucket/photos/a.png" in str(error)
    assert str(top_of_urls()) not in str(error)
    error = WrongUse.of("errors.not_found", where=Path("https://me:hush@host/a.zip"))
    assert "https://host/a.zip" in str(error)
    assert "hush" not in str(error)
