"""One version everywhere; what a release is made of is there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tarfile
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

import tamiz

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TRYING = (ROOT / "tools" / "try_versions.sh").read_text(encoding="utf-8")
HEADING = re.compile(r"^## \[(.+?)\](.*)$", flags=re.MULTILINE)


def words_of(name: str) -> list[str]:
    """Return the words of a variable of the script."""
    found = re.search(rf'^{name}="(.+?)"$', TRYING, flags=re.MULTILINE | re.DOTALL)
    assert found, name
    return found[1].split()


def test_program_package_and_project_name_the_same_version():
    done = subprocess.run(
        [sys.executable, "-m", "tamiz", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"tamiz {PROJECT['version']}\n"
    assert tamiz.__version__ == PROJECT["version"]
    assert metadata.version("tamiz") == PROJECT["version"]


def test_changelog_begins_with_what_is_unreleased_or_with_this_version():
    headings = HEADING.findall((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert headings[0][0] in {"Unreleased", PROJECT["version"]}
    released = [(name, rest) for name, rest in headings if name != "Unreleased"]
    assert all(re.fullmatch(r" - \d{4}-\d{2}-\d{2}", rest) for _, rest in released)
    assert [name for name, _ in released][:1] in ([], [PROJECT["version"]])


def test_other_versions_are_tried_with_every_extra_that_users_have():
    assert sorted(words_of("extras")) == sorted(set(PROJECT["optional-dependencies"]) - {"dev"})


def test_other_versions_are_tried_with_tests_and_tools_that_are_there():
    assert all((ROOT / one.partition("::")[0]).is_file() for one in words_of("tests"))
    of_dev = {re.split(r"[\[<>=]", one)[0] for one in PROJECT["optional-dependencies"]["dev"]}
    assert set(words_of("tools")) <= of_dev


@pytest.mark.parametrize("words", ["", "lowest", "oldest 3.11"])
def test_trying_no_known_versions_says_how(words):
    done = subprocess.run(
        ["sh", ROOT / "tools" / "try_versions.sh", *shlex.split(words)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "torch-2.11" in done.stderr


def test_source_archive_holds_what_is_needed_to_build_and_to_test(tmp_path):
    build = pytest.importorskip("hatchling.builders.sdist", reason="hatchling is not installed")
    path = next(build.SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    with tarfile.open(path) as opened:
        held = {name.partition("/")[2] for name in opened.getnames()}
    needed = {"pyproject.toml", "README.md", "LICENSE", "THIRD_PARTY_LICENCES.md", "CHANGELOG.md"}
    assert needed | {"Makefile", "tools/check.sh", "requirements/lock.txt"} <= held
    here = {str(one.relative_to(ROOT)) for one in (ROOT / "src").rglob("*.*") if one.is_file()}
    assert {one for one in here if not one.endswith(".pyc")} <= held
