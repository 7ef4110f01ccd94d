"""The workflow for GitHub Actions: every command in it exists, with those options."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = ROOT / "examples" / "github-action" / "tamiz.yml"


def steps() -> list[dict[str, Any]]:
    import yaml  # type: ignore[import-untyped]

    told = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    found: list[dict[str, Any]] = told["jobs"]["tamiz"]["steps"]
    return found


def commands(text: str) -> list[list[str]]:
    lines = [part.strip() for line in text.splitlines() for part in line.split("&&")]
    return [shlex.split(line)[1:] for line in lines if line.startswith("tamiz ")]


def parsed(words: list[str]) -> tuple[str, dict[str, Any]]:
    from tamiz.cli.main import command_named

    context = command_named(words[0]).make_context(words[0], words[1:])
    return words[0], context.params


def test_every_command_exists_with_its_options():
    found = [parsed(words) for step in steps() for words in commands(step.get("run", ""))]
    assert [name for name, _ in found] == ["check", "clean", "audit"]
    for _, values in found:
        assert values["data__group_from_name"] == "$GROUP"
        assert values["quiet"]
    assert len({str(values["out"]) for _, values in found}) == 1  # images are decoded once


def test_the_workflow_is_one_and_keeps_the_report_when_a_step_fails():
    import yaml

    told = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    assert {"name", "permissions", "jobs"} <= told.keys()
    job = told["jobs"]["tamiz"]
    assert job["runs-on"] == "ubuntu-latest"
    for step in job["steps"]:
        assert ("uses" in step) != ("run" in step)
        assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step.get("uses", "a/b@v1"))
    last = job["steps"][-1]
    assert last["if"] == "always()"
    assert last["with"]["path"] == "runs/data/report"


def test_only_clean_may_find_something_without_failing():
    forgiving = [step["run"].split()[1] for step in steps() if step.get("continue-on-error")]
    assert forgiving == ["clean"]


def test_the_pattern_finds_the_patient_in_a_path():
    import yaml

    told = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    found = re.search(told["jobs"]["tamiz"]["env"]["GROUP"], "data/cancer/patient017_3.png")
    assert found is not None
    assert found[1] == "patient017"


@pytest.mark.long
def test_the_three_commands_run_and_leave_the_report_where_it_is_kept(tmp_path, monkeypatch):
    import numpy as np
    from PIL import Image

    from tamiz.cli.main import main

    drawn = np.random.default_rng(0)
    for label in ("healthy", "sick"):
        (tmp_path / "data" / label).mkdir(parents=True)
        for patient in range(10):
            pixels = drawn.integers(0, 256, (16, 16), dtype=np.uint8)
            place = tmp_path / "data" / label / f"patient{patient:02}_{label}.png"
            Image.fromarray(pixels).save(place)
    monkeypatch.chdir(tmp_path)
    known = {"$DATA": "data", "$GROUP": r"(patient\d+)"}
    for step in steps():
        for words in commands(step.get("run", "")):
            with pytest.raises(SystemExit) as ended:
                main([known.get(word, word) for word in words])
            assert ended.value.code in {0, 1}
    assert (tmp_path / "runs" / "data" / "report" / "audit.html").is_file()
    assert (tmp_path / "runs" / "data" / "report" / "clean.html").is_file()
